// A picture from bytes that Python sent: nothing is fetched here. Rectangles are shares of it.
const share = (value) => Math.min(1, Math.max(0, value));

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector(".tw-picture");
  if (!root || root.dataset.of !== data.of) {
    root?.remove();
    root = document.createElement("div");
    root.dataset.of = data.of;
    const image = root.appendChild(document.createElement("img"));
    image.alt = data.alt;
    image.draggable = false;
    image.addEventListener("error", () => {
      root.dataset.broken = "yes";
      root.textContent = "This picture cannot be shown: its bytes are broken.";
    });
    image.src = data.src;
    parentElement.append(root);
    let from = null;
    const at = (event) => {
      const box = root.getBoundingClientRect();
      return [share((event.clientX - box.left) / box.width), share((event.clientY - box.top) / box.height)];
    };
    root.addEventListener("pointerdown", (event) => {
      from = root.drawing ? at(event) : null;
      if (from) root.setPointerCapture(event.pointerId);
    });
    root.addEventListener("pointerup", (event) => {
      if (!from) return;
      const to = at(event);
      const [x, y] = [Math.min(from[0], to[0]), Math.min(from[1], to[1])];
      const [width, height] = [Math.abs(from[0] - to[0]), Math.abs(from[1] - to[1])];
      from = null;
      if (width > 0.01 && height > 0.01) root.drawn({ x, y, width, height });
    });
  }
  root.drawing = data.drawing && !root.dataset.broken;
  root.drawn = (found) => setTriggerValue("drawn", found);
  root.className = "tw-picture" + (data.blurred ? " tw-blurred" : "") + (data.drawing ? " tw-drawing" : "");
  root.querySelectorAll(".tw-region").forEach((each) => each.remove());
  for (const region of data.blurred || root.dataset.broken ? [] : data.regions) {
    const box = document.createElement("div");
    box.className = `tw-region tw-${region.tone}`;
    for (const [name, value] of [["left", region.x], ["top", region.y], ["width", region.width], ["height", region.height]])
      box.style[name] = `${value * 100}%`;
    const label = box.appendChild(document.createElement("span"));
    label.textContent = region.label;
    root.append(box);
  }
}
