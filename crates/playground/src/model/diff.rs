//! Differences between two texts, line by line: what changed in a pod template.

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Line {
    /// In both.
    Same(String),
    /// Only in the new text.
    Add(String),
    /// Only in the old text.
    Del(String),
    /// So many lines that are in both are left out here.
    Gap(usize),
}

/// Lines above which texts are compared as wholes: the table of the comparison is quadratic.
const LINES_MAX: usize = 1_500;

/// The comparison of two texts, every line of both.
pub fn lines(old: &str, new: &str) -> Vec<Line> {
    let (old, new): (Vec<&str>, Vec<&str>) = (old.lines().collect(), new.lines().collect());
    let same_start = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let (rest_old, rest_new) = (&old[same_start..], &new[same_start..]);
    let same_end = rest_old.iter().rev().zip(rest_new.iter().rev()).take_while(|(a, b)| a == b);
    let same_end = same_end.count();
    let middle_old = &rest_old[..rest_old.len() - same_end];
    let middle_new = &rest_new[..rest_new.len() - same_end];
    let mut result: Vec<Line> = old[..same_start].iter().map(|line| same(line)).collect();
    compare(middle_old, middle_new, &mut result);
    result.extend(rest_old[rest_old.len() - same_end..].iter().map(|line| same(line)));
    result
}

fn same(line: &str) -> Line {
    Line::Same(line.to_owned())
}
fn add(line: &str) -> Line {
    Line::Add(line.to_owned())
}
fn del(line: &str) -> Line {
    Line::Del(line.to_owned())
}

/// By the longest common subsequence; removed lines come before added ones.
fn compare(old: &[&str], new: &[&str], result: &mut Vec<Line>) {
    if old.len() > LINES_MAX || new.len() > LINES_MAX {
        result.extend(old.iter().map(|line| del(line)));
        result.extend(new.iter().map(|line| add(line)));
        return;
    }
    let width = new.len() + 1;
    let mut common = vec![0_u16; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i * width + j] = if old[i] == new[j] {
                common[(i + 1) * width + j + 1] + 1
            } else {
                common[(i + 1) * width + j].max(common[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            result.push(same(old[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len()
            && (j == new.len() || common[(i + 1) * width + j] >= common[i * width + j + 1])
        {
            result.push(del(old[i]));
            i += 1;
        } else {
            result.push(add(new[j]));
            j += 1;
        }
    }
}

/// The changed lines with up to `context` unchanged ones around them; the rest are gaps.
pub fn with_context(lines: Vec<Line>, context: usize) -> Vec<Line> {
    let changed: Vec<usize> =
        (0..lines.len()).filter(|&at| !matches!(lines[at], Line::Same(_))).collect();
    let near = |at: usize| changed.iter().any(|&other| other.abs_diff(at) <= context);
    let mut result = Vec::new();
    let mut left_out = 0;
    for (at, line) in lines.into_iter().enumerate() {
        if near(at) {
            if left_out > 0 {
                result.push(Line::Gap(left_out));
                left_out = 0;
            }
            result.push(line);
        } else {
            left_out += 1;
        }
    }
    if left_out > 0 && !result.is_empty() {
        result.push(Line::Gap(left_out));
    }
    result
}

/// Only what changed, without indentation and dashes: fit for a card.
pub fn changes(old: &str, new: &str) -> Vec<Line> {
    let bare = |text: &str| text.trim().trim_start_matches("- ").to_owned();
    let trimmed = lines(old, new).into_iter().filter_map(|line| match line {
        Line::Add(text) => Some(Line::Add(bare(&text))),
        Line::Del(text) => Some(Line::Del(bare(&text))),
        Line::Same(_) | Line::Gap(_) => None,
    });
    trimmed.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(old: &str, new: &str, context: usize, expected: &str) {
        let shown: Vec<String> = with_context(lines(old, new), context)
            .into_iter()
            .map(|line| match line {
                Line::Same(text) => format!(" {text}"),
                Line::Add(text) => format!("+{text}"),
                Line::Del(text) => format!("-{text}"),
                Line::Gap(count) => format!("@{count}"),
            })
            .collect();
        assert_eq!(shown.join("\n"), expected);
    }

    #[test]
    fn a_changed_line_is_removed_and_added() {
        check("a\nb\nc\nd\ne", "a\nb\nx\nd\ne", 1, "@1\n b\n-c\n+x\n d\n@1");
    }

    #[test]
    fn nothing_in_common_and_nothing_at_all() {
        check("a\nb", "c", 3, "-a\n-b\n+c");
        check("", "a", 0, "+a");
        check("a", "a", 2, "");
    }

    #[test]
    fn a_moved_line_is_found_once() {
        check("a\nb\nc", "b\nc\na", 0, "-a\n@2\n+a");
    }

    #[test]
    fn cards_show_changes_alone() {
        let changes = changes("x:\n- image: a:1\n", "x:\n- image: a:2\n");
        assert_eq!(changes, [Line::Del("image: a:1".into()), Line::Add("image: a:2".into())]);
    }
}
