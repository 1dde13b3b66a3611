// Completion from what the schema of rule files and the names of the policy allow at a place.
import { placeOf } from "./places.js";

const WORD = /[\w@.*/-]*$/;

/** The part of the schema at a path; `known.nodes` are numbered. */
function nodeAt(known, place) {
  if (!(place.first in known.kinds)) return null;
  let node = known.nodes[known.kinds[place.first]];
  for (const step of place.path) {
    // A list of one may be written without brackets: its members are allowed in its place.
    const next = step === "[]" ? (node.members ?? null) : (node.keys?.[step] ?? node.others ?? null);
    if (next === null) {
      if (step === "[]") continue;
      return null;
    }
    node = known.nodes[next];
  }
  return node;
}

const keysOf = (node) =>
  Object.keys(node?.keys ?? {}).map((label) => ({ label, type: "property", apply: `${label}: ` }));
const valuesOf = (known, node) => {
  const members = node?.members === undefined ? [] : (known.nodes[node.members].values ?? []);
  return [...new Set([...(node?.values ?? []), ...members])].map((label) => ({ label, type: "constant" }));
};

/** What may stand where the cursor is. */
export function options(known, lines, number, column) {
  const place = placeOf(lines, number, column);
  if (place === null) return [];
  const atStart = place.path.length === 0 && place.at === "key";
  if (atStart && !(place.first in known.kinds)) {
    return Object.keys(known.kinds).map((label) => ({ label, type: "keyword", apply: `${label}: ` }));
  }
  const node = nodeAt(known, place);
  if (place.at === "key") return keysOf(node);
  if (place.at === "value") return valuesOf(known, node);
  return [...keysOf(node), ...valuesOf(known, node)];
}

/** A source of completions for CodeMirror; `known` gives what is known by now. */
export const source = (known) => (context) => {
  const line = context.state.doc.lineAt(context.pos);
  const word = context.matchBefore(WORD);
  if (known() === null || (word.from === word.to && !context.explicit)) return null;
  const lines = context.state.doc.toString().split("\n");
  const found = options(known(), lines, line.number - 1, word.from - line.from);
  return found.length ? { from: word.from, options: found, validFor: /^[\w@.*/-]*$/ } : null;
};
