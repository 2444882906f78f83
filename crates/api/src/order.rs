//! Sorting and collecting without a copy of the algorithm for every type.
//!
//! The standard library's sort is compiled anew for each type and each comparison, about 4 KB of
//! WebAssembly every time, and `collect` into a `BTreeMap` or `BTreeSet` sorts too.
//! Before these functions were used, a tenth of the page's download was sorting.
//! Here one sort of positions serves all types; what is compiled per type is the comparison and a swap.

use std::cmp::Ordering;

/// The positions `0..count` in the order that `compare` gives the items at them; equal ones keep their order.
/// Nothing where they are in that order: short lists mostly are.
fn positions(count: usize, compare: &mut dyn FnMut(usize, usize) -> Ordering) -> Vec<usize> {
    if (1..count).all(|at| compare(at - 1, at).is_le()) {
        return Vec::new();
    }
    let mut order: Vec<usize> = (0..count).collect();
    #[expect(clippy::disallowed_methods, reason = "the one sort that the others are made of")]
    order.sort_by(|&a, &b| compare(a, b));
    order
}

/// Brings to every position the item that `order` names for it, by swapping along the cycles.
///
/// `order` holds every position once.
pub fn arrange(mut order: Vec<usize>, swap: &mut dyn FnMut(usize, usize)) {
    for start in 0..order.len() {
        let mut at = start;
        while order[at] != start {
            let from = order[at];
            swap(at, from);
            order[at] = at;
            at = from;
        }
        order[at] = at;
    }
}

/// Sorts by a comparison; equal items keep their order.
pub fn sort_by<T>(items: &mut [T], mut compare: impl FnMut(&T, &T) -> Ordering) {
    let order = positions(items.len(), &mut |a, b| compare(&items[a], &items[b]));
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Sorts by a key; items with equal keys keep their order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], mut key: impl FnMut(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// Sorts by a key that is costly to make: it is made once for each item.
pub fn sort_by_cached_key<T, K: Ord>(items: &mut [T], key: impl FnMut(&T) -> K) {
    let keys: Vec<K> = items.iter().map(key).collect();
    let order = positions(items.len(), &mut |a, b| keys[a].cmp(&keys[b]));
    arrange(order, &mut |a, b| items.swap(a, b));
}

/// Sorts ascending.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Collects into a map or a set, one after the other: of equal keys the last one's value stays.
pub fn gather<T, C: Default + Extend<T>>(items: impl IntoIterator<Item = T>) -> C {
    let mut collection = C::default();
    collection.extend(items);
    collection
}

#[cfg(test)]
#[expect(
    clippy::disallowed_methods,
    reason = "the standard library's sort is what is compared with"
)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// All sequences of `length` digits below `base`.
    fn sequences(length: u32, base: usize) -> impl Iterator<Item = Vec<usize>> {
        (0..base.pow(length))
            .map(move |number| (0..length).map(|place| number / base.pow(place) % base).collect())
    }

    #[test]
    fn sorts_as_the_standard_library_does() {
        for length in 0..=5 {
            for digits in sequences(length, 4) {
                // The position tells equal ones apart: their order must stay.
                let items: Vec<(usize, usize)> = digits.into_iter().zip(0..).collect();
                let mut expected = items.clone();
                expected.sort_by_key(|item| item.0);
                let mut sorted = items.clone();
                sort_by_key(&mut sorted, |item| item.0);
                assert_eq!(sorted, expected, "{items:?}");
            }
        }
    }

    #[test]
    fn sorts_what_is_long() {
        let mut items: Vec<u32> = (0..10_000u32).map(|n| n.wrapping_mul(2_654_435_761)).collect();
        let mut expected = items.clone();
        expected.sort();
        sort(&mut items);
        assert_eq!(items, expected);
    }

    #[test]
    fn gathers_as_collect_does() {
        let entries = [("b", 1), ("a", 2), ("b", 3)];
        let gathered: BTreeMap<_, _> = gather(entries);
        assert_eq!(gathered, entries.into_iter().collect());
    }
}
