//! Unified diffs with three lines of context, as `diff -u` prints them.

use crate::line_diff;

/// The hunks between two texts; empty if they are the same.
pub(crate) fn unified(before: &str, after: &str) -> String {
    const CONTEXT: usize = 3;
    let old: Vec<&str> = before.lines().collect();
    let new: Vec<&str> = after.lines().collect();
    let edits = edits(&old, &new);
    let changed: Vec<usize> = (0..edits.len()).filter(|&at| edits[at].0 != ' ').collect();
    let mut text = String::new();
    let mut at = 0;
    while at < changed.len() {
        let mut last = at;
        while last + 1 < changed.len() && changed[last + 1] - changed[last] <= 2 * CONTEXT + 1 {
            last += 1;
        }
        let start = changed[at].saturating_sub(CONTEXT);
        let end = (changed[last] + CONTEXT + 1).min(edits.len());
        text.push_str(&hunk(&edits, start, end));
        at = last + 1;
    }
    text
}

fn hunk(edits: &[(char, &str)], start: usize, end: usize) -> String {
    let count =
        |range: &[(char, &str)], skip: char| range.iter().filter(|(kind, _)| *kind != skip).count();
    let place = |skip: char| {
        let (first, lines) = (count(&edits[..start], skip), count(&edits[start..end], skip));
        match lines {
            0 => format!("{first},0"),
            1 => format!("{}", first + 1),
            lines => format!("{},{lines}", first + 1),
        }
    };
    let mut text = format!("@@ -{} +{} @@\n", place('+'), place('-'));
    for (kind, line) in &edits[start..end] {
        text.push(*kind);
        text.push_str(line);
        text.push('\n');
    }
    text
}

/// The lines with what becomes of them; removals come before additions.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let [removed, added] = line_diff::changed(old, new);
    let mut edits = Vec::with_capacity(old.len().max(new.len()));
    let (mut i, mut j) = (0, 0);
    while i < old.len() || j < new.len() {
        if i < old.len() && removed[i] {
            edits.push(('-', old[i]));
            i += 1;
        } else if j < new.len() && added[j] {
            edits.push(('+', new[j]));
            j += 1;
        } else {
            edits.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use super::unified;

    #[test]
    fn hunks() {
        assert_eq!(unified("a\n", "a\n"), "");
        assert_eq!(unified("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
        assert_eq!(
            unified("a\nb\nc\nd\ne\n", "a\nb\nx\nd\ne\n"),
            "@@ -1,5 +1,5 @@\n a\n b\n-c\n+x\n d\n e\n"
        );
        let before: Vec<String> = (1..=20).map(|n| format!("{n}\n")).collect();
        let after = before.concat().replace("2\n3\n", "2\nnew\n3\n").replace("18\n", "");
        assert_eq!(
            unified(&before.concat(), &after),
            "@@ -1,5 +1,6 @@\n 1\n 2\n+new\n 3\n 4\n 5\n@@ -15,6 +16,5 @@\n 15\n 16\n 17\n-18\n 19\n 20\n"
        );
    }
}
