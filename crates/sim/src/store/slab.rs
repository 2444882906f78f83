//! A growing list of numbered values whose clones are cheap: chunks are shared until written.

use std::rc::Rc;

const CHUNK: usize = 64;

/// Values numbered in order of insertion. Numbers are never used twice.
#[derive(Clone, Debug)]
pub(crate) struct Slab<T> {
    /// `None` where every value of the chunk has been removed.
    chunks: Vec<Option<Rc<Chunk<T>>>>,
    next: u32,
    len: usize,
}

#[derive(Clone, Debug)]
struct Chunk<T> {
    values: Vec<Option<T>>,
    live: usize,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self { chunks: Vec::new(), next: 0, len: 0 }
    }
}

impl<T: Clone> Slab<T> {
    /// Adds a value and returns its number.
    pub(crate) fn insert(&mut self, value: T) -> u32 {
        let number = self.next;
        self.next += 1;
        self.len += 1;
        let (chunk, _) = split(number);
        if chunk == self.chunks.len() {
            let values = Vec::with_capacity(CHUNK);
            self.chunks.push(Some(Rc::new(Chunk { values, live: 0 })));
        }
        let slot = self.chunks[chunk]
            .get_or_insert_with(|| Rc::new(Chunk { values: Vec::new(), live: 0 }));
        let chunk = Rc::make_mut(slot);
        // A chunk that was emptied before it was full starts again with holes.
        chunk.values.resize_with(number as usize % CHUNK, || None);
        chunk.values.push(Some(value));
        chunk.live += 1;
        number
    }

    pub(crate) fn get(&self, number: u32) -> Option<&T> {
        let (chunk, index) = split(number);
        self.chunks.get(chunk)?.as_ref()?.values.get(index)?.as_ref()
    }

    pub(crate) fn get_mut(&mut self, number: u32) -> Option<&mut T> {
        let (chunk, index) = split(number);
        let chunk = self.chunks.get_mut(chunk)?.as_mut()?;
        chunk.values.get(index)?.as_ref()?;
        Rc::make_mut(chunk).values[index].as_mut()
    }

    pub(crate) fn remove(&mut self, number: u32) -> Option<T> {
        let (at, index) = split(number);
        let slot = self.chunks.get_mut(at)?;
        let chunk = slot.as_mut()?;
        chunk.values.get(index)?.as_ref()?;
        let chunk = Rc::make_mut(chunk);
        let value = chunk.values[index].take();
        chunk.live -= 1;
        if chunk.live == 0 {
            *slot = None;
        }
        self.len -= 1;
        value
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The number the next value will get.
    pub(crate) fn next_number(&self) -> u32 {
        self.next
    }

    /// Values in order of insertion.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (u32, &T)> {
        self.chunks.iter().enumerate().flat_map(|(at, chunk)| {
            let values = chunk.as_ref().map_or(&[][..], |chunk| &chunk.values);
            let first = (at * CHUNK) as u32;
            values
                .iter()
                .enumerate()
                .filter_map(move |(index, value)| Some((first + index as u32, value.as_ref()?)))
        })
    }
}

const fn split(number: u32) -> (usize, usize) {
    (number as usize / CHUNK, number as usize % CHUNK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_keep_what_they_saw() {
        let mut slab = Slab::default();
        for value in 0..200 {
            assert_eq!(slab.insert(value), value);
        }
        let before = slab.clone();
        for number in 0..150 {
            assert_eq!(slab.remove(number), Some(number));
        }
        *slab.get_mut(160).unwrap() = -1_i32 as u32;
        assert_eq!(slab.get(149), None);
        assert_eq!(slab.len(), 50);
        assert_eq!(before.len(), 200);
        assert_eq!(before.get(160), Some(&160));
        assert_eq!(before.iter().count(), 200);
        assert_eq!(slab.iter().next(), Some((150, &150)));
        // The last chunk was emptied and goes on with its next number.
        for number in 150..200 {
            slab.remove(number);
        }
        assert_eq!(slab.insert(7), 200);
        assert_eq!(slab.iter().collect::<Vec<_>>(), [(200, &7)]);
    }
}
