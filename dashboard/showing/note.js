// A field for a note that tells what is written when somebody pauses or leaves it, so that a draft
// survives whatever happens to the page.
const PAUSE = 800;
const known = new WeakMap();

const typing = () => {
  const active = document.activeElement;
  return !!active && (active.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(active.tagName));
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
    state = { root, label, area, of: null, told: null, timer: null };
    const tell = () => {
      clearTimeout(state.timer);
      if (area.value !== state.told) {
        state.told = area.value;
        state.set("written", { of: state.of, text: area.value });
      }
    };
    area.addEventListener("input", () => {
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
  if (state.of !== data.of || data.version !== state.version) {
    clearTimeout(state.timer);
    state.of = data.of;
    state.version = data.version;
    state.area.value = data.text;
    state.told = data.text;
  }
  return () => {
    state.stop();
    state.root.remove();
    known.delete(parentElement);
  };
}
