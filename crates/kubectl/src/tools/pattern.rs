//! The patterns of `grep`, without groups and counts. Whether a line matches is found in one pass.

use std::iter::Peekable;
use std::str::Chars;

/// What is looked for in a line.
pub(super) struct Pattern {
    alternatives: Vec<Sequence>,
    ignore_case: bool,
    /// No letter, digit or underscore stands beside the match.
    word: bool,
}

#[derive(Default)]
struct Sequence {
    items: Vec<Item>,
    /// `^`
    from_start: bool,
    /// `$`
    to_end: bool,
}

#[derive(Clone)]
struct Item {
    atom: Atom,
    optional: bool,
    repeated: bool,
}

#[derive(Clone)]
enum Atom {
    Any,
    One(char),
    /// `[a-z]`, or `[^a-z]`.
    Set {
        negated: bool,
        ranges: Vec<(char, char)>,
    },
}

impl Pattern {
    /// Reads patterns of which one has to match: extended ones (`-E`), plain texts (`-F`), or basic
    /// ones. Each line of one is a pattern as well.
    ///
    /// # Errors
    /// What is wrong with one, in words.
    pub(super) fn new(
        patterns: &[String],
        extended: bool,
        plain: bool,
        ignore_case: bool,
        word: bool,
    ) -> Result<Self, String> {
        let mut alternatives = Vec::new();
        for text in patterns.iter().flat_map(|pattern| pattern.split('\n')) {
            let text = if ignore_case { fold(text) } else { text.to_owned() };
            if plain {
                let items = text.chars().map(Atom::One).map(Item::once).collect();
                alternatives.push(Sequence { items, ..Sequence::default() });
            } else {
                Reader { rest: text.chars().peekable(), extended }.read(&mut alternatives)?;
            }
        }
        Ok(Self { alternatives, ignore_case, word })
    }

    /// Whether something in a line matches.
    pub(super) fn matches(&self, line: &str) -> bool {
        let chars = self.chars(line);
        if self.word {
            return (0..=chars.len()).any(|from| self.longest(&chars, from).is_some());
        }
        self.alternatives.iter().any(|one| one.end(&chars, 0, true, &|_| true).is_some())
    }

    /// What matches in a line, from left to right, the longest at each place.
    pub(super) fn parts<'a>(&self, line: &'a str) -> Vec<&'a str> {
        let chars = self.chars(line);
        let mut places: Vec<usize> = line.char_indices().map(|(at, _)| at).collect();
        places.push(line.len());
        let (mut parts, mut from) = (Vec::new(), 0);
        while from < chars.len() {
            match self.longest(&chars, from).filter(|end| *end > from) {
                Some(end) => {
                    parts.push(&line[places[from]..places[end]]);
                    from = end;
                }
                None => from += 1,
            }
        }
        parts
    }

    fn chars(&self, line: &str) -> Vec<char> {
        if self.ignore_case {
            line.chars().map(fold_char).collect()
        } else {
            line.chars().collect()
        }
    }

    /// Where the longest match that begins at a place ends.
    fn longest(&self, chars: &[char], from: usize) -> Option<usize> {
        let is_word = |at: usize| chars.get(at).is_some_and(|c| c.is_alphanumeric() || *c == '_');
        let allowed = |end: usize| !self.word || !(is_word(end) || from > 0 && is_word(from - 1));
        let ends = self.alternatives.iter().filter_map(|one| one.end(chars, from, false, &allowed));
        ends.max()
    }
}

fn fold(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

fn fold_char(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

impl Sequence {
    /// Where the longest match that begins at a place ends; or, with `anywhere`, where any match that
    /// begins there or later does.
    fn end(
        &self,
        chars: &[char],
        from: usize,
        anywhere: bool,
        allowed: &impl Fn(usize) -> bool,
    ) -> Option<usize> {
        if self.from_start && from > 0 {
            return None;
        }
        // The items that may be next, after each character; the last place is the end.
        let mut next = vec![false; self.items.len() + 1];
        next[0] = true;
        let mut longest = None;
        for at in from..=chars.len() {
            next[0] |= anywhere && !self.from_start;
            for index in 0..self.items.len() {
                if next[index] && self.items[index].optional {
                    next[index + 1] = true;
                }
            }
            if next[self.items.len()] && (!self.to_end || at == chars.len()) && allowed(at) {
                longest = Some(at);
                if anywhere {
                    break;
                }
            }
            let Some(c) = chars.get(at) else { break };
            let mut after = vec![false; next.len()];
            for (index, item) in self.items.iter().enumerate() {
                if next[index] && item.atom.is(*c) {
                    after[index + usize::from(!item.repeated)] = true;
                }
            }
            if !anywhere && !after.contains(&true) {
                break;
            }
            next = after;
        }
        longest
    }
}

impl Item {
    fn once(atom: Atom) -> Self {
        Self { atom, optional: false, repeated: false }
    }
}

impl Atom {
    fn is(&self, c: char) -> bool {
        match self {
            Self::Any => true,
            Self::One(one) => *one == c,
            Self::Set { negated, ranges } => {
                ranges.iter().any(|(first, last)| (*first..=*last).contains(&c)) != *negated
            }
        }
    }
}

struct Reader<'a> {
    rest: Peekable<Chars<'a>>,
    extended: bool,
}

impl Reader<'_> {
    fn read(mut self, alternatives: &mut Vec<Sequence>) -> Result<(), String> {
        let mut sequence = Sequence::default();
        while let Some(c) = self.rest.next() {
            // What is special with a backslash in a basic pattern is so without in an extended one.
            let (c, escaped) = match c {
                '\\' => (self.rest.next().ok_or("Trailing backslash")?, true),
                c => (c, false),
            };
            let special = match c {
                '|' | '+' | '?' | '(' | ')' | '{' | '}' => escaped != self.extended,
                _ => !escaped,
            };
            let begins = sequence.items.is_empty() && !sequence.from_start;
            match c {
                '|' if special => alternatives.push(std::mem::take(&mut sequence)),
                '(' | ')' | '{' | '}' if special => {
                    return Err("this grep knows no groups and no counts".to_owned());
                }
                '^' if special && begins => sequence.from_start = true,
                '$' if special && self.ends() => sequence.to_end = true,
                '*' | '+' | '?' if special && !sequence.items.is_empty() => {
                    repeat(&mut sequence.items, c);
                }
                '[' if special => {
                    let set = self.set()?;
                    sequence.items.push(Item::once(set));
                }
                '.' if special => sequence.items.push(Item::once(Atom::Any)),
                c => sequence.items.push(Item::once(Atom::One(c))),
            }
        }
        alternatives.push(sequence);
        Ok(())
    }

    /// Whether a sequence ends here.
    fn ends(&self) -> bool {
        let mut rest = self.rest.clone();
        match rest.next() {
            None => true,
            Some('|') => self.extended,
            Some('\\') => !self.extended && rest.next() == Some('|'),
            Some(_) => false,
        }
    }

    /// A set behind its `[`.
    fn set(&mut self) -> Result<Atom, String> {
        let open = "Unmatched [, [^, [:, [., or [=";
        let negated = self.rest.next_if_eq(&'^').is_some();
        let mut ranges = Vec::new();
        loop {
            let first = self.rest.next().ok_or(open)?;
            // A bracket in front is one of the set.
            if first == ']' && !ranges.is_empty() {
                return Ok(Atom::Set { negated, ranges });
            }
            let mut ahead = self.rest.clone();
            let range = ahead.next() == Some('-') && ahead.next().is_some_and(|c| c != ']');
            let last = match range {
                true => {
                    self.rest.next();
                    self.rest.next().ok_or(open)?
                }
                false => first,
            };
            if last < first {
                return Err("Invalid range end".to_owned());
            }
            ranges.push((first, last));
        }
    }
}

fn repeat(items: &mut Vec<Item>, how: char) {
    let Some(last) = items.pop() else { return };
    if how == '+' {
        items.push(last.clone());
    }
    let repeated = how != '?' || last.repeated;
    items.push(Item { optional: true, repeated, ..last });
}
