//! The tree of commands: what there is, and how a line's words find their command.
//!
//! Models `github.com/spf13/cobra` v1.10.2 (`Find`, `stripFlags`, `SuggestionsFor`).

use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{self, Flag};
use crate::waiting::Flow;

/// A command of the tree.
#[derive(Debug)]
pub(crate) struct Command {
    /// `undo`
    pub name: &'static str,
    /// Other names for it.
    pub aliases: &'static [&'static str],
    /// Wrong words that mean it.
    pub suggest_for: &'static [&'static str],
    /// What follows the name in a usage line.
    pub usage: &'static str,
    /// What it does, in one line.
    pub short: &'static str,
    /// Lines to show how it is used, without the word `kubectl`.
    pub examples: &'static [&'static str],
    /// Its own flags, in groups that several commands share.
    pub flags: &'static [&'static [Flag]],
    /// Its sub-commands.
    pub subs: &'static [&'static Command],
    /// What is done.
    pub run: Run,
}

/// What a command does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Run {
    /// It acts.
    Verb(fn(&mut Ctx<'_>) -> Result<Flow, Error>),
    /// It only holds sub-commands.
    Group,
    /// kubectl has it, the playground has no room for it: the reason completes
    /// `kubectl logs is not part of the playground: …`.
    Absent(&'static str),
}

/// A command without anything; the others are written as `Command { name: …, ..COMMAND }`.
pub(crate) const COMMAND: Command = Command {
    name: "",
    aliases: &[],
    suggest_for: &[],
    usage: "",
    short: "",
    examples: &[],
    flags: &[],
    subs: &[],
    run: Run::Group,
};

impl Command {
    /// Its own flags and the global ones.
    pub(crate) fn known_flags(&self) -> Vec<Flag> {
        let own = self.flags.iter().flat_map(|group| group.iter());
        own.chain(crate::commands::GLOBAL_FLAGS).copied().collect()
    }

    fn sub(&self, name: &str) -> Option<&'static Self> {
        self.subs.iter().find(|sub| sub.name == name || sub.aliases.contains(&name)).copied()
    }
}

/// A command and the words that are left for it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// The command.
    pub command: &'static Command,
    /// `kubectl rollout undo`
    pub path: String,
    /// Its flags and arguments.
    pub words: Vec<String>,
}

/// Finds the command that the words (without `kubectl`) mean.
///
/// # Errors
/// kubectl's words, without `error: `, if the first word is no command.
pub(crate) fn find(root: &'static Command, words: &[String]) -> Result<Found, String> {
    let mut found = Found { command: root, path: root.name.to_owned(), words: words.to_vec() };
    loop {
        let plain = without_flags(&found.command.known_flags(), &found.words);
        let Some(first) = plain.first() else { return Ok(found) };
        let Some(sub) = found.command.sub(first) else {
            if std::ptr::eq(found.command, root) {
                return Err(unknown_command(root, first));
            }
            return Ok(found);
        };
        found.words = without_word(&found.command.known_flags(), &found.words, first);
        found.command = sub;
        found.path = format!("{} {}", found.path, sub.name);
    }
}

/// Whether a word stands for a flag whose value is the next word.
fn takes_next(known: &[Flag], word: &str) -> bool {
    if word.contains('=') {
        return false;
    }
    if let Some(name) = word.strip_prefix("--") {
        return flags::by_name(known, name).is_none_or(|flag| flag.alone.is_empty());
    }
    let mut letters = word.chars().skip(1);
    match (word.starts_with('-'), letters.next(), letters.next()) {
        (true, Some(letter), None) => {
            flags::by_letter(known, letter).is_none_or(|flag| flag.alone.is_empty())
        }
        _ => false,
    }
}

/// The words that are neither flags nor their values.
fn without_flags(known: &[Flag], words: &[String]) -> Vec<String> {
    let mut plain = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += 1;
        if word == "--" {
            break;
        } else if takes_next(known, word) {
            if words.len() - at <= 1 {
                break;
            }
            at += 1;
        } else if !word.is_empty() && !word.starts_with('-') {
            plain.push(word.clone());
        }
    }
    plain
}

/// The words without the first that equals `name` and is no flag's value.
fn without_word(known: &[Flag], words: &[String], name: &str) -> Vec<String> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if word == "--" {
            break;
        } else if takes_next(known, word) {
            at += 1;
        } else if !word.starts_with('-') && word == name {
            let mut rest = words.to_vec();
            rest.remove(at);
            return rest;
        }
        at += 1;
    }
    words.to_vec()
}

fn unknown_command(root: &Command, typed: &str) -> String {
    let mut text =
        format!("unknown command {} for {}", crate::go::quote(typed), crate::go::quote(root.name));
    let suggestions = suggestions(root, typed);
    if !suggestions.is_empty() {
        text.push_str("\n\nDid you mean this?\n");
        for suggestion in suggestions {
            text.push_str(&format!("\t{suggestion}\n"));
        }
    }
    text
}

/// The commands that look like what was typed: at most two edits away, or beginning with it.
pub(crate) fn suggestions(root: &Command, typed: &str) -> Vec<&'static str> {
    let lower = typed.to_lowercase();
    let mut names = Vec::new();
    for sub in root.subs {
        if distance(&lower, sub.name) <= 2 || sub.name.starts_with(&lower) {
            names.push(sub.name);
        }
        if sub.suggest_for.contains(&lower.as_str()) {
            names.push(sub.name);
        }
    }
    names
}

/// Levenshtein's distance in bytes, as cobra measures it.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.bytes().enumerate() {
            let cost = if x == y { diagonal } else { 1 + diagonal.min(row[j]).min(row[j + 1]) };
            diagonal = row[j + 1];
            row[j + 1] = cost;
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::{distance, find};
    use crate::commands::ROOT;

    fn check(line: &str, expected: &str) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let text = match find(&ROOT, &words) {
            Ok(found) => format!("{} | {}", found.path, found.words.join(" ")),
            Err(problem) => problem,
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn the_tree() {
        check("rollout undo deploy/web", "kubectl rollout undo | deploy/web");
        check("-n rollout rollout undo x", "kubectl rollout undo | -n rollout x");
        check("get get", "kubectl get | get");
        check("set foo", "kubectl set | foo");
        check("", "kubectl | ");
        check("create deploy x", "kubectl create deployment | x");
        check("create -f create", "kubectl create | -f create");
    }

    #[test]
    fn suggestions() {
        check("xyzzy", "unknown command \"xyzzy\" for \"kubectl\"");
        check(
            "dscribe deploy web",
            "unknown command \"dscribe\" for \"kubectl\"\n\nDid you mean this?\n\tdescribe\n",
        );
        check(
            "rm x",
            "unknown command \"rm\" for \"kubectl\"\n\nDid you mean this?\n\trun\n\tdelete\n\tcp\n",
        );
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
