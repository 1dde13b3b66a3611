// A field for a note that tells what is written when somebody pauses or leaves it, so that a draft
// survives whatever happens to the page.
const PAUSE = 800;
const known = new WeakMap();

const typing = () => {
  const active = document.activeElement;
  return !!active && (active.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(active.tagName));
};

// Of this tab alone, until it is told; a browser may refuse to keep anything.
const kept = (place) => {
  try {
    return sessionStorage.getItem(place);
  } catch {
    return null;
  }
};

const keep = (place, text) => {
  try {
    if (text === null) sessionStorage.removeItem(place);
    else sessionStorage.setItem(place, text);
  } catch {
    // It is told in a moment.
  }
};

export default function ({ data, parentElement, setStateValue }) {
  let state = known.get(parentElement);
  if (!state) {
    const root = document.createElement("div");
    root.className = "tw-note";
    const label = root.appendChild(document.createElement("label"));
    const area = root.appendChild(document.createElement("textarea"));
    area.dir = "auto";
    area.maxLength = 10000;
    parentElement.append(root);
    state = { root, label, area, place: null, told: null, timer: null, tell: () => tell() };
    const tell = () => {
      clearTimeout(state.timer);
      if (area.value !== state.told) {
        state.told = area.value;
        state.set("written", { of: state.of, version: state.version, text: area.value });
      }
    };
    area.addEventListener("input", () => {
      keep(state.place, area.value);
      clearTimeout(state.timer);
      state.timer = setTimeout(tell, PAUSE);
    });
    area.addEventListener("blur", tell);
    area.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Escape") area.blur();
    });
    const pressed = (event) => {
      if (event.key.toLowerCase() === "n" && !typing() && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault();
        area.focus();
      }
    };
    document.addEventListener("keydown", pressed, true);
    state.stop = () => document.removeEventListener("keydown", pressed, true);
    known.set(parentElement, state);
  }
  state.set = setStateValue;
  state.label.textContent = data.label;
  state.area.setAttribute("aria-label", data.label);
  const place = `tierwise-note-${data.of}-${data.version}`;
  if (state.place !== place) {
    clearTimeout(state.timer);
    Object.assign(state, { place, of: data.of, version: data.version, told: data.text });
    // What was written and not told before the page went, or before another case came.
    state.area.value = kept(place) ?? data.text;
    if (state.area.value !== data.text) state.timer = setTimeout(state.tell, 0);
  }
  if (state.area.value === data.text) keep(place, null);
  return () => {
    state.stop();
    state.root.remove();
    known.delete(parentElement);
  };
}
