//! Splits what is typed into words and commands, as a POSIX shell would.
//!
//! Quotes, escapes, comments and line continuation are understood, and commands may be joined with
//! `;`, `&&`, `||` and `|`. There are no variables, globs or redirections.

/// How a command follows the one before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    /// `;` or a new line: always.
    Then,
    /// `&&`: if the one before succeeded.
    And,
    /// `||`: if the one before failed.
    Or,
    /// `|`: with the other's standard output as its standard input.
    Pipe,
}

/// A word and where it stands in the line, in bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Word {
    /// The text without quotes and escapes.
    pub text: String,
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

/// One command of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Step {
    /// How it follows the one before.
    pub joint: Joint,
    /// Its words; never empty.
    pub words: Vec<Word>,
}

/// What was understood of a line, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Line {
    /// The commands in order.
    pub steps: Vec<Step>,
    /// Why the rest could not be read.
    pub problem: Option<String>,
}

/// Splits a line (or several).
pub(crate) fn split(text: &str) -> Line {
    let mut splitter = Splitter { text, at: 0, line: Line::default(), joint: Joint::Then };
    if let Err(problem) = splitter.run() {
        splitter.line.problem = Some(problem);
    }
    splitter.line
}

struct Splitter<'a> {
    text: &'a str,
    at: usize,
    line: Line,
    joint: Joint,
}

impl Splitter<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn run(&mut self) -> Result<(), String> {
        let mut words = Vec::new();
        while let Some(c) = self.peek() {
            let rest = &self.text[self.at..];
            if c == '\n' {
                self.at += 1;
                self.end_step(&mut words, Joint::Then, "newline")?;
            } else if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if c == '#' {
                while self.peek().is_some_and(|c| c != '\n') {
                    self.next();
                }
            } else if rest.starts_with("\\\n") || rest == "\\" {
                self.at = self.text.len().min(self.at + 2);
            } else if rest.starts_with("\\\r\n") {
                self.at += 3;
            } else if rest.starts_with("&&") {
                self.at += 2;
                self.end_step(&mut words, Joint::And, "&&")?;
            } else if rest.starts_with("||") {
                self.at += 2;
                self.end_step(&mut words, Joint::Or, "||")?;
            } else if c == '|' {
                self.at += 1;
                self.end_step(&mut words, Joint::Pipe, "|")?;
            } else if c == ';' {
                self.at += 1;
                self.end_step(&mut words, Joint::Then, ";")?;
            } else if matches!(c, '>' | '<' | '&') {
                return Err(format!(
                    "this terminal does not know '{c}': there are no files to write and no background jobs"
                ));
            } else {
                let word = self.word()?;
                words.push(word);
            }
        }
        if words.is_empty() && self.joint != Joint::Then {
            return Err("unexpected end of line: a command is missing".into());
        }
        self.end_step(&mut words, Joint::Then, "newline")
    }

    fn end_step(
        &mut self,
        words: &mut Vec<Word>,
        next: Joint,
        operator: &str,
    ) -> Result<(), String> {
        if words.is_empty() {
            // Blank lines, and lines broken after an operator, are fine.
            if operator == "newline" {
                return Ok(());
            }
            return Err(format!("unexpected '{operator}': a command is missing before it"));
        }
        self.line.steps.push(Step { joint: self.joint, words: std::mem::take(words) });
        self.joint = next;
        Ok(())
    }

    fn word(&mut self) -> Result<Word, String> {
        let start = self.at;
        let mut text = String::new();
        while let Some(c) = self.peek() {
            match c {
                c if c.is_whitespace() => break,
                ';' | '|' | '&' | '<' | '>' => break,
                '\'' => {
                    self.next();
                    self.quoted('\'', &mut text)?;
                }
                '"' => {
                    self.next();
                    self.quoted('"', &mut text)?;
                }
                '\\' => {
                    self.next();
                    match self.next() {
                        Some('\n') | None => {}
                        Some(c) => text.push(c),
                    }
                }
                c => {
                    self.next();
                    text.push(c);
                }
            }
        }
        Ok(Word { text, start, end: self.at })
    }

    fn quoted(&mut self, quote: char, text: &mut String) -> Result<(), String> {
        while let Some(c) = self.next() {
            match c {
                c if c == quote => return Ok(()),
                '\\' if quote == '"' => match self.next() {
                    Some('\n') => {}
                    Some(c @ ('"' | '\\' | '$' | '`')) => text.push(c),
                    Some(c) => {
                        text.push('\\');
                        text.push(c);
                    }
                    None => break,
                },
                c => text.push(c),
            }
        }
        Err(format!("unexpected end of line while looking for the matching {quote}"))
    }
}

#[cfg(test)]
mod tests {
    use super::split;

    fn check(line: &str, expected: &str) {
        let line = split(line);
        let mut steps: Vec<String> = Vec::new();
        for step in &line.steps {
            let words: Vec<&str> = step.words.iter().map(|word| word.text.as_str()).collect();
            steps.push(format!("{:?}[{}]", step.joint, words.join("·")));
        }
        steps.extend(line.problem.map(|problem| format!("! {problem}")));
        assert_eq!(steps.join(" "), expected);
    }

    #[test]
    fn words_and_quotes() {
        check("get pods -l 'app in (a,b)'", "Then[get·pods·-l·app in (a,b)]");
        check(r#"patch -p "{\"a\":\"b c\"}""#, r#"Then[patch·-p·{"a":"b c"}]"#);
        check(r"a\ b c''d", "Then[a b·cd]");
        check("get '' # nothing more", "Then[get·]");
        check("a#b", "Then[a#b]");
    }

    #[test]
    fn several_commands() {
        check("a && b; c | d || e", "Then[a] And[b] Then[c] Pipe[d] Or[e]");
        check("a \\\n  b\n\n# c\nd", "Then[a·b] Then[d]");
        check("a &&\n b", "Then[a] And[b]");
    }

    #[test]
    fn problems() {
        check("a 'b", "! unexpected end of line while looking for the matching '");
        check("&& a", "! unexpected '&&': a command is missing before it");
        check("a &&", "Then[a] ! unexpected end of line: a command is missing");
        check(
            "a > b",
            "! this terminal does not know '>': there are no files to write and no background jobs",
        );
    }
}
