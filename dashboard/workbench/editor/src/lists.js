// The files of the draft, and what is wrong with it: lists to choose from.
// All of it is set as text: names and messages quote what people wrote.

function made(tag, name, text = "") {
  const element = document.createElement(tag);
  element.className = name;
  element.textContent = text;
  return element;
}

/** The files, by folder. */
export function listOf(place, files, open, choose) {
  const shown = [];
  let folder = null;
  for (const file of files) {
    const cut = file.path.lastIndexOf("/") + 1;
    const above = file.path.slice(0, cut);
    if (above !== folder) {
      folder = above;
      shown.push(made("div", "folder", folder || "/"));
    }
    const button = made("button", "file");
    button.type = "button";
    button.title = file.path;
    if (file.path === open) button.setAttribute("aria-current", "true");
    button.append(made("span", "name", file.path.slice(cut)));
    if (file.changed) button.append(made("span", "changed", "●"));
    if (file.errors) button.append(made("span", "count error", String(file.errors)));
    else if (file.others) button.append(made("span", "count", String(file.others)));
    button.onclick = () => choose(file.path);
    shown.push(button);
  }
  place.replaceChildren(...shown);
}

const SIGNS = { error: "✕", warning: "!", test: "✕" };

/** What was found, the gravest first, and how much of it. */
export function findingsOf(parts, data, choose) {
  parts.state.textContent = data.state;
  parts.state.dataset.level = data.level;
  const rows = data.findings.map((each) => {
    const row = made("button", `finding ${each.level}`);
    row.type = "button";
    row.append(
      made("span", "sign", SIGNS[each.level]),
      made("span", "where", `${each.path}:${each.line}:${each.column}`),
      made("span", "what", each.message),
    );
    if (each.hint) row.append(made("span", "hint", each.hint));
    row.onclick = () => choose(each);
    return row;
  });
  parts.findings.replaceChildren(...rows);
}
