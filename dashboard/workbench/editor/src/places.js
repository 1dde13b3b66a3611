// Where a cursor stands in a document of a rule file: the keys on the way to it.

const KEY = /^((?:"[^"]*"|'[^']*'|[^\s:,{}[\]"'#][^:,{}[\]#]*?))\s*:(?=\s|$)/;

/** What a line says: how far its key is indented (behind dashes), how many dashes, and its key. */
function read(line) {
  let indent = line.length - line.trimStart().length;
  let rest = line.slice(indent);
  let dashes = 0;
  while (rest === "-" || rest.startsWith("- ")) {
    const step = rest.length - rest.slice(1).trimStart().length;
    indent += step;
    rest = rest.slice(step);
    dashes += 1;
  }
  const key = KEY.exec(rest);
  return { indent, dashes, rest, key: key ? unquoted(key[1]) : null, after: key ? key[0].length : 0 };
}

const unquoted = (text) => text.replace(/^(["'])(.*)\1$/, "$2");

const ends = (line) => line.startsWith("---") || line.startsWith("...");
const says = (line) => line.trim() !== "" && !line.trimStart().startsWith("#");

/** Follows what is open between braces and brackets before the cursor, on its own line. */
function flow(text) {
  const steps = [];
  let word = "";
  let key = null;
  let quote = null;
  for (const char of text) {
    if (quote) {
      if (char === quote) quote = null;
      else word += char;
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "{") {
      steps.push({ kind: "map", key });
      [key, word] = [null, ""];
    } else if (char === "[") {
      steps.push({ kind: "list", key });
      [key, word] = [null, ""];
    } else if (char === "}" || char === "]") {
      steps.pop();
      [key, word] = [null, ""];
    } else if (char === ",") [key, word] = [null, ""];
    else if (char === ":") [key, word] = [word.trim(), ""];
    else word += char;
  }
  return { steps, key };
}

/** `path`: keys and "[]" for members of lists; `at`: "key" or "value"; null where nothing can be. */
export function placeOf(lines, number, column) {
  const before = lines[number].slice(0, column);
  if (/(^|\s)#/.test(before)) return null;
  const here = read(before);
  let path = [];
  let indent = here.indent;
  let dashes = here.dashes;
  let first = here.key && here.indent === 0 ? here.key : null;
  for (let n = number - 1; n >= 0 && !ends(lines[n]); n -= 1) {
    if (!says(lines[n])) continue;
    const line = read(lines[n]);
    if (line.indent === 0 && line.key) first = line.key;
    const outer = line.indent < indent || (dashes > 0 && line.indent === indent - 2 * dashes);
    if (!line.key || !outer) continue;
    path = [line.key, ...Array(dashes).fill("[]"), ...path];
    indent = line.indent;
    dashes = line.dashes;
  }
  if (dashes > 0) path = [...Array(dashes).fill("[]"), ...path];
  let rest = here.rest;
  let at = "key";
  if (here.key) {
    path.push(here.key);
    rest = here.rest.slice(here.after);
    at = "value";
  }
  const open = flow(rest);
  for (const step of open.steps) {
    if (step.key) path.push(step.key);
    if (step.kind === "list") path.push("[]");
    at = step.kind === "list" ? "value" : "key";
  }
  if (open.steps.length && open.key) {
    path.push(open.key);
    at = "value";
  }
  if (!here.key && here.dashes && !open.steps.length) at = "either";
  return { first, path, at };
}
