//! Flags as pflag reads them: long and short, `=`, grouped short flags, optional values.
//!
//! Models `github.com/spf13/pflag` v1.0.9 (`flag.go`, `errors.go` and the value types).

use std::collections::BTreeMap;

use rollscope_api::SimDuration;
use rollscope_api::order;

use crate::go;

/// The type of a flag's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `--flag`, `--flag=false`
    Bool,
    /// Text.
    Str,
    /// A whole number of 64 bits.
    Int,
    /// A whole number of 32 bits.
    Int32,
    /// `90s`, `5m`
    Duration,
    /// Repeatable; each value is a comma list.
    List,
    /// Repeatable; values are taken whole.
    Array,
}

/// A flag a command knows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Flag {
    /// `namespace`
    pub name: &'static str,
    /// `n`; `'\0'` where there is none.
    pub short: char,
    /// The type of its value.
    pub kind: Kind,
    /// What it is when not given.
    pub default: &'static str,
    /// What it is when given without a value; empty where a value is needed.
    pub alone: &'static str,
    /// Whether the command refuses to run without it.
    pub required: bool,
    /// Printed when it is used, after `has been deprecated, `.
    pub deprecated: &'static str,
    /// What it is for, in our own words.
    pub help: &'static str,
}

const PLAIN: Flag = Flag {
    name: "",
    short: '\0',
    kind: Kind::Str,
    default: "",
    alone: "",
    required: false,
    deprecated: "",
    help: "",
};

impl Flag {
    /// A switch.
    pub(crate) const fn switch(name: &'static str, help: &'static str) -> Self {
        Self { name, kind: Kind::Bool, default: "false", alone: "true", help, ..PLAIN }
    }

    /// A text flag.
    pub(crate) const fn text(name: &'static str, help: &'static str) -> Self {
        Self { name, help, ..PLAIN }
    }

    /// A flag of another type.
    pub(crate) const fn of(
        kind: Kind,
        name: &'static str,
        default: &'static str,
        help: &'static str,
    ) -> Self {
        Self { name, kind, default, help, ..PLAIN }
    }

    /// With a one-letter form.
    pub(crate) const fn short(self, short: char) -> Self {
        Self { short, ..self }
    }

    /// With a default.
    pub(crate) const fn default(self, default: &'static str) -> Self {
        Self { default, ..self }
    }

    /// With a value to take when none is given.
    pub(crate) const fn alone(self, alone: &'static str) -> Self {
        Self { alone, ..self }
    }

    /// Needed.
    pub(crate) const fn required(self) -> Self {
        Self { required: true, ..self }
    }

    /// Announced as deprecated when used.
    pub(crate) const fn deprecated(self, deprecated: &'static str) -> Self {
        Self { deprecated, ..self }
    }
}

/// What was given on a command line.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// By flag name, every value that was given, in order.
    values: BTreeMap<&'static str, Vec<String>>,
    /// Every flag in command-line order, as `--record` writes them down.
    pub order: Vec<(&'static str, String)>,
    /// The words that are no flags.
    pub args: Vec<String>,
    /// How many words stood before `--`, if there was one.
    pub args_at_dash: Option<usize>,
    /// Lines for standard error about deprecated flags.
    pub notices: Vec<String>,
    /// The flags that exist, for defaults.
    known: Vec<Flag>,
    /// Whether `-h` or `--help` was met.
    pub help: bool,
}

impl Given {
    fn flag(&self, name: &str) -> Option<&Flag> {
        self.known.iter().find(|flag| flag.name == name)
    }

    /// Whether it was given.
    pub(crate) fn changed(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The last value given, or the default.
    pub(crate) fn text(&self, name: &str) -> &str {
        match self.values.get(name).and_then(|values| values.last()) {
            Some(value) => value,
            None => self.flag(name).map_or("", |flag| flag.default),
        }
    }

    /// A switch's state.
    pub(crate) fn on(&self, name: &str) -> bool {
        go::parse_bool(self.text(name)).unwrap_or(false)
    }

    /// A number's value.
    pub(crate) fn int(&self, name: &str) -> i64 {
        go::parse_int(self.text(name), 0, 64).unwrap_or(0)
    }

    /// A duration's value.
    pub(crate) fn duration(&self, name: &str) -> SimDuration {
        go::parse_duration(self.text(name)).unwrap_or(SimDuration::ZERO)
    }

    /// All values of a repeatable flag, comma lists taken apart.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let comma = self.flag(name).is_some_and(|flag| flag.kind == Kind::List);
        let values = self.values.get(name).map(Vec::as_slice).unwrap_or_default();
        if !comma {
            return values.to_vec();
        }
        values.iter().flat_map(|value| go::csv(value)).collect()
    }

    /// The names of required flags that are missing, sorted as the server of the texts sorts them.
    pub(crate) fn missing(&self) -> Vec<&'static str> {
        let mut names: Vec<&'static str> = self
            .known
            .iter()
            .filter(|flag| flag.required && !self.changed(flag.name))
            .map(|flag| flag.name)
            .collect();
        order::sort(&mut names);
        names
    }
}

/// Looks a flag up by its long name; `_` counts as `-`.
pub(crate) fn by_name<'a>(known: &'a [Flag], name: &str) -> Option<&'a Flag> {
    let name = name.replace('_', "-");
    known.iter().find(|flag| flag.name == name)
}

/// Looks a flag up by its letter.
pub(crate) fn by_letter(known: &[Flag], letter: char) -> Option<&Flag> {
    known.iter().find(|flag| flag.short == letter && letter != '\0')
}

/// Reads a command's words.
///
/// # Errors
/// pflag's words, without `error: ` and without the line that points to `--help`.
pub(crate) fn parse(known: Vec<Flag>, words: &[String]) -> Result<Given, String> {
    let mut given = Given { known, ..Given::default() };
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == "--" {
            given.args_at_dash = Some(given.args.len());
            given.args.extend(rest.cloned());
            break;
        }
        if let Some(long) = word.strip_prefix("--") {
            parse_long(&mut given, word, long, &mut rest)?;
        } else if word.len() > 1 && word.starts_with('-') {
            parse_short(&mut given, &word[1..], &mut rest)?;
        } else {
            given.args.push(word.clone());
            continue;
        }
        if given.help {
            break;
        }
    }
    Ok(given)
}

fn parse_long(
    given: &mut Given,
    word: &str,
    long: &str,
    rest: &mut std::slice::Iter<'_, String>,
) -> Result<(), String> {
    if long.starts_with('-') || long.starts_with('=') {
        return Err(format!("bad flag syntax: {word}"));
    }
    let (name, inline) = match long.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (long, None),
    };
    let Some(&flag) = by_name(&given.known, name) else {
        if name == "help" {
            return ask_for_help(given, inline.as_deref().unwrap_or("true"));
        }
        return Err(format!("unknown flag: --{name}"));
    };
    let value = match inline {
        Some(value) => value,
        None if !flag.alone.is_empty() => flag.alone.to_owned(),
        None => rest.next().cloned().ok_or(format!("flag needs an argument: --{name}"))?,
    };
    set(given, &flag, value)
}

fn parse_short(
    given: &mut Given,
    letters: &str,
    rest: &mut std::slice::Iter<'_, String>,
) -> Result<(), String> {
    let mut at = letters;
    while let Some(letter) = at.chars().next() {
        let after = &at[letter.len_utf8()..];
        let Some(&flag) = by_letter(&given.known, letter) else {
            if letter == 'h' {
                let value = after.strip_prefix('=').filter(|value| !value.is_empty());
                ask_for_help(given, value.unwrap_or("true"))?;
                if given.help {
                    return Ok(());
                }
                at = if value.is_some() { "" } else { after };
                continue;
            }
            return Err(format!("unknown shorthand flag: {} in -{at}", go::quote_char(letter)));
        };
        let value = match after.strip_prefix('=').filter(|value| !value.is_empty()) {
            Some(value) => value.to_owned(),
            None if !flag.alone.is_empty() => {
                set(given, &flag, flag.alone.to_owned())?;
                at = after;
                continue;
            }
            None if !after.is_empty() => after.to_owned(),
            None => rest.next().cloned().ok_or_else(|| {
                format!("flag needs an argument: {} in -{at}", go::quote_char(letter))
            })?,
        };
        return set(given, &flag, value);
    }
    Ok(())
}

/// `-h`, `--help`, `--help=false`
fn ask_for_help(given: &mut Given, value: &str) -> Result<(), String> {
    given.help = go::parse_bool(value).map_err(|problem| {
        format!("invalid argument {} for \"-h, --help\" flag: {problem}", go::quote(value))
    })?;
    Ok(())
}

fn set(given: &mut Given, flag: &Flag, value: String) -> Result<(), String> {
    let problem = match flag.kind {
        Kind::Bool => go::parse_bool(&value).err(),
        Kind::Int => go::parse_int(&value, 0, 64).err(),
        Kind::Int32 => go::parse_int(&value, 0, 32).err(),
        Kind::Duration => go::parse_duration(&value).err(),
        Kind::Str | Kind::List | Kind::Array => None,
    };
    if let Some(problem) = problem {
        let name = match flag.short {
            '\0' => format!("--{}", flag.name),
            short => format!("-{short}, --{}", flag.name),
        };
        return Err(format!(
            "invalid argument {} for {} flag: {problem}",
            go::quote(&value),
            go::quote(&name)
        ));
    }
    if !flag.deprecated.is_empty() {
        let notice = format!("Flag --{} has been deprecated, {}", flag.name, flag.deprecated);
        given.notices.push(notice);
    }
    given.order.push((flag.name, value.clone()));
    given.values.entry(flag.name).or_default().push(value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Flag, Kind, parse};

    fn check(line: &str, expected: &str) {
        let known = vec![
            Flag::text("output", "").short('o'),
            Flag::switch("watch", "").short('w'),
            Flag::switch("all", "").short('A'),
            Flag::of(Kind::Int, "to-revision", "0", ""),
            Flag::of(Kind::Duration, "timeout", "0s", "").short('t'),
            Flag::of(Kind::List, "filename", "", "").short('f'),
            Flag::text("dry-run", "").default("none").alone("unchanged"),
        ];
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let text = match parse(known, &words) {
            Ok(given) => {
                let order: Vec<String> =
                    given.order.iter().map(|(name, value)| format!("{name}={value}")).collect();
                let help = if given.help { " help" } else { "" };
                format!("{} | {}{help}", given.args.join(" "), order.join(" "))
            }
            Err(problem) => problem,
        };
        assert_eq!(text, expected);
    }

    #[test]
    fn forms() {
        check("a -o yaml b --output=json", "a b | output=yaml output=json");
        check("-oyaml -wA -o=name", " | output=yaml watch=true all=true output=name");
        check("--dry-run server", "server | dry-run=unchanged");
        check("-f a,b -f c -- -x", "-x | filename=a,b filename=c");
        check("a -wh", "a | watch=true help");
        check("- a", "- a | ");
    }

    #[test]
    fn problems() {
        check("-o", "flag needs an argument: 'o' in -o");
        check("--output", "flag needs an argument: --output");
        check("-wz", "unknown shorthand flag: 'z' in -z");
        check("--foo=1", "unknown flag: --foo");
        check("---x", "bad flag syntax: ---x");
        check(
            "--to-revision=abc",
            r#"invalid argument "abc" for "--to-revision" flag: strconv.ParseInt: parsing "abc": invalid syntax"#,
        );
        check(
            "-t 5",
            r#"invalid argument "5" for "-t, --timeout" flag: time: missing unit in duration "5""#,
        );
        check(
            "--watch=maybe",
            r#"invalid argument "maybe" for "-w, --watch" flag: strconv.ParseBool: parsing "maybe": invalid syntax"#,
        );
    }
}
