//! `head`, `sort`, `tail` and `wc`.

use rollscope_api::order;

use super::{Call, Failure};

/// What a program does with a text.
type Part = fn(&[&str], usize) -> std::ops::Range<usize>;

/// `head`
pub(super) fn head(call: &mut Call<'_>) -> Result<(), Failure> {
    some(call, |lines, count| 0..count.min(lines.len()))
}

/// `tail`
pub(super) fn tail(call: &mut Call<'_>) -> Result<(), Failure> {
    some(call, |lines, count| lines.len().saturating_sub(count)..lines.len())
}

/// Prints some of the lines: `-n 3`, `-n3` or `-3`; ten if nothing is said.
fn some(call: &mut Call<'_>, part: Part) -> Result<(), Failure> {
    let bare = call.args.iter().position(|word| {
        let number = word.strip_prefix('-').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    });
    let mut args = call.args.to_vec();
    if let Some(at) = bare {
        args.splice(at..=at, ["-n".to_owned(), call.args[at][1..].to_owned()]);
    }
    let (flags, names) = super::flags(&args, "n")?;
    let mut count = 10;
    for (letter, value) in flags {
        if letter != 'n' {
            return Err(Call::unknown(letter));
        }
        let wrong = || Failure(format!("invalid number of lines: '{value}'"), 1);
        count = value.parse().map_err(|_| wrong())?;
    }
    let texts = call.texts(&names)?;
    for (at, (name, text)) in texts.iter().enumerate() {
        if texts.len() > 1 {
            let gap = if at == 0 { "" } else { "\n" };
            call.print(&format!("{gap}==> {name} <=="));
        }
        let lines: Vec<&str> = text.lines().collect();
        for line in &lines[part(&lines, count)] {
            call.print(line);
        }
    }
    Ok(())
}

/// `sort`: by bytes; `-r` the other way round, `-n` by the number in front, `-k N` by the Nth word
/// and what follows, `-u` without repetitions.
pub(super) fn sort(call: &mut Call<'_>) -> Result<(), Failure> {
    let (flags, names) = super::flags(call.args, "k")?;
    let (mut reverse, mut numeric, mut unique, mut word) = (false, false, false, 1);
    for (letter, value) in flags {
        match letter {
            'r' => reverse = true,
            'n' => numeric = true,
            'u' => unique = true,
            'k' => {
                let digits = value.bytes().take_while(u8::is_ascii_digit).count();
                numeric |= value[digits..].contains('n');
                reverse |= value[digits..].contains('r');
                let number = value[..digits].parse().ok().filter(|number| *number > 0);
                let wrong = || {
                    format!("invalid number at field start: invalid count at start of '{value}'")
                };
                word = number.ok_or_else(|| Failure(wrong(), 2))?;
            }
            _ => return Err(Call::unknown(letter)),
        }
    }
    let texts = call.texts(&names)?;
    let mut lines: Vec<&str> = texts.iter().flat_map(|(_, text)| text.lines()).collect();
    let key = |line: &str| -> (i64, String) {
        let rest = from_word(line, word);
        if !numeric {
            return (0, rest.to_owned());
        }
        let rest = rest.trim_start();
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest[sign..].bytes().take_while(u8::is_ascii_digit).count();
        (rest[..sign + digits].parse().unwrap_or_default(), String::new())
    };
    order::sort_by_cached_key(&mut lines, |line| (key(line), (*line).to_owned()));
    if reverse {
        lines.reverse();
    }
    if unique {
        lines.dedup_by(|one, other| key(one) == key(other));
    }
    for line in lines {
        call.print(line);
    }
    Ok(())
}

/// A line from its Nth word on, with the blanks in front of that.
fn from_word(line: &str, number: usize) -> &str {
    let mut rest = line;
    for _ in 1..number {
        rest = rest.trim_start();
        rest = &rest[rest.find(char::is_whitespace).unwrap_or(rest.len())..];
    }
    rest
}

/// `wc`: lines, words and bytes, or those that are asked for.
pub(super) fn wc(call: &mut Call<'_>) -> Result<(), Failure> {
    let (flags, names) = super::flags(call.args, "")?;
    if let Some((letter, _)) = flags.iter().find(|(letter, _)| !"lwc".contains(*letter)) {
        return Err(Call::unknown(*letter));
    }
    let asked = |letter| flags.is_empty() || flags.iter().any(|(known, _)| *known == letter);
    let mut rows = Vec::new();
    for (name, text) in call.texts(&names)? {
        let counts = [text.matches('\n').count(), text.split_whitespace().count(), text.len()];
        rows.push((name, counts));
    }
    if rows.len() > 1 {
        let total = |at: usize| rows.iter().map(|(_, counts)| counts[at]).sum();
        rows.push(("total".to_owned(), [total(0), total(1), total(2)]));
    }
    for (name, counts) in &rows {
        let numbers = "lwc".chars().zip(counts).filter(|(letter, _)| asked(*letter));
        let numbers: Vec<String> = numbers.map(|(_, count)| count.to_string()).collect();
        // One number of one text stands alone, several in columns.
        let width = match (numbers.len(), rows.len()) {
            (1, 1) => 0,
            _ if name.is_empty() => 7,
            _ => rows.iter().flat_map(|row| row.1).max().unwrap_or(0).to_string().len(),
        };
        let line: Vec<String> = numbers.iter().map(|number| format!("{number:>width$}")).collect();
        let name = if name.is_empty() { String::new() } else { format!(" {name}") };
        call.print(&format!("{}{name}", line.join(" ")));
    }
    Ok(())
}
