//! What became of the requests of every second, and the newest of the lost ones.

use std::rc::Rc;

use rollscope_api::{SimDuration, SimTime};

use super::request::{LossCause, LostRequest};

const CHUNK: usize = 64;
/// More buckets than these are joined in pairs, so that a long session has coarser ones.
const MOST_BUCKETS: usize = 4_096;
/// Newest lost requests that are kept; the counts stay exact.
const MOST_LOST: usize = 2_048;

/// Counts of requests. At any moment what was sent is served, lost or in flight.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    #[allow(missing_docs)]
    pub sent: u64,
    /// Answered without an error.
    pub served: u64,
    /// By cause, in the order of [`LossCause::ALL`].
    pub lost: [u64; LossCause::ALL.len()],
}

impl Totals {
    /// Lost for whatever cause.
    pub fn lost_in_all(&self) -> u64 {
        self.lost.iter().sum()
    }

    /// Lost for one cause.
    pub fn lost_by(&self, cause: LossCause) -> u64 {
        self.lost[cause as usize]
    }

    /// Sent, and neither served nor lost yet.
    pub fn in_flight(&self) -> u64 {
        self.sent - self.served - self.lost_in_all()
    }

    /// The causes for which anything was lost, and how much.
    pub fn causes(&self) -> impl Iterator<Item = (LossCause, u64)> + '_ {
        let all = LossCause::ALL.into_iter().map(|cause| (cause, self.lost_by(cause)));
        all.filter(|(_, count)| *count > 0)
    }

    pub(super) fn end(&mut self, cause: Option<LossCause>) {
        match cause {
            None => self.served += 1,
            Some(cause) => self.lost[cause as usize] += 1,
        }
    }
}

/// What became of the requests that were sent within one span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    #[allow(missing_docs)]
    pub sent: u32,
    /// Of those sent within the span, whenever the answer came.
    pub served: u32,
    /// Of those sent within the span, whenever they were lost.
    pub lost: u32,
}

/// Buckets one after the other, from the session's start. A clone shares what is old.
#[derive(Clone, Debug)]
pub struct History {
    start: SimTime,
    width: SimDuration,
    chunks: Vec<Rc<[Bucket; CHUNK]>>,
    lost: Vec<Rc<Vec<LostRequest>>>,
    latest_lost: Vec<LostRequest>,
}

impl History {
    pub(super) fn new(start: SimTime) -> Self {
        Self {
            start,
            width: SimDuration::from_secs(1),
            chunks: Vec::new(),
            lost: Vec::new(),
            latest_lost: Vec::new(),
        }
    }

    /// How long the span of one bucket is: a second, or twice, four times … as long in sessions of
    /// more than an hour.
    pub fn width(&self) -> SimDuration {
        self.width
    }

    /// The beginning of every bucket's span and what became of its requests, from the first in
    /// which any were sent.
    pub fn buckets(&self) -> impl Iterator<Item = (SimTime, Bucket)> + '_ {
        let all = self.chunks.iter().flat_map(|chunk| chunk.iter());
        let width = self.width.as_micros();
        let timed = all.enumerate().map(move |(index, bucket)| {
            (self.start + SimDuration::from_micros(width * index as i64), *bucket)
        });
        timed.skip_while(|(_, bucket)| bucket.sent == 0)
    }

    /// The newest lost requests, newest first: about two thousand at most.
    pub fn lost(&self) -> impl Iterator<Item = &LostRequest> {
        let older = self.lost.iter().rev().flat_map(|chunk| chunk.iter().rev());
        self.latest_lost.iter().rev().chain(older)
    }

    pub(super) fn bucket(&mut self, sent: SimTime) -> &mut Bucket {
        let mut index = self.index(sent);
        while index >= MOST_BUCKETS {
            self.join_pairs();
            index = self.index(sent);
        }
        while self.chunks.len() <= index / CHUNK {
            self.chunks.push(Rc::new([Bucket::default(); CHUNK]));
        }
        &mut Rc::make_mut(&mut self.chunks[index / CHUNK])[index % CHUNK]
    }

    fn index(&self, sent: SimTime) -> usize {
        let passed = (sent - self.start).as_micros() / self.width.as_micros();
        usize::try_from(passed).unwrap_or_default()
    }

    fn join_pairs(&mut self) {
        let old: Vec<Bucket> = self.chunks.iter().flat_map(|chunk| chunk.iter().copied()).collect();
        self.width = self.width + self.width;
        let joined: Vec<Bucket> = old
            .chunks(2)
            .map(|pair| {
                pair.iter().fold(Bucket::default(), |sum, one| Bucket {
                    sent: sum.sent + one.sent,
                    served: sum.served + one.served,
                    lost: sum.lost + one.lost,
                })
            })
            .collect();
        self.chunks = joined
            .chunks(CHUNK)
            .map(|part| {
                let mut chunk = [Bucket::default(); CHUNK];
                chunk[..part.len()].copy_from_slice(part);
                Rc::new(chunk)
            })
            .collect();
    }

    pub(super) fn push_lost(&mut self, lost: LostRequest) {
        self.latest_lost.push(lost);
        if self.latest_lost.len() < CHUNK {
            return;
        }
        self.lost.push(Rc::new(std::mem::take(&mut self.latest_lost)));
        if self.lost.len() > MOST_LOST / CHUNK {
            self.lost.remove(0);
        }
    }
}
