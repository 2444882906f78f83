//! What a misspelled word may have been meant to be.

/// The word nearest to another, if one is near enough to be meant.
pub(super) fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (word.chars().count() / 3).max(1);
    known
        .map(|candidate| (distance(word, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= limit || is_part(word, candidate))
        .min()
        .map(|(_, candidate)| candidate)
}

/// Whether one word is the other's beginning: `replica` and `replicas`, `env` and `environment`.
fn is_part(word: &str, candidate: &str) -> bool {
    let (word, candidate) = (word.to_lowercase(), candidate.to_lowercase());
    word.len() > 2
        && (candidate.starts_with(&word) || word.starts_with(&candidate))
        && candidate.len() > 2
}

/// Edits between two words, case aside; swapped neighbours count as one.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) =
        (a.to_lowercase().chars().collect(), b.to_lowercase().chars().collect());
    // Long words are no typing mistakes; this also bounds the work.
    if a.len() > 64 || b.len() > 64 {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=b.len()).collect()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let change = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

/// Whether an unknown field may be meant to be a missing one beside it.
pub(super) fn may_mean(unknown: &str, missing: &str) -> bool {
    let split = |path: &str| {
        let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
        (parent.to_owned(), name.to_owned())
    };
    let ((unknown_parent, unknown), (missing_parent, missing)) = (split(unknown), split(missing));
    unknown_parent == missing_parent
        && nearest(&unknown, std::iter::once(missing.as_str())).is_some()
}
