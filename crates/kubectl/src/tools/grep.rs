//! `grep`.

use super::pattern::Pattern;
use super::{Call, Failure};

/// Lines that match: `-i` in any case, `-v` those that do not, `-c` how many, `-E` with alternatives,
/// `-F` as it stands, `-w` as a word, `-n` with their numbers, `-q` without a word, `-A` and `-B`
/// with lines around.
pub(super) fn grep(call: &mut Call<'_>) -> Result<(), Failure> {
    let (flags, mut names) = super::flags(call.args, "eABC")?;
    let mut patterns = Vec::new();
    let (mut before, mut after) = (0, 0);
    for (letter, value) in &flags {
        let lines = || {
            let wrong = || Failure(format!("{value}: invalid context length argument"), 2);
            value.parse::<usize>().map_err(|_| wrong())
        };
        match letter {
            'e' => patterns.push(value.clone()),
            'A' => after = lines()?,
            'B' => before = lines()?,
            'C' => (before, after) = (lines()?, lines()?),
            'i' | 'v' | 'c' | 'E' | 'F' | 'w' | 'n' | 'q' | 'o' | 'h' => {}
            other => return Err(Call::unknown(*other)),
        }
    }
    if patterns.is_empty() {
        if names.is_empty() {
            return Err(Failure("a pattern is missing: grep [-ivcEFwnq] PATTERN [FILE]".into(), 2));
        }
        patterns.push(names.remove(0));
    }
    let on = |letter: char| flags.iter().any(|(known, _)| *known == letter);
    let pattern = Pattern::new(&patterns, on('E'), on('F'), on('i'), on('w'))
        .map_err(|problem| Failure(problem, 2))?;
    let texts = call.texts(&names)?;
    let several = texts.len() > 1 && !on('h');
    let mut found_any = false;
    for (name, text) in &texts {
        let lines: Vec<&str> = text.lines().collect();
        let found: Vec<bool> = lines.iter().map(|line| pattern.matches(line) != on('v')).collect();
        let count = found.iter().filter(|found| **found).count();
        found_any |= count > 0;
        let prefix = |mark: char| if several { format!("{name}{mark}") } else { String::new() };
        if on('q') {
            continue;
        }
        if on('c') {
            call.print(&format!("{}{count}", prefix(':')));
            continue;
        }
        let mut shown = None;
        for (at, line) in lines.iter().enumerate() {
            let from = at.saturating_sub(after);
            let near = found[from..lines.len().min(at + before + 1)].contains(&true);
            if !near {
                continue;
            }
            if before + after > 0 && shown.is_some_and(|last: usize| last + 1 < at) {
                call.print("--");
            }
            shown = Some(at);
            let mark = if found[at] { ':' } else { '-' };
            let number = if on('n') { format!("{}{mark}", at + 1) } else { String::new() };
            if on('o') && !on('v') {
                for part in pattern.parts(line) {
                    call.print(&format!("{}{number}{part}", prefix(mark)));
                }
            } else {
                call.print(&format!("{}{number}{line}", prefix(mark)));
            }
        }
    }
    if !found_any && call.out.exit == 0 {
        call.out.exit = 1;
    }
    Ok(())
}
