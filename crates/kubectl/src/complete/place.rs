//! Where in the line the cursor is.

use crate::flags::{self, Flag};
use crate::shell;

/// Stands for the cursor while the line is split.
const MARK: char = '\u{1}';

/// The word at the cursor, and those before it in the same command.
#[derive(Debug)]
pub(super) struct Place {
    /// The words before, without `kubectl`.
    pub words: Vec<String>,
    /// What of the word stands before the cursor.
    pub typed: String,
    /// Where the word begins, in bytes.
    pub start: usize,
    /// Whether nothing stands before it.
    pub is_first: bool,
}

impl Place {
    /// Nothing in comments and behind what the shell does not understand.
    pub(super) fn of(line: &str, cursor: usize) -> Option<Self> {
        let mut end = cursor.min(line.len());
        while !line.is_char_boundary(end) {
            end -= 1;
        }
        let before = &line[..end];
        // The cursor may be in quotes that are still open.
        let split = ["", "'", "\""]
            .into_iter()
            .map(|quote| shell::split(&format!("{before}{MARK}{quote}")))
            .find(|line| line.problem.is_none())?;
        let mut words = split.steps.into_iter().last()?.words;
        let last = words.pop()?;
        let typed = last.text.strip_suffix(MARK)?.to_owned();
        let is_first = words.is_empty();
        let mut words: Vec<String> = words.into_iter().map(|word| word.text).collect();
        if matches!(words.first().map(String::as_str), Some("kubectl" | "k")) {
            words.remove(0);
        }
        Some(Self { words, typed, start: last.start, is_first })
    }
}

/// A command's words, as far as they are complete.
#[derive(Debug)]
pub(super) struct Words {
    /// Those that can be read.
    pub whole: Vec<String>,
    /// The flag in front of the cursor that wants a value.
    pub wanting: Option<Flag>,
}

impl Words {
    /// Nothing behind `--`.
    pub(super) fn of(known: &[Flag], mut words: Vec<String>) -> Option<Self> {
        let mut at = 0;
        while let Some(word) = words.get(at) {
            if word == "--" {
                return None;
            }
            let Some(flag) = wanting(known, word) else {
                at += 1;
                continue;
            };
            if at + 1 == words.len() {
                words.pop();
                return Some(Self { whole: words, wanting: Some(flag) });
            }
            at += 2;
        }
        Some(Self { whole: words, wanting: None })
    }
}

/// The flag of this word whose value is the next word.
fn wanting(known: &[Flag], word: &str) -> Option<Flag> {
    if let Some(name) = word.strip_prefix("--") {
        return flags::by_name(known, name).filter(|flag| flag.alone.is_empty()).copied();
    }
    let mut letters = word.strip_prefix('-')?.chars();
    let flag = loop {
        let flag = flags::by_letter(known, letters.next()?)?;
        if flag.alone.is_empty() {
            break flag;
        }
    };
    letters.next().is_none().then_some(*flag)
}

/// `--output=ya` or `-oya`: what stands before the value, the flag, and the value.
pub(super) fn inline_value<'a>(known: &[Flag], typed: &'a str) -> Option<(&'a str, Flag, &'a str)> {
    if let Some(long) = typed.strip_prefix("--") {
        let (name, value) = long.split_once('=')?;
        let flag = flags::by_name(known, name)?;
        return Some((&typed[..typed.len() - value.len()], *flag, value));
    }
    let letter = typed.strip_prefix('-')?.chars().next()?;
    let flag = flags::by_letter(known, letter).filter(|flag| flag.alone.is_empty())?;
    let rest = &typed[1 + letter.len_utf8()..];
    let value = rest.strip_prefix('=').unwrap_or(rest);
    if rest.is_empty() {
        return None;
    }
    Some((&typed[..typed.len() - value.len()], *flag, value))
}

#[cfg(test)]
mod tests {
    use super::Place;

    fn check(line: &str, expected: &str) {
        let cursor = line.find('|').unwrap_or(line.len());
        let text = match Place::of(&line.replace('|', ""), cursor) {
            None => "-".to_owned(),
            Some(place) => format!("{} [{}] {}", place.words.join(" "), place.typed, place.start),
        };
        assert_eq!(text, expected, "{line}");
    }

    #[test]
    fn places() {
        check("", " [] 0");
        check("get po|", "get [po] 4");
        check("kubectl get |", "get [] 12");
        check("get po|ds", "get [po] 4");
        check("get pods; k rollout un|do x", "rollout [un] 20");
        check("get -l 'app in (|", "get -l [app in (] 7");
        check("get # a|", "-");
        check("get > |", "-");
    }
}
