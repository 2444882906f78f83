//! What keys do outside of fields.

use rollscope_scenario::Jump;

/// A key press, as far as it matters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPress {
    /// `Enter`, `a`, ` `
    pub key: String,
    /// The key's place on the keyboard: `KeyA`, `Enter`
    pub code: String,
    /// Shift is held.
    pub shift: bool,
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

impl KeyPress {
    /// The key, whether capitals are locked or not. Where keys write Korean it is the letter beside.
    fn letter(&self) -> String {
        match self.code.strip_prefix("Key") {
            Some(letter) if !self.key.is_ascii() => letter.to_ascii_lowercase(),
            _ => self.key.to_ascii_lowercase(),
        }
    }
}

/// What a key press asks for, if anything.
pub fn shortcut(press: &KeyPress) -> Option<Shortcut> {
    if press.in_dialog || press.alt {
        return None;
    }
    if press.command {
        return match press.letter().as_str() {
            "enter" => Some(Shortcut::Apply),
            // While someone types, taking back is the field's own.
            "z" if !press.typing && !press.shift => Some(Shortcut::TakeBack),
            "z" | "y" if !press.typing => Some(Shortcut::Redo),
            _ => None,
        };
    }
    if press.typing {
        return None;
    }
    match press.letter().as_str() {
        " " if !press.on_control => Some(Shortcut::TogglePlay),
        "." => Some(Shortcut::StepForward),
        "," => Some(Shortcut::StepBack),
        "home" => Some(Shortcut::ToStart),
        "end" => Some(Shortcut::ToPresent),
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
            code: String::new(),
            shift: false,
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
        for key in ["z", "Z"] {
            let again = KeyPress { command: true, shift: true, ..press(key) };
            assert_eq!(shortcut(&again), Some(Shortcut::Redo));
        }
        assert_eq!(shortcut(&KeyPress { on_control: true, ..press(" ") }), None);
    }

    #[test]
    fn letters_are_keys_whatever_they_write() {
        let korean = KeyPress { code: "KeyU".into(), ..press("ㅕ") };
        assert_eq!(shortcut(&korean), Some(Shortcut::Undo));
        let korean = KeyPress { code: "KeyZ".into(), command: true, ..press("ㅋ") };
        assert_eq!(shortcut(&korean), Some(Shortcut::TakeBack));
        assert_eq!(shortcut(&press("U")), Some(Shortcut::Undo), "capitals are locked");
        // Where letters stand elsewhere, what they write counts.
        let french = KeyPress { code: "KeyW".into(), command: true, ..press("z") };
        assert_eq!(shortcut(&french), Some(Shortcut::TakeBack));
        assert_eq!(shortcut(&press("End")), Some(Shortcut::ToPresent));
    }
}
