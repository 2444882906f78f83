// The manifest editor: CodeMirror 6 with what a Kubernetes manifest needs, behind a small door.
//
// The page (Rust) decides what is wrong, what is tinted, and what can be completed; this file only
// shows it. Lines are 1-based and columns count characters, as in the API server's diagnostics.
import { EditorState, Compartment, StateEffect, StateField, RangeSetBuilder } from "@codemirror/state";
import {
  EditorView, Decoration, keymap, lineNumbers, highlightActiveLine, highlightActiveLineGutter,
  drawSelection, hoverTooltip, placeholder, highlightSpecialChars, tooltips,
} from "@codemirror/view";
import { history, historyKeymap, defaultKeymap } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import { syntaxHighlighting, bracketMatching, indentUnit } from "@codemirror/language";
import { autocompletion, completionKeymap } from "@codemirror/autocomplete";
import { search, searchKeymap, highlightSelectionMatches } from "@codemirror/search";
import { lintGutter, setDiagnostics, lintKeymap } from "@codemirror/lint";
import { theme, highlighting } from "./theme.js";
import { softIndent } from "./indent.js";
import { selectionFirst } from "./selection.js";

/** The document offset of a 1-based line and a 1-based column in characters. */
function offset(doc, line, column) {
  const found = doc.line(Math.max(1, Math.min(line, doc.lines)));
  const before = Array.from(found.text).slice(0, Math.max(0, column - 1)).join("");
  return found.from + before.length;
}

/** The 1-based line and column, in characters, of a document offset. */
function position(doc, at) {
  const line = doc.lineAt(at);
  return [line.number, Array.from(doc.sliceString(line.from, at)).length + 1];
}

const setTint = StateEffect.define();

/** Lines of `spec.template`, and those of them that differ from what the cluster runs. */
const tint = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setTint)) return tintLines(transaction.state.doc, effect.value);
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function tintLines(doc, { template, changed }) {
  const builder = new RangeSetBuilder();
  const isChanged = new Set(changed);
  const lines = new Set(changed);
  for (const [first, last] of template) {
    for (let line = first; line <= Math.min(last, doc.lines); line++) lines.add(line);
  }
  const inTemplate = (line) => template.some(([first, last]) => line >= first && line <= last);
  for (const line of [...lines].filter((line) => line >= 1 && line <= doc.lines).sort((a, b) => a - b)) {
    const names = [inTemplate(line) && "cm-template", isChanged.has(line) && "cm-changed"];
    const at = doc.line(line).from;
    builder.add(at, at, Decoration.line({ class: names.filter(Boolean).join(" ") }));
  }
  return builder.finish();
}

function paragraph(parent, name, text) {
  const child = parent.appendChild(document.createElement("p"));
  child.className = name;
  child.textContent = text;
}

function help({ title, type, text }) {
  const dom = document.createElement("div");
  dom.className = "cm-help";
  paragraph(dom, "cm-help-title", title);
  if (type) dom.firstChild.append(" ", Object.assign(document.createElement("code"), { textContent: type }));
  if (text) paragraph(dom, "cm-help-text", text);
  return dom;
}

function completionSource(callbacks) {
  return (context) => {
    const [line, column] = position(context.state.doc, context.pos);
    const answer = callbacks.complete(context.state.doc.toString(), line, column, context.explicit);
    if (!answer || !answer.options.length) return null;
    const from = offset(context.state.doc, line, answer.column);
    const typed = context.state.sliceDoc(from, context.pos);
    // A word that is already whole needs no list, and Enter after it must make a new line.
    const isWhole = (word) => answer.options.some((option) => option.label === word);
    if (!context.explicit && (!typed || isWhole(typed))) return null;
    const options = answer.options.map((option) => ({
      label: option.label,
      apply: option.apply,
      detail: option.type,
      type: option.kind,
      info: option.text ? () => help({ title: option.label, type: option.type, text: option.text }) : undefined,
    }));
    return { from, options, validFor: (word) => /^[\w.\/-]*$/.test(word) && !isWhole(word) };
  };
}

function hoverSource(callbacks) {
  return hoverTooltip((view, at) => {
    const [line, column] = position(view.state.doc, at);
    const found = callbacks.hover(view.state.doc.toString(), line, column);
    if (!found) return null;
    return {
      pos: offset(view.state.doc, line, found.column),
      end: offset(view.state.doc, line, found.end),
      above: true,
      create: () => ({ dom: help(found) }),
    };
  }, { hoverTime: 350 });
}

function diagnosticMessage({ message, hint }) {
  return () => {
    const dom = document.createElement("div");
    paragraph(dom, "cm-problem", message);
    if (hint) paragraph(dom, "cm-hint", hint);
    return dom;
  };
}

/** The words of one language. */
function spoken({ label, empty, phrases }) {
  return [
    EditorView.contentAttributes.of({ "aria-label": label }),
    placeholder(empty),
    EditorState.phrases.of(phrases),
  ];
}

/**
 * Opens an editor in `parent`.
 *
 * `callbacks` are `change(text)`, `apply()`, `complete(text, line, column, explicit)` and
 * `hover(text, line, column)`. The documents are told apart by name, each with its own history.
 */
function create(parent, said, callbacks) {
  const words = new Compartment();
  const listener = EditorView.updateListener.of((update) => {
    if (update.docChanged && !update.transactions.some((tr) => tr.isUserEvent("set"))) {
      callbacks.change(update.state.doc.toString());
    }
  });
  const apply = () => (callbacks.apply(), true);
  const extensions = [
    lintGutter(), lineNumbers(), highlightActiveLineGutter(), highlightSpecialChars(), history(),
    drawSelection(), bracketMatching(), highlightActiveLine(), highlightSelectionMatches(),
    indentUnit.of("  "), EditorState.tabSize.of(2), yaml(), syntaxHighlighting(highlighting), theme, tint,
    selectionFirst, softIndent, search({ top: true }), tooltips({ position: "fixed" }),
    autocompletion({ override: [completionSource(callbacks)], interactionDelay: 150, icons: false }),
    hoverSource(callbacks),
    keymap.of([
      { key: "Mod-Enter", run: apply }, { key: "Ctrl-Enter", run: apply },
      ...completionKeymap, ...searchKeymap, ...historyKeymap, ...lintKeymap, ...defaultKeymap,
    ]),
    EditorView.contentAttributes.of({ tabindex: "0", autocapitalize: "off", spellcheck: "false" }),
    words.of(spoken(said)),
    listener,
  ];
  const states = new Map();
  let name = "";
  const view = new EditorView({ parent, state: EditorState.create({ extensions }) });

  return {
    /** Shows the document of that name; a text that differs replaces what it held. */
    open(next, text) {
      if (next !== name) {
        if (name) states.set(name, view.state);
        name = next;
        view.setState(states.get(next) ?? EditorState.create({ doc: text, extensions }));
      }
      this.setText(text);
    },
    /** Forgets a document and its history. */
    close: (closed) => states.delete(closed),
    text: () => view.state.doc.toString(),
    setText(text) {
      if (view.state.doc.toString() === text) return;
      // A composition (Korean, Japanese …) would be torn apart by a write from outside.
      if (view.composing) {
        view.contentDOM.addEventListener("compositionend", () => setTimeout(() => this.setText(text)), { once: true });
        return;
      }
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text }, userEvent: "set" });
    },
    setDiagnostics(diagnostics) {
      const { doc } = view.state;
      const shown = diagnostics.map((one) => {
        const from = offset(doc, one.line, one.column);
        const to = Math.max(from, offset(doc, one.endLine, one.endColumn));
        const { message, hint } = one;
        return { from, to, severity: one.warning ? "warning" : "error", message, renderMessage: diagnosticMessage(one), hint };
      });
      shown.sort((a, b) => a.from - b.from);
      view.dispatch(setDiagnostics(view.state, shown));
    },
    setTint: (ranges) => view.dispatch({ effects: setTint.of(ranges) }),
    setWords(next) {
      view.dispatch({ effects: words.reconfigure(spoken(next)) });
    },
    goto(line, column) {
      const anchor = offset(view.state.doc, line, column);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "center" }) });
      view.focus();
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}

globalThis.rollscopeEditor = { create };
