//! An allocator that keeps small pieces ready by size.

use core::alloc::{GlobalAlloc, Layout};
use core::cell::Cell;
use core::ptr::{copy_nonoverlapping, null_mut};

/// Sizes are rounded up to a multiple of this, which is also the largest alignment of a small piece.
const UNIT: usize = 8;
/// Pieces of up to this many bytes are small.
const SMALL_BYTES_MAX: usize = 256;
const CLASSES: usize = SMALL_BYTES_MAX / UNIT + 1;
/// So many bytes are asked for at once, to be cut into pieces of one size; at least
/// [`PIECES_MIN`] of them.
const CHUNK_BYTES: usize = 2_048;
const PIECES_MIN: usize = 8;

/// An allocator in front of another one. A small piece that is given back is kept in a list of
/// pieces of its size, and the next of that size comes from there: a few instructions, where finding
/// room in general takes dozens. A simulated cluster makes and drops many objects of few sizes.
///
/// Small pieces never go back to the other allocator, so what was in use at one time by one size is
/// not available to another. For one thread only.
#[derive(Debug)]
pub struct Small<A> {
    /// The first free piece of each size in units; each holds the address of the next.
    free: [Cell<*mut u8>; CLASSES],
    large: A,
}

// SAFETY: wasm modules without shared memory have one thread; elsewhere it is no global allocator,
// and tests keep it to themselves.
#[cfg(target_arch = "wasm32")]
unsafe impl<A> Sync for Small<A> {}

/// The size in units if a piece is small.
#[inline]
fn class(layout: Layout) -> Option<usize> {
    (layout.size() <= SMALL_BYTES_MAX && layout.align() <= UNIT)
        .then(|| layout.size().div_ceil(UNIT))
}

impl<A: GlobalAlloc> Small<A> {
    /// An allocator that takes from another one what it has not.
    pub const fn new(large: A) -> Self {
        Self { free: [const { Cell::new(null_mut()) }; CLASSES], large }
    }

    /// Asks for a chunk, cuts it up, and returns the first piece; null where there is no memory.
    #[cold]
    #[inline(never)]
    fn refill(&self, class: usize) -> *mut u8 {
        // Nobody asks for nothing, but if so, a unit is as good.
        let bytes = class.max(1) * UNIT;
        let pieces = (CHUNK_BYTES / bytes).max(PIECES_MIN);
        let Ok(layout) = Layout::from_size_align(pieces * bytes, UNIT) else { return null_mut() };
        // SAFETY: the size is not 0.
        let chunk = unsafe { self.large.alloc(layout) };
        if chunk.is_null() {
            return chunk;
        }
        for number in 1..pieces {
            // SAFETY: the piece lies within the chunk.
            let piece = unsafe { chunk.add(number * bytes) };
            // SAFETY: it is of this class and belongs to nobody yet.
            unsafe { self.keep(class, piece) };
        }
        chunk
    }

    /// Puts a piece in front of the free ones of its class.
    ///
    /// # Safety
    ///
    /// The piece must be one of this allocator's, of that class, and used by nobody.
    #[inline]
    unsafe fn keep(&self, class: usize, piece: *mut u8) {
        // SAFETY: a piece has room for an address, and is aligned for it.
        unsafe { piece.cast::<*mut u8>().write(self.free[class].get()) };
        self.free[class].set(piece);
    }
}

// SAFETY: a piece is in one list or with one owner, never both; pieces of a class have its size and
// the alignment of a unit; everything else is the other allocator's.
unsafe impl<A: GlobalAlloc> GlobalAlloc for Small<A> {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let Some(class) = class(layout) else {
            // SAFETY: the caller's promise.
            return unsafe { self.large.alloc(layout) };
        };
        let piece = self.free[class].get();
        if piece.is_null() {
            return self.refill(class);
        }
        // SAFETY: a free piece holds the address of the next.
        self.free[class].set(unsafe { piece.cast::<*mut u8>().read() });
        piece
    }

    #[inline]
    unsafe fn dealloc(&self, piece: *mut u8, layout: Layout) {
        match class(layout) {
            // SAFETY: it came from here with this layout, and its owner gives it up.
            Some(class) => unsafe { self.keep(class, piece) },
            // SAFETY: as it was not small, it came from there with this layout.
            None => unsafe { self.large.dealloc(piece, layout) },
        }
    }

    unsafe fn realloc(&self, piece: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller promises that the size, rounded up to the alignment, does not overflow.
        let wanted = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        match (class(layout), class(wanted)) {
            // SAFETY: it came from there, and the caller's promise.
            (None, None) => return unsafe { self.large.realloc(piece, layout, size) },
            (before, after) if before == after => return piece,
            _ => {}
        }
        // SAFETY: the caller promises that the size is not 0.
        let moved = unsafe { self.alloc(wanted) };
        if !moved.is_null() {
            // SAFETY: both are readable and writable for the smaller of the sizes, and differ.
            unsafe { copy_nonoverlapping(piece, moved, layout.size().min(size)) };
            // SAFETY: the caller's promise; nobody uses it any more.
            unsafe { self.dealloc(piece, layout) };
        }
        moved
    }
}

#[cfg(test)]
mod tests {
    use std::alloc::System;

    use super::*;

    /// A piece in use, filled with a byte of its own.
    struct Held {
        piece: *mut u8,
        layout: Layout,
        fill: u8,
    }

    impl Held {
        fn new(memory: &Small<System>, size: usize, align: usize, fill: u8) -> Self {
            let layout = Layout::from_size_align(size, align).unwrap();
            // SAFETY: the size is not 0.
            let piece = unsafe { memory.alloc(layout) };
            assert!(!piece.is_null());
            assert_eq!(piece as usize % align, 0, "{layout:?}");
            let held = Self { piece, layout, fill };
            held.fill();
            held
        }

        fn fill(&self) {
            // SAFETY: it is as large as its layout says.
            unsafe { self.piece.write_bytes(self.fill, self.layout.size()) };
        }

        fn assert_whole(&self, size: usize) {
            // SAFETY: it was filled, and is at least so large.
            let bytes = unsafe { core::slice::from_raw_parts(self.piece, size) };
            assert!(bytes.iter().all(|byte| *byte == self.fill), "{:?}", self.layout);
        }

        fn resize(&mut self, memory: &Small<System>, size: usize) {
            // SAFETY: it came from there with this layout, and the size is neither 0 nor huge.
            self.piece = unsafe { memory.realloc(self.piece, self.layout, size) };
            let kept = self.layout.size().min(size);
            self.layout = Layout::from_size_align(size, self.layout.align()).unwrap();
            self.assert_whole(kept);
            self.fill();
        }

        fn give_back(self, memory: &Small<System>) {
            self.assert_whole(self.layout.size());
            // SAFETY: it came from there with this layout.
            unsafe { memory.dealloc(self.piece, self.layout) };
        }
    }

    /// Whatever is asked for and given back in whatever order, nobody writes into another's piece.
    #[test]
    fn pieces_in_use_never_overlap() {
        let memory = Small::new(System);
        let mut held: Vec<Held> = Vec::new();
        let mut state = 7_u64;
        let mut draw = |below: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) as usize % below
        };
        for round in 0..40_000 {
            // Mostly small, around the limit too, and some far above it.
            let size = [1 + draw(64), 1 + draw(256), 250 + draw(16), 1 + draw(5_000)][draw(4)];
            match draw(4) {
                0 if !held.is_empty() => held.swap_remove(draw(held.len())).give_back(&memory),
                1 if !held.is_empty() => {
                    let at = draw(held.len());
                    held[at].resize(&memory, size);
                }
                2 if held.len() > 300 => held.swap_remove(draw(held.len())).give_back(&memory),
                _ => held.push(Held::new(&memory, size, 1 << draw(6), round as u8)),
            }
        }
        for one in held {
            one.give_back(&memory);
        }
    }

    #[test]
    fn a_piece_given_back_is_the_next_one_of_its_size() {
        let memory = Small::new(System);
        let first = Held::new(&memory, 40, 8, 1);
        let place = first.piece;
        first.give_back(&memory);
        let other = Held::new(&memory, 41, 8, 2);
        assert_ne!(other.piece, place);
        let again = Held::new(&memory, 33, 4, 3);
        assert_eq!(again.piece, place);
    }
}
