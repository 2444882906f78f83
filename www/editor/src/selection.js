// The browser tells of a new selection a moment later, and the focus, keys and texts may come before it
// does: from whoever selects by a program, as browser tests and assistive software do. Then CodeMirror
// would put its own selection back, and the text would go there. So it looks at the selection first.
import { EditorView } from "@codemirror/view";

const look = () => {
  document.dispatchEvent(new Event("selectionchange"));
};

export const selectionFirst = [
  EditorView.domEventObservers({ keydown: look, beforeinput: look }),
  // A handler, as those run after CodeMirror has noted when it got the focus.
  EditorView.domEventHandlers({ focus: look }),
];
