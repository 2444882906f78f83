//! A small line diff for people: what was recorded against what was simulated.

use super::Difference;

/// Lines shown on either side of a change.
const CONTEXT: usize = 2;
/// Lines shown of one difference at most; the rest is counted.
const LINES_MAX: usize = 60;
/// Above this many lines a side, lines are compared pairwise instead of searching the best match.
const SEARCH_MAX: usize = 1_500;

/// One line of a diff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Line<'a> {
    Same(&'a str),
    Recorded(&'a str),
    Simulated(&'a str),
}

/// Renders a difference: `-` stands before what the real cluster did, `+` before what the
/// simulation did. Ends with a newline.
pub fn render(difference: &Difference) -> String {
    let recorded: Vec<&str> = difference.recorded.lines().collect();
    let simulated: Vec<&str> = difference.simulated.lines().collect();
    let lines = if recorded.len() > SEARCH_MAX || simulated.len() > SEARCH_MAX {
        pairwise(&recorded, &simulated)
    } else {
        longest_common(&recorded, &simulated)
    };
    if lines.iter().all(|line| matches!(line, Line::Same(_))) {
        // The texts differ, but no line does: it is the newline at the end.
        return format!(
            "- {:?}\n+ {:?}\n",
            tail(&difference.recorded),
            tail(&difference.simulated)
        );
    }
    write(&lines)
}

fn tail(text: &str) -> &str {
    let start = text.trim_end_matches('\n').rfind('\n').map_or(0, |at| at + 1);
    &text[start..]
}

fn pairwise<'a>(recorded: &[&'a str], simulated: &[&'a str]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for index in 0..recorded.len().max(simulated.len()) {
        match (recorded.get(index), simulated.get(index)) {
            (Some(one), Some(other)) if one == other => lines.push(Line::Same(one)),
            (one, other) => {
                lines.extend(one.map(|line| Line::Recorded(line)));
                lines.extend(other.map(|line| Line::Simulated(line)));
            }
        }
    }
    lines
}

fn longest_common<'a>(recorded: &[&'a str], simulated: &[&'a str]) -> Vec<Line<'a>> {
    let width = simulated.len() + 1;
    let mut common = vec![0_u32; (recorded.len() + 1) * width];
    for i in (0..recorded.len()).rev() {
        for j in (0..simulated.len()).rev() {
            common[i * width + j] = if recorded[i] == simulated[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut lines = Vec::new();
    while i < recorded.len() || j < simulated.len() {
        if i < recorded.len() && j < simulated.len() && recorded[i] == simulated[j] {
            lines.push(Line::Same(recorded[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < recorded.len()
            && (j == simulated.len() || common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            lines.push(Line::Recorded(recorded[i]));
            i += 1;
        } else {
            lines.push(Line::Simulated(simulated[j]));
            j += 1;
        }
    }
    lines
}

fn write(lines: &[Line<'_>]) -> String {
    let near_change = |index: usize| {
        let from = index.saturating_sub(CONTEXT);
        let to = (index + CONTEXT + 1).min(lines.len());
        lines[from..to].iter().any(|line| !matches!(line, Line::Same(_)))
    };
    let mut text = String::new();
    let mut shown = 0;
    let mut skipping = false;
    for (index, line) in lines.iter().enumerate() {
        if !near_change(index) {
            if !skipping {
                text.push_str("  …\n");
            }
            skipping = true;
            continue;
        }
        skipping = false;
        if shown == LINES_MAX {
            text.push_str("  … and more\n");
            break;
        }
        shown += 1;
        let (sign, content) = match line {
            Line::Same(content) => (' ', content),
            Line::Recorded(content) => ('-', content),
            Line::Simulated(content) => ('+', content),
        };
        text.push_str(&format!("{sign} {content}\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    fn check(recorded: &str, simulated: &str, expected: Expect) {
        let difference = Difference { recorded: recorded.into(), simulated: simulated.into() };
        expected.assert_eq(&render(&difference));
    }

    #[test]
    fn shows_the_change_and_its_surroundings() {
        check(
            "a\nb\nc\nd\ne\nf\n",
            "a\nb\nc\nd\nE\nf\n",
            expect![[r#"
                  …
                  c
                  d
                - e
                + E
                  f
            "#]],
        );
    }

    #[test]
    fn shows_a_missing_newline() {
        check(
            "a\nb\n",
            "a\nb",
            expect![[r#"
                - "b\n"
                + "b"
            "#]],
        );
    }
}
