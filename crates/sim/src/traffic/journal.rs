//! What happened to the pods that requests are routed to, and when: the causes of losses.

use std::collections::BTreeMap;
use std::rc::Rc;

use rollscope_api::SimTime;

use crate::store::PodId;

/// Pods that are gone are remembered for the requests they lost: so many of them.
const MOST_GONE: usize = 256;
const MOST_PROXIES: usize = 64;

/// Something that happened on the way of a request, or to the pod it was routed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    #[allow(missing_docs)]
    pub at: SimTime,
    #[allow(missing_docs)]
    pub what: What,
}

/// What can happen on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// The EndpointSlices list the pod as ready.
    Listed,
    /// The first proxy routes to the pod.
    Routed,
    /// The pod's Ready condition is no longer True.
    Unready,
    /// The pod's deletion began.
    Terminating,
    /// The EndpointSlices no longer list the pod as ready.
    Unlisted,
    /// The proxy that routed the request has heard, and no longer routes to the pod.
    Unrouted,
    /// The EndpointSlices list nobody as ready.
    NobodyListed,
    /// The proxy that the request came to has heard that, and refuses.
    NobodyRouted,
    /// The pod's node was lost.
    NodeLost,
    /// The process of the container began to run.
    Started,
    /// The process listens.
    Listening,
    /// The process was told to end.
    Sigterm,
    /// The process ended with this code: 137 is SIGKILL's.
    Exited(i32),
    /// The pod is gone from the cluster.
    Gone,
    /// The client sent the request.
    Sent,
    /// The client knew it lost.
    Lost,
}

/// What is known of one pod. Of what happens again and again the latest time counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entry {
    times: Vec<Fact>,
    /// Which proxies have heard that it is not to be routed to, by number of their node, and when.
    unrouted: Vec<(u32, SimTime)>,
    is_listed: bool,
    is_routed: bool,
    is_gone: bool,
    lost: bool,
}

/// All pods that belong to a Service with clients.
#[derive(Clone, Debug, Default)]
pub(crate) struct Journal {
    pods: Rc<BTreeMap<PodId, Entry>>,
}

impl Journal {
    fn note(&mut self, pod: PodId, at: SimTime, what: What) -> &mut Entry {
        let entry = Rc::make_mut(&mut self.pods).entry(pod).or_default();
        let same = |known: &&mut Fact| {
            std::mem::discriminant(&known.what) == std::mem::discriminant(&what)
        };
        match entry.times.iter_mut().find(same) {
            Some(known) => (known.at, known.what) = (at, what),
            None => entry.times.push(Fact { at, what }),
        }
        entry
    }

    pub(crate) fn knows(&self, pod: PodId) -> bool {
        self.pods.contains_key(&pod)
    }

    /// The EndpointSlices list the pod as ready, or no longer.
    pub(crate) fn listed(&mut self, pod: PodId, listed: bool, now: SimTime) {
        let was = self.pods.get(&pod).is_some_and(|entry| entry.is_listed);
        if was != listed {
            let what = if listed { What::Listed } else { What::Unlisted };
            self.note(pod, now, what).is_listed = listed;
        }
    }

    /// The first proxy routes to the pod, or the last one no longer does.
    pub(super) fn routed(&mut self, pod: PodId, routed: bool, now: SimTime) {
        let what = if routed { What::Routed } else { What::Unrouted };
        self.note(pod, now, what).is_routed = routed;
        self.forget_if_done(pod);
    }

    /// The proxy of a node no longer routes to the pod. In clusters of many nodes only the first
    /// ones are remembered one by one.
    pub(super) fn unrouted_by(&mut self, pod: PodId, node: u32, now: SimTime) {
        let Some(entry) = Rc::make_mut(&mut self.pods).get_mut(&pod) else { return };
        let room = entry.unrouted.len() < MOST_PROXIES;
        match entry.unrouted.iter_mut().find(|(known, _)| *known == node) {
            Some((_, at)) => *at = now,
            None if room => entry.unrouted.push((node, now)),
            None => {}
        }
    }

    /// No proxy that can be reached routes to the pod, though none has heard anything.
    pub(super) fn out_of_reach(&mut self, pod: PodId) {
        if let Some(entry) = Rc::make_mut(&mut self.pods).get_mut(&pod) {
            entry.is_routed = false;
            self.forget_if_done(pod);
        }
    }

    /// Something happened to a pod that is known.
    pub(crate) fn happened(&mut self, pod: PodId, at: SimTime, what: What) {
        if self.knows(pod) {
            self.note(pod, at, what);
        }
    }

    pub(crate) fn gone(&mut self, pod: PodId, now: SimTime) {
        if self.knows(pod) {
            self.note(pod, now, What::Gone).is_gone = true;
            self.forget_if_done(pod);
        }
    }

    /// A request to the pod was lost.
    pub(super) fn note_lost(&mut self, pod: PodId) {
        if self.pods.get(&pod).is_none_or(|entry| entry.lost) {
            return;
        }
        if let Some(entry) = Rc::make_mut(&mut self.pods).get_mut(&pod) {
            entry.lost = true;
        }
    }

    /// Of pods that have gone only those are remembered that lost something, and of these the
    /// newest.
    fn forget_if_done(&mut self, pod: PodId) {
        let done = |entry: &Entry| entry.is_gone && !entry.is_routed;
        if !self.pods.get(&pod).is_some_and(done) {
            return;
        }
        let pods = Rc::make_mut(&mut self.pods);
        if pods.get(&pod).is_some_and(|entry| !entry.lost) {
            pods.remove(&pod);
        }
        if pods.values().filter(|entry| done(entry)).count() > MOST_GONE
            && let Some(oldest) = pods.iter().find(|(_, entry)| done(entry)).map(|(id, _)| *id)
        {
            pods.remove(&oldest);
        }
    }

    /// What is known of a pod, up to a moment, to the proxy of this node.
    pub(super) fn facts(&self, pod: PodId, via: Option<u32>, until: SimTime) -> Vec<Fact> {
        let Some(entry) = self.pods.get(&pod) else { return Vec::new() };
        let mut facts = entry.times.clone();
        if entry.unrouted.len() < MOST_PROXIES
            || entry.unrouted.iter().any(|(node, _)| Some(*node) == via)
        {
            facts.retain(|fact| fact.what != What::Unrouted);
            let heard = entry.unrouted.iter().find(|(node, _)| Some(*node) == via);
            facts.extend(heard.map(|(_, at)| Fact { at: *at, what: What::Unrouted }));
        }
        facts.retain(|fact| fact.at <= until);
        facts
    }
}
