// The editor of rule files in the console: files, text, and what is wrong with it.
// It keeps its own text: what comes back from the server marks it, and replaces it only when
// another file is opened or the draft was changed elsewhere (`open.token`).
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching, foldGutter, foldKeymap, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState } from "@codemirror/state";
import {
  drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { source } from "./completing.js";
import { findingsOf, listOf } from "./lists.js";

/** Milliseconds without a key after which text is sent. */
const PAUSE = 350;

const colours = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: "var(--key)" },
  { tag: [tags.string, tags.attributeValue], color: "var(--string)" },
  { tag: [tags.lineComment, tags.comment], color: "var(--comment)", fontStyle: "italic" },
  { tag: [tags.keyword, tags.bool, tags.number], color: "var(--value)" },
  { tag: [tags.meta, tags.punctuation, tags.separator, tags.squareBracket, tags.brace], color: "var(--comment)" },
]);

const benches = new WeakMap();
/** What may be written where; the same for all editors of a page. */
let known = null;

/** Show what came from the server; called for each of its answers. */
export function show(component) {
  const place = component.parentElement;
  let bench = benches.get(place);
  if (!bench) {
    bench = new Bench(place);
    benches.set(place, bench);
  }
  bench.answer(component);
  return () => {
    // Of a page that is left; one that is only drawn anew is still there in a moment.
    setTimeout(() => {
      if (place.isConnected || place.host?.isConnected) return;
      bench.view.destroy();
      benches.delete(place);
    });
  };
}

class Bench {
  constructor(place) {
    this.place = place;
    this.token = null;
    this.path = null;
    this.count = 0;
    this.timer = null;
    this.sent = 0;
    const at = (name) => place.querySelector(`.${name}`);
    this.parts = { files: at("files"), text: at("text"), state: at("state"), findings: at("findings") };
    this.view = new EditorView({ parent: this.parts.text, root: place, state: this.stateOf("") });
    window.addEventListener("pagehide", () => this.flush());
  }

  stateOf(text) {
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(), highlightActiveLineGutter(), foldGutter(), lintGutter(), history(), drawSelection(),
        indentUnit.of("  "), indentOnInput(), bracketMatching(), closeBrackets(), highlightActiveLine(),
        highlightSelectionMatches(), search({ top: true }), yaml(), syntaxHighlighting(colours),
        tooltips({ position: "absolute" }),
        autocompletion({ override: [source(() => known)] }),
        keymap.of([
          ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap,
          ...completionKeymap, ...lintKeymap, indentWithTab,
        ]),
        EditorView.contentAttributes.of({ "aria-label": "Rule file" }),
        // Keys of the page (its shortcuts) are none while somebody writes.
        EditorView.domEventHandlers({ keydown: (event) => void event.stopPropagation() }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.changed();
        }),
      ],
    });
  }

  answer({ data, setStateValue }) {
    this.data = data;
    this.set = setStateValue;
    if (data.completions) {
      known = data.completions;
      setStateValue("knows", data.digest);
    }
    if (data.open.token !== this.token) this.open(data.open);
    if (data.acknowledged >= this.count) this.forget();
    this.mark();
    listOf(this.parts.files, data.files, this.path, (path) => this.go(path, null));
    findingsOf(this.parts, data, (found) => this.go(found.path, found.line));
    if (data.goto && data.goto.token !== this.went) this.at(data.goto);
  }

  /** Another file, or another text than the one that was sent from here. */
  open(open) {
    const isFirst = this.token === null;
    const kept = isFirst ? this.kept() : null;
    this.token = open.token;
    this.path = open.path;
    clearTimeout(this.timer);
    this.timer = null;
    this.view.setState(this.stateOf(open.text));
    if (!isFirst) this.forget();
    // What was written right before a reload and did not arrive.
    if (kept && kept.path !== open.path) this.send(kept.path, kept.text);
    if (kept && kept.path === open.path && kept.text !== open.text) {
      this.view.dispatch({ changes: { from: 0, to: this.view.state.doc.length, insert: kept.text } });
      this.flush();
    }
  }

  changed() {
    this.keep();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE);
  }

  flush() {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.send(this.path, this.view.state.doc.toString());
  }

  send(path, text) {
    // Numbers of one look at the page, and later ones, never come twice.
    this.count = Math.max(Date.now(), this.count + 1);
    this.set("written", { number: this.count, path, text, token: this.token });
  }

  go(path, line) {
    this.flush();
    if (path === this.path) {
      if (line !== null) this.at({ line, token: null });
      return;
    }
    this.set("opened", { number: Date.now(), path, line });
  }

  at({ line, token }) {
    this.went = token ?? this.went;
    const { doc } = this.view.state;
    const { from } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    this.view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    this.view.focus();
  }

  mark() {
    const found = this.data.findings.filter((each) => each.path === this.path);
    // What was said already stays as it is, with the tooltip that somebody reads.
    const said = JSON.stringify([this.token, found]);
    if (said === this.said) return;
    this.said = said;
    const marks = found.map((each) => this.diagnostic(each)).sort((a, b) => a.from - b.from);
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  diagnostic(each) {
    const { doc } = this.view.state;
    const line = doc.line(Math.min(Math.max(each.line, 1), doc.lines));
    const from = line.from + offset(line.text, each.column - 1);
    const to = Math.min(line.from + offset(line.text, each.column - 1 + each.length), line.to);
    const actions = (each.mends ?? []).map((mend) => ({
      name: `Write ${mend}`,
      apply: (view, start, end) => view.dispatch({ changes: { from: start, to: end, insert: mend } }),
    }));
    const severity = each.level === "error" ? "error" : "warning";
    return { from: Math.min(from, line.to), to: Math.max(to, from), severity, actions, renderMessage: () => words(each) };
  }

  // What was written and may not have arrived survives a reload of this tab.
  get shelf() {
    return `tierwise-draft ${this.data.whose}`;
  }
  keep() {
    const kept = { path: this.path, text: this.view.state.doc.toString() };
    try {
      sessionStorage.setItem(this.shelf, JSON.stringify(kept));
    } catch {
      // No room, or none allowed: the draft at the server is what there is.
    }
  }
  kept() {
    return JSON.parse(sessionStorage.getItem(this.shelf) ?? "null");
  }
  forget() {
    if (this.timer === null) sessionStorage.removeItem(this.shelf);
  }
}

/** Characters are code points for whoever counts columns, and units of UTF-16 here. */
function offset(text, characters) {
  return [...text].slice(0, characters).join("").length;
}

function words(each) {
  const said = document.createElement("div");
  said.textContent = each.hint ? `${each.message}\n${each.hint}` : each.message;
  said.style.whiteSpace = "pre-wrap";
  return said;
}
