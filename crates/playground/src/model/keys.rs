//! What keys do outside of fields.

/// A key press, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// `Enter`, `a`, ` `
    pub key: String,
    /// Ctrl or ⌘ is held.
    pub command: bool,
    /// Alt is held.
    pub alt: bool,
    /// Someone is typing into a field.
    pub typing: bool,
    /// A button or another control has the focus, to which Space and Enter belong.
    pub on_control: bool,
    /// A dialog is open.
    pub in_dialog: bool,
}

/// What a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shortcut {
    /// Ctrl/⌘ Enter
    Apply,
    /// Space
    TogglePlay,
    /// .
    StepForward,
    /// ,
    StepBack,
    /// Home
    ToStart,
    /// End
    ToPresent,
    /// /
    Terminal,
    /// u
    Undo,
    /// ?
    Help,
}

/// What a key press asks for, if anything.
pub fn shortcut(press: &KeyPress) -> Option<Shortcut> {
    if press.in_dialog || press.alt {
        return None;
    }
    if press.command {
        return (press.key == "Enter").then_some(Shortcut::Apply);
    }
    if press.typing {
        return None;
    }
    match press.key.as_str() {
        " " if !press.on_control => Some(Shortcut::TogglePlay),
        "." => Some(Shortcut::StepForward),
        "," => Some(Shortcut::StepBack),
        "Home" => Some(Shortcut::ToStart),
        "End" => Some(Shortcut::ToPresent),
        "/" => Some(Shortcut::Terminal),
        "u" => Some(Shortcut::Undo),
        "?" => Some(Shortcut::Help),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(key: &str) -> KeyPress {
        KeyPress {
            key: key.into(),
            command: false,
            alt: false,
            typing: false,
            on_control: false,
            in_dialog: false,
        }
    }

    #[test]
    fn nothing_while_typing_but_apply() {
        for key in [" ", ".", "u", "?", "/"] {
            assert!(shortcut(&press(key)).is_some(), "{key}");
            assert_eq!(shortcut(&KeyPress { typing: true, ..press(key) }), None);
            assert_eq!(shortcut(&KeyPress { in_dialog: true, ..press(key) }), None);
        }
        let apply = KeyPress { typing: true, command: true, ..press("Enter") };
        assert_eq!(shortcut(&apply), Some(Shortcut::Apply));
        assert_eq!(shortcut(&KeyPress { on_control: true, ..press(" ") }), None);
    }
}
