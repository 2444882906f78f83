//! Where it is written down what became of the requests of one Service while time passes.

use std::rc::Rc;

use rollscope_api::SimTime;

use super::history::{History, Totals};
use super::proxies::Nodes;
use super::request::{End, LostRequest, RecentRequest};
use crate::store::{Key, PodId};

/// The stage is given so many of a second's requests; more could not be told apart.
const DRAWN_PER_SECOND: u32 = 40;

type Pod = Option<(PodId, Rc<str>)>;

/// The books of all Services, opened for one of them.
pub(super) struct Ledger<'a> {
    pub(super) service: Rc<Key>,
    pub(super) nodes: &'a Nodes,
    pub(super) totals: &'a mut Totals,
    pub(super) history: &'a mut History,
    pub(super) lost: &'a mut Vec<LostRequest>,
    pub(super) drawn: &'a mut Vec<RecentRequest>,
    /// One of so many requests is drawn.
    pub(super) drawn_every: u64,
    /// Older ones are not.
    pub(super) drawn_since: SimTime,
}

impl Ledger<'_> {
    /// Of the requests at that rate one of so many is drawn.
    pub(super) fn thinning(rate: u32) -> u64 {
        u64::from(rate.div_ceil(DRAWN_PER_SECOND).max(1))
    }

    pub(super) fn sent(&mut self, number: u64, sent: SimTime, end: End, pod: impl FnOnce() -> Pod) {
        self.totals.sent += 1;
        self.history.bucket(sent).sent += 1;
        if sent > self.drawn_since && number.is_multiple_of(self.drawn_every) {
            self.drawn.push(RecentRequest {
                service: self.service.clone(),
                number,
                sent,
                pod: pod(),
                ends: end.at,
                lost: end.cause,
            });
        }
    }

    pub(super) fn ended(
        &mut self,
        number: u64,
        sent: SimTime,
        end: End,
        via: Option<u32>,
        pod: impl FnOnce() -> Pod,
    ) {
        self.totals.end(end.cause);
        let bucket = self.history.bucket(sent);
        let Some(cause) = end.cause else {
            bucket.served += 1;
            return;
        };
        bucket.lost += 1;
        let (service, pod) = (self.service.clone(), pod());
        let via = via.map(|node| self.nodes.name(node).clone());
        self.lost.push(LostRequest { service, number, sent, lost: end.at, via, pod, cause });
    }
}
