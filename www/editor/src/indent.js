// Enter keeps the indentation of the line, and typing one's own indentation over it does not double it.
import { EditorSelection, Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

// Faster than fingers: text from a program (an expander, dictation, a test) brings its own indentation.
const MACHINE_MS = 40;

const setSoft = StateEffect.define();

/** The indentation that Enter inserted and nobody has confirmed yet: `{ from, length, typed, at }`. */
const soft = StateField.define({
  create: () => null,
  update(value, transaction) {
    for (const effect of transaction.effects) if (effect.is(setSoft)) return effect.value;
    return transaction.docChanged || transaction.selection ? null : value;
  },
});

function indentationAfter(text) {
  const own = /^ */.exec(text)[0].length;
  const item = /^ *- (?=\S)/.exec(text);
  const opens = /:\s*(#.*)?$/.test(text);
  if (opens) return (item ? item[0].length : own) + 2;
  return item ? item[0].length : own;
}

function enter(view) {
  const { state } = view;
  if (state.readOnly || state.selection.ranges.length > 1) return false;
  const { from, to } = state.selection.main;
  const line = state.doc.lineAt(from);
  const length = indentationAfter(state.sliceDoc(line.from, from));
  const head = from + 1 + length;
  view.dispatch({
    changes: { from, to, insert: "\n" + " ".repeat(length) },
    selection: EditorSelection.cursor(head),
    effects: length ? setSoft.of({ from: from + 1, length, typed: 0, at: performance.now() }) : [],
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
}

const overtype = EditorView.inputHandler.of((view, from, to, text) => {
  const value = view.state.field(soft);
  if (!value || from !== to || from !== value.from + value.length) return false;
  if (text === " " && value.typed < value.length) {
    view.dispatch({ effects: setSoft.of({ ...value, typed: value.typed + 1, at: performance.now() }) });
    return true;
  }
  const byMachine = performance.now() - value.at < MACHINE_MS;
  if (text === " " || (value.typed === 0 && !byMachine)) return false;
  // Indentation was typed, and it is the typed one that counts.
  const keep = value.from + value.typed;
  view.dispatch({
    changes: { from: keep, to, insert: text },
    selection: EditorSelection.cursor(keep + text.length),
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
});

export const softIndent = [soft, overtype, Prec.low(keymap.of([{ key: "Enter", run: enter }]))];
