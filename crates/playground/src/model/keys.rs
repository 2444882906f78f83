//! What keys do outside of fields.

use rollscope_scenario::Jump;

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
    /// Ctrl/⌘ Z
    TakeBack,
    /// Ctrl/⌘ Shift Z, Ctrl/⌘ Y
    Redo,
    /// [ ] c g
    Jump(Jump),
    /// ?
    Help,
}

/// What a key press asks for, if anything.
pub fn shortcut(press: &KeyPress) -> Option<Shortcut> {
    if press.in_dialog || press.alt {
        return None;
    }
    if press.command {
        return match press.key.as_str() {
            "Enter" => Some(Shortcut::Apply),
            // While someone types, taking back is the field's own.
            "z" if !press.typing => Some(Shortcut::TakeBack),
            "Z" | "y" if !press.typing => Some(Shortcut::Redo),
            _ => None,
        };
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
        "[" => Some(Shortcut::Jump(Jump::PreviousInput)),
        "]" => Some(Shortcut::Jump(Jump::NextInput)),
        "c" => Some(Shortcut::Jump(Jump::RolloutComplete)),
        "g" => Some(Shortcut::Jump(Jump::LastOldPodGone)),
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
        let back = KeyPress { command: true, ..press("z") };
        assert_eq!(shortcut(&back), Some(Shortcut::TakeBack));
        assert_eq!(shortcut(&KeyPress { typing: true, ..back }), None);
        let again = KeyPress { command: true, ..press("Z") };
        assert_eq!(shortcut(&again), Some(Shortcut::Redo));
        assert_eq!(shortcut(&KeyPress { on_control: true, ..press(" ") }), None);
    }
}
