//! Go's `sort.Sort`: not stable, but always the same. kubectl's tables and lists of events show what
//! it does with equal elements, so equal elements must end where Go puts them.
//!
//! Models the pattern-defeating quicksort of Go's package `sort`.

use rollscope_api::order;

/// Sorts by `less`.
pub(crate) fn sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    let limit = usize::BITS - items.len().leading_zeros();
    let end = items.len();
    let mut sorter = Sorter { items: (0..end).collect(), less: &|a, b| less(&items[a], &items[b]) };
    sorter.quick_sort(0, end, limit);
    let sorted = sorter.items;
    order::arrange(sorted, &mut |a, b| items.swap(a, b));
}

/// Up to so many elements are sorted by insertion, which keeps equal elements in their order.
const INSERTION: usize = 12;

/// Sorts positions, so that it is the same code for every type.
struct Sorter<'a> {
    items: Vec<usize>,
    less: &'a dyn Fn(usize, usize) -> bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Hint {
    Unknown,
    Increasing,
    Decreasing,
}

impl Sorter<'_> {
    fn less(&self, a: usize, b: usize) -> bool {
        (self.less)(self.items[a], self.items[b])
    }

    fn quick_sort(&mut self, mut from: usize, mut to: usize, mut limit: u32) {
        let (mut was_balanced, mut was_partitioned) = (true, true);
        loop {
            let length = to - from;
            if length <= INSERTION {
                return self.insertion_sort(from, to);
            }
            if limit == 0 {
                return self.heap_sort(from, to);
            }
            if !was_balanced {
                self.break_patterns(from, to);
                limit -= 1;
            }
            let (mut pivot, mut hint) = self.choose_pivot(from, to);
            if hint == Hint::Decreasing {
                self.items[from..to].reverse();
                pivot = (to - 1) - (pivot - from);
                hint = Hint::Increasing;
            }
            if was_balanced
                && was_partitioned
                && hint == Hint::Increasing
                && self.partial_insertion_sort(from, to)
            {
                return;
            }
            if from > 0 && !self.less(from - 1, pivot) {
                from = self.partition_equal(from, to, pivot);
                continue;
            }
            let (middle, already) = self.partition(from, to, pivot);
            was_partitioned = already;
            let (left, right) = (middle - from, to - middle);
            let balance = length / 8;
            if left < right {
                was_balanced = left >= balance;
                self.quick_sort(from, middle, limit);
                from = middle + 1;
            } else {
                was_balanced = right >= balance;
                self.quick_sort(middle + 1, to, limit);
                to = middle;
            }
        }
    }

    fn insertion_sort(&mut self, from: usize, to: usize) {
        for i in from + 1..to {
            let mut j = i;
            while j > from && self.less(j, j - 1) {
                self.items.swap(j, j - 1);
                j -= 1;
            }
        }
    }

    fn sift_down(&mut self, mut root: usize, end: usize, first: usize) {
        loop {
            let mut child = 2 * root + 1;
            if child >= end {
                return;
            }
            if child + 1 < end && self.less(first + child, first + child + 1) {
                child += 1;
            }
            if !self.less(first + root, first + child) {
                return;
            }
            self.items.swap(first + root, first + child);
            root = child;
        }
    }

    fn heap_sort(&mut self, from: usize, to: usize) {
        let length = to - from;
        for i in (0..=(length - 1) / 2).rev() {
            self.sift_down(i, length, from);
        }
        for i in (0..length).rev() {
            self.items.swap(from, from + i);
            self.sift_down(0, i, from);
        }
    }

    /// Returns where the pivot ends and whether everything was in place before.
    fn partition(&mut self, from: usize, to: usize, pivot: usize) -> (usize, bool) {
        self.items.swap(from, pivot);
        let (mut i, mut j) = (from + 1, to - 1);
        while i <= j && self.less(i, from) {
            i += 1;
        }
        while i <= j && !self.less(j, from) {
            j -= 1;
        }
        if i > j {
            self.items.swap(j, from);
            return (j, true);
        }
        self.items.swap(i, j);
        i += 1;
        j -= 1;
        loop {
            while i <= j && self.less(i, from) {
                i += 1;
            }
            while i <= j && !self.less(j, from) {
                j -= 1;
            }
            if i > j {
                break;
            }
            self.items.swap(i, j);
            i += 1;
            j -= 1;
        }
        self.items.swap(j, from);
        (j, false)
    }

    /// Puts what equals the pivot first; returns where the greater elements begin.
    fn partition_equal(&mut self, from: usize, to: usize, pivot: usize) -> usize {
        self.items.swap(from, pivot);
        let (mut i, mut j) = (from + 1, to - 1);
        loop {
            while i <= j && !self.less(from, i) {
                i += 1;
            }
            while i <= j && self.less(from, j) {
                j -= 1;
            }
            if i > j {
                return i;
            }
            self.items.swap(i, j);
            i += 1;
            j -= 1;
        }
    }

    /// Sorts what is nearly sorted; gives up after five shifts.
    fn partial_insertion_sort(&mut self, from: usize, to: usize) -> bool {
        const STEPS: usize = 5;
        const SHORTEST_SHIFTING: usize = 50;
        let mut i = from + 1;
        for _ in 0..STEPS {
            while i < to && !self.less(i, i - 1) {
                i += 1;
            }
            if i == to {
                return true;
            }
            if to - from < SHORTEST_SHIFTING {
                return false;
            }
            self.items.swap(i, i - 1);
            if i - from >= 2 {
                for j in (from + 1..i).rev() {
                    if !self.less(j, j - 1) {
                        break;
                    }
                    self.items.swap(j, j - 1);
                }
            }
            if to - i >= 2 {
                for j in i + 1..to {
                    if !self.less(j, j - 1) {
                        break;
                    }
                    self.items.swap(j, j - 1);
                }
            }
        }
        false
    }

    /// Scatters a few elements by a generator that is seeded with the length.
    fn break_patterns(&mut self, from: usize, to: usize) {
        let length = to - from;
        if length < 8 {
            return;
        }
        let mut random = length as u64;
        let modulus = 1_usize << (usize::BITS - length.leading_zeros());
        let index = from + (length / 4) * 2 - 1;
        for i in 0..3 {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let mut other = (random as usize) & (modulus - 1);
            if other >= length {
                other -= length;
            }
            self.items.swap(index - 1 + i, from + other);
        }
    }

    fn choose_pivot(&self, from: usize, to: usize) -> (usize, Hint) {
        const SHORTEST_NINTHER: usize = 50;
        const MOST_SWAPS: usize = 4 * 3;
        let length = to - from;
        let mut swaps = 0;
        let mut i = from + length / 4;
        let mut j = from + length / 4 * 2;
        let mut k = from + length / 4 * 3;
        if length >= 8 {
            if length >= SHORTEST_NINTHER {
                i = self.median(i - 1, i, i + 1, &mut swaps);
                j = self.median(j - 1, j, j + 1, &mut swaps);
                k = self.median(k - 1, k, k + 1, &mut swaps);
            }
            j = self.median(i, j, k, &mut swaps);
        }
        match swaps {
            0 => (j, Hint::Increasing),
            MOST_SWAPS => (j, Hint::Decreasing),
            _ => (j, Hint::Unknown),
        }
    }

    fn median(&self, a: usize, b: usize, c: usize, swaps: &mut usize) -> usize {
        let mut ordered = |a: usize, b: usize| {
            if self.less(b, a) {
                *swaps += 1;
                (b, a)
            } else {
                (a, b)
            }
        };
        let (a, b) = ordered(a, b);
        let (b, _) = ordered(b, c);
        let (_, b) = ordered(a, b);
        b
    }
}

#[cfg(test)]
mod tests {
    use super::sort;

    #[test]
    fn sorts() {
        for length in [0, 1, 5, 12, 13, 50, 51, 500] {
            for factor in [1_usize, 7, 31, 97] {
                let mut items: Vec<usize> = (0..length).map(|i| i * factor % 101).collect();
                let mut expected = items.clone();
                rollscope_api::order::sort(&mut expected);
                sort(&mut items, |a, b| a < b);
                assert_eq!(items, expected, "{length} elements, factor {factor}");
            }
        }
    }

    #[test]
    fn few_equal_elements_stay_in_order() {
        let mut items: Vec<(u8, u8)> = (0..12).map(|i| (i % 2, i)).collect();
        sort(&mut items, |a, b| a.0 < b.0);
        let expected: Vec<(u8, u8)> = [0, 2, 4, 6, 8, 10]
            .map(|i| (0, i))
            .into_iter()
            .chain([1, 3, 5, 7, 9, 11].map(|i| (1, i)))
            .collect();
        assert_eq!(items, expected);
    }
}
