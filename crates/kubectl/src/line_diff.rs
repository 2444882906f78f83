//! Which lines of two texts differ, as GNU `diff` finds it.
//!
//! `kubectl diff` runs the system's `diff`, whose choice among equally short edits is visible in its
//! output. Models GNU diffutils' `analyze.c`: lines that only confuse the search are left out,
//! Myers' search from both ends does the rest, and runs of changes are moved to where they read best.

use std::collections::BTreeMap;

/// Marks, for each text, the lines that are not in the other.
pub(crate) fn changed(old: &[&str], new: &[&str]) -> [Vec<bool>; 2] {
    // As many of the equal lines at both ends take part as are shown around a change.
    const HORIZON: usize = 3;
    let start = old.iter().zip(new).take_while(|(a, b)| a == b).count();
    let (old_rest, new_rest) = (&old[start..], &new[start..]);
    let end = old_rest.iter().rev().zip(new_rest.iter().rev()).take_while(|(a, b)| a == b).count();
    let (start, end) = (start.saturating_sub(HORIZON), end.saturating_sub(HORIZON));
    let middles = [&old[start..old.len() - end], &new[start..new.len() - end]];

    let lines = numbered(middles);
    let mut marks = [Marks::new(lines[0].len()), Marks::new(lines[1].len())];
    let kept = [0, 1].map(|side| kept(side, &lines));
    for side in 0..2 {
        let keep = &kept[side];
        (0..lines[side].len())
            .filter(|at| keep.binary_search(at).is_err())
            .for_each(|at| marks[side].set(at));
    }
    let mut search = Search { kept: &kept, lines: &lines, marks: &mut marks };
    search.compare([0, kept[0].len()], [0, kept[1].len()]);
    shift(&mut marks, &lines);
    marks.map(|marks| {
        let mut all = vec![false; start];
        all.extend((0..marks.0.len() - 2).map(|at| marks.get(at)));
        all.extend(std::iter::repeat_n(false, end));
        all
    })
}

/// Equal lines get equal numbers.
fn numbered(texts: [&[&str]; 2]) -> [Vec<usize>; 2] {
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    texts.map(|lines| {
        lines
            .iter()
            .map(|line| {
                let next = known.len();
                *known.entry((*line).to_owned()).or_insert(next)
            })
            .collect()
    })
}

/// Marks of lines with an unmarked one before the first and behind the last.
struct Marks(Vec<bool>);

impl Marks {
    fn new(lines: usize) -> Self {
        Self(vec![false; lines + 2])
    }

    fn get(&self, at: usize) -> bool {
        self.0[at + 1]
    }

    fn before(&self, at: usize) -> bool {
        self.0[at]
    }

    fn set(&mut self, at: usize) {
        self.0[at + 1] = true;
    }

    fn clear(&mut self, at: usize) {
        self.0[at + 1] = false;
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Discard {
    No,
    Yes,
    Perhaps,
}

/// The lines of a side that the search looks at. A line that the other side has not is left out; so
/// is one that it has often, where it stands among such.
fn kept(side: usize, lines: &[Vec<usize>; 2]) -> Vec<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    lines[1 - side].iter().for_each(|line| *counts.entry(*line).or_default() += 1);
    let mut many = 5;
    let mut rest = lines[side].len() / 256;
    while rest > 0 {
        many *= 2;
        rest >>= 2;
    }
    let mut discards: Vec<Discard> = lines[side]
        .iter()
        .map(|line| match counts.get(line) {
            None => Discard::Yes,
            Some(&count) if count > many => Discard::Perhaps,
            Some(_) => Discard::No,
        })
        .collect();
    let mut at = 0;
    while at < discards.len() {
        match discards[at] {
            Discard::Perhaps => discards[at] = Discard::No,
            Discard::Yes => at += settle_run(&mut discards[at..]),
            Discard::No => {}
        }
        at += 1;
    }
    (0..discards.len()).filter(|&at| discards[at] == Discard::No).collect()
}

/// Decides about the doubtful lines of the run that begins here. Returns how far to go on.
fn settle_run(discards: &mut [Discard]) -> usize {
    let mut length =
        discards.iter().position(|discard| *discard == Discard::No).unwrap_or(discards.len());
    while discards[length - 1] == Discard::Perhaps {
        length -= 1;
        discards[length] = Discard::No;
    }
    let run = &mut discards[..length];
    let doubtful = run.iter().filter(|discard| **discard == Discard::Perhaps).count();
    if doubtful * 4 > length {
        run.iter_mut().filter(|d| **d == Discard::Perhaps).for_each(|d| *d = Discard::No);
        return 0;
    }
    let mut minimum = 1;
    let mut rest = length >> 4;
    while rest > 0 {
        minimum <<= 1;
        rest >>= 2;
    }
    minimum += 1;
    let mut from = 0;
    while from < length {
        let subrun = run[from..].iter().take_while(|d| **d == Discard::Perhaps).count();
        if subrun >= minimum {
            run[from..from + subrun].fill(Discard::No);
        }
        from += subrun.max(1);
    }
    settle_end(run.iter_mut());
    settle_end(run.iter_mut().rev());
    length - 1
}

/// Near an end of a run, doubtful lines stay until three lines in a row do not.
fn settle_end<'a>(run: impl Iterator<Item = &'a mut Discard>) {
    let mut consecutive = 0;
    for (at, discard) in run.enumerate() {
        if at >= 8 && *discard == Discard::Yes {
            break;
        }
        consecutive = if *discard == Discard::Yes { consecutive + 1 } else { 0 };
        if *discard == Discard::Perhaps {
            *discard = Discard::No;
        }
        if consecutive == 3 {
            break;
        }
    }
}

struct Search<'a> {
    /// The lines looked at, by their places in `lines`.
    kept: &'a [Vec<usize>; 2],
    lines: &'a [Vec<usize>; 2],
    marks: &'a mut [Marks; 2],
}

impl Search<'_> {
    fn equal(&self, x: usize, y: usize) -> bool {
        self.lines[0][self.kept[0][x]] == self.lines[1][self.kept[1][y]]
    }

    fn compare(&mut self, [mut x0, mut x1]: [usize; 2], [mut y0, mut y1]: [usize; 2]) {
        while x0 < x1 && y0 < y1 && self.equal(x0, y0) {
            (x0, y0) = (x0 + 1, y0 + 1);
        }
        while x0 < x1 && y0 < y1 && self.equal(x1 - 1, y1 - 1) {
            (x1, y1) = (x1 - 1, y1 - 1);
        }
        if x0 == x1 {
            (y0..y1).for_each(|y| self.marks[1].set(self.kept[1][y]));
        } else if y0 == y1 {
            (x0..x1).for_each(|x| self.marks[0].set(self.kept[0][x]));
        } else {
            let (x, y) = self.middle([x0, x1], [y0, y1]);
            self.compare([x0, x], [y0, y]);
            self.compare([x, x1], [y, y1]);
        }
    }

    /// A point on a shortest path, where the searches from both ends meet.
    fn middle(&self, [x0, x1]: [usize; 2], [y0, y1]: [usize; 2]) -> (usize, usize) {
        let signed = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let (x_off, x_lim, y_off, y_lim) = (signed(x0), signed(x1), signed(y0), signed(y1));
        let place = |x: i64, y: i64| {
            (usize::try_from(x).unwrap_or_default(), usize::try_from(y).unwrap_or_default())
        };
        let same = |x: i64, y: i64| {
            let (x, y) = place(x, y);
            self.equal(x, y)
        };
        // Diagonals are numbered by x - y.
        let (d_min, d_max) = (x_off - y_lim, x_lim - y_off);
        let (f_mid, b_mid) = (x_off - y_off, x_lim - y_lim);
        let at = |d: i64| usize::try_from(d - d_min + 1).unwrap_or_default();
        let mut forward = vec![-1; at(d_max) + 2];
        let mut backward = vec![i64::MAX; at(d_max) + 2];
        let (mut f_min, mut f_max, mut b_min, mut b_max) = (f_mid, f_mid, b_mid, b_mid);
        let odd = (f_mid - b_mid) % 2 != 0;
        forward[at(f_mid)] = x_off;
        backward[at(b_mid)] = x_lim;
        loop {
            widen(&mut f_min, &mut f_max, [d_min, d_max], |d| forward[at(d)] = -1);
            let mut d = f_max;
            while d >= f_min {
                let (low, high) = (forward[at(d - 1)], forward[at(d + 1)]);
                let mut x = if low < high { high } else { low + 1 };
                while x < x_lim && x - d < y_lim && same(x, x - d) {
                    x += 1;
                }
                forward[at(d)] = x;
                if odd && (b_min..=b_max).contains(&d) && backward[at(d)] <= x {
                    return place(x, x - d);
                }
                d -= 2;
            }
            widen(&mut b_min, &mut b_max, [d_min, d_max], |d| backward[at(d)] = i64::MAX);
            let mut d = b_max;
            while d >= b_min {
                let (low, high) = (backward[at(d - 1)], backward[at(d + 1)]);
                let mut x = if low < high { low } else { high - 1 };
                while x_off < x && y_off < x - d && same(x - 1, x - d - 1) {
                    x -= 1;
                }
                backward[at(d)] = x;
                if !odd && (f_min..=f_max).contains(&d) && x <= forward[at(d)] {
                    return place(x, x - d);
                }
                d -= 2;
            }
        }
    }
}

/// One more diagonal on either side, or one less where the edge is reached.
fn widen(min: &mut i64, max: &mut i64, [d_min, d_max]: [i64; 2], mut unknown: impl FnMut(i64)) {
    if *min > d_min {
        *min -= 1;
        unknown(*min - 1);
    } else {
        *min += 1;
    }
    if *max < d_max {
        *max += 1;
        unknown(*max + 1);
    } else {
        *max -= 1;
    }
}

/// Moves each run of changes as far down as it goes, or to a run of the other side that it belongs to.
fn shift(marks: &mut [Marks; 2], lines: &[Vec<usize>; 2]) {
    for (side, equivalent) in lines.iter().enumerate() {
        let end = equivalent.len();
        let [first, second] = &mut *marks;
        let (own, other) = if side == 0 { (first, second) } else { (second, first) };
        let (mut i, mut j) = (0, 0);
        loop {
            while i < end && !own.get(i) {
                while other.get(j) {
                    j += 1;
                }
                (i, j) = (i + 1, j + 1);
            }
            if i == end {
                break;
            }
            let mut start = i;
            i += 1;
            while own.get(i) {
                i += 1;
            }
            while other.get(j) {
                j += 1;
            }
            let mut corresponding;
            loop {
                let length = i - start;
                while start > 0 && equivalent[start - 1] == equivalent[i - 1] {
                    (start, i) = (start - 1, i - 1);
                    own.set(start);
                    own.clear(i);
                    while own.before(start) {
                        start -= 1;
                    }
                    j -= 1;
                    while other.get(j) {
                        j -= 1;
                    }
                }
                corresponding = if other.before(j) { i } else { end };
                while i != end && equivalent[start] == equivalent[i] {
                    own.clear(start);
                    own.set(i);
                    (start, i) = (start + 1, i + 1);
                    while own.get(i) {
                        i += 1;
                    }
                    j += 1;
                    while other.get(j) {
                        corresponding = i;
                        j += 1;
                    }
                }
                if length == i - start {
                    break;
                }
            }
            while corresponding < i {
                (start, i) = (start - 1, i - 1);
                own.set(start);
                own.clear(i);
                j -= 1;
                while other.get(j) {
                    j -= 1;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::changed;

    /// The lines of both sides, those that differ in capitals; each letter is a line.
    fn check(old: &str, new: &str, expected: &str) {
        let split = |text: &'static str| text.split("").filter(|line| !line.is_empty()).collect();
        let [old, new]: [Vec<&str>; 2] = [old, new].map(|text| split(text.to_owned().leak()));
        let marks = changed(&old, &new);
        let shown = |lines: &[&str], marks: &[bool]| -> String {
            let show = |(line, mark): (&&str, &bool)| match mark {
                true => line.to_uppercase(),
                false => (*line).to_owned(),
            };
            lines.iter().zip(marks).map(show).collect()
        };
        assert_eq!(
            format!("{} {}", shown(&old, &marks[0]), shown(&new, &marks[1])),
            expected,
            "{old:?} {new:?}"
        );
    }

    /// As GNU diff 3.8 marks them.
    #[test]
    fn as_gnu_diff() {
        check("", "", " ");
        check("abc", "abc", "abc abc");
        check("abc", "abxc", "abc abXc");
        // What could be said of several lines is said of the last ones.
        check("abab", "ababab", "abab ababAB");
        check("aab", "aaab", "aab aaAb");
        check("axbyc", "axcyb", "axBYc axcYB");
    }
}
