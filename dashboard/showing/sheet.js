const make = (name, className, text) => {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
};
export default function ({ data, parentElement }) {
  parentElement.querySelector('.tw-sheet')?.remove();
  const root = make('div', 'tw-sheet');
  for (const part of data.parts) {
    const section = make('section', part.lead ? 'tw-lead' : '');
    section.append(make('h4', '', part.heading));
    const lines = make('div', 'tw-lines');
    if (part.height) { lines.style.maxHeight = part.height + 'px'; lines.tabIndex = 0; }
    if (part.columns > 1) lines.style.columns = part.columns;
    for (const line of part.lines) {
      const shown = make('p', 'tw-' + line.tone, line.text);
      shown.dir = 'auto';
      lines.append(shown);
    }
    section.append(lines);
    root.append(section);
  }
  parentElement.append(root);
}
