const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
const characters = (text) => Array.from(text).length;

function passage(given, height, onSelect) {
  const section = make('section', given.kind);
  if (given.label) section.append(make('header', '', given.label));
  const body = make('div', 'tw-body');
  body.dir = 'auto';
  body.tabIndex = 0;
  if (given.kind === 'tw-main') body.style.maxHeight = height + 'px';
  const parts = [];
  for (const piece of given.pieces) {
    let element;
    if (piece.layers.length) {
      element = make('mark', '', piece.text);
      element.dataset.layers = piece.layers.join(' ');
    } else {
      element = make('span', '', piece.text);
    }
    parts.push([element, characters(piece.text)]);
    body.append(element);
    if (piece.layers.length) body.append(make('sup', '', piece.layers.join(',')));
  }
  if (onSelect && given.field) {
    body.addEventListener('mouseup', () => {
      const chosen = document.getSelection();
      if (!chosen || chosen.isCollapsed || !chosen.rangeCount) return;
      const range = chosen.getRangeAt(0);
      const place = (node, offset) => {
        let sum = 0;
        for (const [element, length] of parts) {
          if (element === node || element.contains(node))
            return sum + characters(element.textContent.slice(0, node === element ? undefined : offset));
          sum += length;
        }
        return null;
      };
      const start = place(range.startContainer, range.startOffset);
      const end = place(range.endContainer, range.endOffset);
      if (start !== null && end !== null && start < end)
        onSelect({ field: given.field, start, end });
    });
  }
  section.append(body);
  return section;
}

export default function ({ data, parentElement, setTriggerValue }) {
  let root = parentElement.querySelector('.tw-item');
  const drawn = JSON.stringify(data);
  if (root?.drawn === drawn) {
    // Nothing is new: whoever selects or reads here is left alone.
    root.tell = setTriggerValue;
    return;
  }
  const scrolled = root && root.dataset.of === data.of
    ? Array.from(root.querySelectorAll('.tw-body'), (each) => each.scrollTop) : [];
  if (root) root.remove();
  root = make('div', 'tw-item');
  Object.assign(root, { drawn, tell: setTriggerValue });
  root.dataset.of = data.of;
  const onSelect = data.selecting ? (found) => root.tell('selected', found) : null;
  for (const each of data.passages) root.append(passage(each, data.height, onSelect));
  parentElement.append(root);
  root.querySelectorAll('.tw-body').forEach((each, n) => { if (scrolled[n]) each.scrollTop = scrolled[n]; });
}
