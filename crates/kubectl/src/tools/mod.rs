//! The few programs beside kubectl that people pipe its output into, as far as a workshop uses them.
//!
//! Words are GNU's. Each reads the files it names, or what is piped into it.

mod grep;
mod lines;
mod pattern;

use crate::{Files, Output};

/// Their names.
const ALL: [(&str, Tool); 7] = [
    ("cat", cat),
    ("grep", grep::grep),
    ("head", lines::head),
    ("ls", ls),
    ("sort", lines::sort),
    ("tail", lines::tail),
    ("wc", lines::wc),
];

/// Programs that people try as well, with what serves instead.
const ABSENT: [(&str, &str); 14] = [
    ("awk", "`-o custom-columns=…` and `-o jsonpath=…` choose columns"),
    ("bash", "this terminal knows kubectl, and a few programs behind a pipe"),
    (
        "curl",
        "the clients of the world send requests; `kubectl expose` gives them something to ask",
    ),
    ("cut", "`-o custom-columns=…` and `-o jsonpath=…` choose columns"),
    ("docker", "images are names here, and what they do is set in the world"),
    ("helm", "manifests are applied as they are"),
    ("jq", "`-o jsonpath=…` chooses fields"),
    ("less", "the terminal scrolls"),
    ("nano", "the editor is beside the stage, and `kubectl edit` opens one for a live object"),
    ("sed", "`kubectl patch` and `kubectl set` change objects"),
    ("sh", "this terminal knows kubectl, and a few programs behind a pipe"),
    ("sleep", "time goes by itself, as fast as the speed says"),
    ("vi", "the editor is beside the stage, and `kubectl edit` opens one for a live object"),
    ("watch", "`kubectl get … --watch` follows changes"),
];

type Tool = fn(&mut Call<'_>) -> Result<(), Failure>;

/// A program at work.
struct Call<'a> {
    name: &'static str,
    args: &'a [String],
    files: &'a dyn Files,
    stdin: Option<&'a str>,
    out: Output,
}

/// Letters with their values; most have none.
type Flags = Vec<(char, String)>;

/// Why a program ends: what it says, without its name, and its exit code.
struct Failure(String, i32);

/// Whether something is known of a program of that name.
pub(crate) fn is_known(name: &str) -> bool {
    ALL.iter().any(|(known, _)| *known == name) || ABSENT.iter().any(|(known, _)| *known == name)
}

/// Runs a program. `None` if there is none of that name.
pub(crate) fn run(words: &[String], files: &dyn Files, stdin: Option<&str>) -> Option<Output> {
    let (name, args) = words.split_first()?;
    if let Some((name, instead)) = ABSENT.iter().find(|(known, _)| known == name) {
        let stderr = format!("error: {name} is not part of the playground: {instead}\n");
        return Some(Output { stderr, exit: 127, ..Output::default() });
    }
    let (name, tool) = ALL.into_iter().find(|(known, _)| known == name)?;
    let mut call = Call { name, args, files, stdin, out: Output::default() };
    if let Err(Failure(text, exit)) = tool(&mut call) {
        call.out.stderr.push_str(&format!("{name}: {text}\n"));
        call.out.exit = exit;
    }
    Some(call.out)
}

/// The letters of all flags in front of the operands, then the operands. A letter of `valued`
/// takes the rest of its word, or the next word, as its value.
fn flags(args: &[String], valued: &str) -> Result<(Flags, Vec<String>), Failure> {
    let (mut flags, mut operands) = (Vec::new(), Vec::new());
    let mut words = args.iter();
    while let Some(word) = words.next() {
        let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) else {
            operands.push(word.clone());
            continue;
        };
        if letters == "-" {
            operands.extend(words.by_ref().cloned());
            break;
        }
        if letters.starts_with('-') {
            return Err(Failure(format!("unrecognized option '{word}'"), 2));
        }
        for (at, letter) in letters.char_indices() {
            if !valued.contains(letter) {
                flags.push((letter, String::new()));
                continue;
            }
            let rest = &letters[at + letter.len_utf8()..];
            let value = if rest.is_empty() { words.next().cloned() } else { Some(rest.into()) };
            let missing = || format!("option requires an argument -- '{letter}'");
            flags.push((letter, value.ok_or_else(|| Failure(missing(), 2))?));
            break;
        }
    }
    Ok((flags, operands))
}

impl Call<'_> {
    fn unknown(letter: char) -> Failure {
        Failure(format!("invalid option -- '{letter}'"), 2)
    }

    /// The texts of files with their names, or what was piped, without one. Files that are missing
    /// are told, and the others are read.
    fn texts(&mut self, names: &[String]) -> Result<Vec<(String, String)>, Failure> {
        if names.is_empty() {
            let Some(text) = self.stdin else {
                let hint = format!("kubectl get pods | {}", self.name);
                return Err(Failure(format!("nothing to read: name a file, or try {hint}"), 2));
            };
            return Ok(vec![(String::new(), text.to_owned())]);
        }
        let mut texts = Vec::new();
        for name in names {
            let text = if name == "-" { self.stdin } else { self.files.read(name) };
            match text {
                Some(text) => texts.push((name.clone(), text.to_owned())),
                None => {
                    let line = format!("{}: {name}: No such file or directory\n", self.name);
                    self.out.stderr.push_str(&line);
                    self.out.exit = if self.name == "grep" { 2 } else { 1 };
                }
            }
        }
        Ok(texts)
    }

    fn print(&mut self, line: &str) {
        self.out.stdout.push_str(line);
        self.out.stdout.push('\n');
    }
}

fn cat(call: &mut Call<'_>) -> Result<(), Failure> {
    let (flags, names) = flags(call.args, "")?;
    if let Some((letter, _)) = flags.first() {
        return Err(Call::unknown(*letter));
    }
    for (_, text) in call.texts(&names)? {
        call.out.stdout.push_str(&text);
    }
    Ok(())
}

/// The editor's documents.
fn ls(call: &mut Call<'_>) -> Result<(), Failure> {
    let (_, names) = flags(call.args, "")?;
    for path in call.files.paths() {
        if names.is_empty() || names.iter().any(|name| name == "." || *name == path) {
            call.print(&path);
        }
    }
    for name in names {
        if name != "." && call.files.read(&name).is_none() {
            let line = format!("ls: cannot access '{name}': No such file or directory\n");
            call.out.stderr.push_str(&line);
            call.out.exit = 2;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
