// Enter keeps the indentation of the line, and typing one's own indentation over it does not double it.
//
// Typed text is put in here and not by the browser: native editing leaves inline styles behind, which
// the page's policy refuses. Compositions (Korean, Japanese …) and Android stay the browser's business.
import { EditorSelection, Prec, StateEffect, StateField } from "@codemirror/state";
import { EditorView, keymap } from "@codemirror/view";

// Whoever types indentation themselves (a program does, too) goes on doing so for a while:
// until then a line begun without a space is meant to begin at the margin.
const OWN_INDENTATION_MS = 4000;

const setSoft = StateEffect.define();

/** The indentation that Enter inserted and nobody has confirmed yet: `{ from, length, typed }`. */
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
  const before = state.sliceDoc(line.from, from);
  const length = indentationAfter(before);
  // Nothing but indentation is left behind as an empty line.
  const cut = before.trim() ? from : line.from;
  view.dispatch({
    changes: { from: cut, to, insert: "\n" + " ".repeat(length) },
    selection: EditorSelection.cursor(cut + 1 + length),
    effects: length ? setSoft.of({ from: cut + 1, length, typed: 0 }) : [],
    scrollIntoView: true,
    userEvent: "input",
  });
  return true;
}

const ownUntil = new WeakMap();

/** Takes one's own indentation for the one that Enter inserted. Returns whether that was all there was to do. */
function overtype(view, text) {
  const value = view.state.field(soft);
  const { from, to } = view.state.selection.main;
  if (!value || from !== to || from !== value.from + value.length) return false;
  if (text === " " && value.typed < value.length) {
    ownUntil.set(view, performance.now() + OWN_INDENTATION_MS);
    view.dispatch({ effects: setSoft.of({ ...value, typed: value.typed + 1 }) });
    return true;
  }
  const own = value.typed > 0 || performance.now() < (ownUntil.get(view) ?? 0);
  if (text === " " || !own) return false;
  const keep = value.from + value.typed;
  view.dispatch({
    changes: { from: keep, to, insert: text },
    selection: EditorSelection.cursor(keep + text.length),
    userEvent: "input.type",
    scrollIntoView: true,
  });
  return true;
}

const typing = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { inputType, data } = event;
    if (inputType !== "insertText" || !data || view.composing || view.state.readOnly) return false;
    if (/Android/.test(navigator.userAgent)) return false;
    event.preventDefault();
    if (!overtype(view, data)) {
      view.dispatch(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    }
    return true;
  },
});

export const softIndent = [soft, typing, Prec.high(keymap.of([{ key: "Enter", run: enter }]))];
