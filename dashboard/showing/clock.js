// Ticks in the page, so that time that passes costs no look at the service. It tells Python only
// when a lease is to be renewed, when somebody was away, and when what was sent is to be looked at.
const known = new WeakMap();

const typing = () => {
  const active = document.activeElement;
  return !!active && (active.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(active.tagName));
};

const span = (milliseconds) => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const two = (n) => String(n).padStart(2, "0");
  if (seconds >= 86400) return `${Math.floor(seconds / 86400)} d ${Math.floor((seconds % 86400) / 3600)} h`;
  if (seconds >= 3600) return `${Math.floor(seconds / 3600)} h ${two(Math.floor((seconds % 3600) / 60))} min`;
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${seconds} s`;
};

function start(parent) {
  const root = document.createElement("div");
  root.className = "tw-clock";
  const due = root.appendChild(document.createElement("span"));
  const undo = root.appendChild(document.createElement("span"));
  undo.className = "tw-undo";
  undo.setAttribute("role", "status");
  parent.append(root);
  const state = { root, due, undo, data: null, case: null, lost: 0, last: performance.now(), hidden: null,
    renewed: performance.now(), stops: [] };

  const away = (milliseconds) => {
    state.lost += milliseconds / 1000;
    state.tell("lost", { case: state.case, seconds: Math.round(state.lost * 10) / 10 });
  };
  // Somebody who reads moves nothing for a while; what is beyond that was not spent on the case.
  const seen = () => {
    const now = performance.now();
    const idle = now - state.last - state.data.idle * 1000;
    state.last = now;
    if (idle > 0 && state.hidden === null) away(idle);
  };
  const turned = () => {
    const now = performance.now();
    if (document.hidden) {
      seen();
      state.hidden = now;
    } else if (state.hidden !== null) {
      const gone = now - state.hidden;
      state.hidden = null;
      state.last = now;
      away(gone);
    }
  };
  const pressed = (event) => {
    if (event.key === "?" && !typing() && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      state.trigger("help", true);
    }
  };
  const listen = (target, name, act) => {
    target.addEventListener(name, act, { capture: true, passive: name !== "keydown" });
    state.stops.push(() => target.removeEventListener(name, act, { capture: true }));
  };
  for (const name of ["mousemove", "pointerdown", "wheel", "scroll", "keydown", "touchstart"]) listen(document, name, seen);
  listen(document, "visibilitychange", turned);
  listen(document, "keydown", pressed);

  const tick = () => {
    const now = performance.now();
    const data = state.data;
    const server = state.server + (now - state.told);
    if (data.due) {
      const left = Date.parse(data.due) - server;
      due.textContent = left >= 0 ? `Due in ${span(left)}` : `Overdue by ${span(-left)}`;
      due.className = left >= 0 ? "" : "tw-late";
    } else {
      due.textContent = "";
    }
    const open = data.undo.map((each) => [each, Date.parse(each.until) - server]).filter(([, left]) => left > 0);
    undo.textContent = open.length
      ? `U takes back: ${open[0][0].text} · ${Math.ceil(open[0][1] / 1000)} s` + (open.length > 1 ? ` · ${open.length - 1} more` : "")
      : "";
    const working = !document.hidden && now - state.last < data.idle * 1000;
    if (data.renew && working && now - state.renewed > data.renew * 1000) {
      state.renewed = now;
      state.trigger("renew", true);
    }
  };
  state.tick = tick;
  const timer = setInterval(tick, 250);
  state.stops.push(() => clearInterval(timer));
  return state;
}

export default function ({ data, parentElement, setStateValue, setTriggerValue }) {
  let state = known.get(parentElement);
  if (!state) {
    state = start(parentElement);
    known.set(parentElement, state);
  }
  state.tell = setStateValue;
  state.trigger = setTriggerValue;
  if (data.case !== state.case) {
    state.case = data.case;
    state.lost = 0;
    state.last = performance.now();
    state.hidden = document.hidden ? performance.now() : null;
  }
  state.data = data;
  state.server = Date.parse(data.now);
  state.told = performance.now();
  clearTimeout(state.waking);
  if (data.wake) state.waking = setTimeout(() => state.trigger("wake", true), data.wake);
  state.tick();
  return () => {
    clearTimeout(state.waking);
    state.stops.forEach((stop) => stop());
    state.root.remove();
    known.delete(parentElement);
  };
}
