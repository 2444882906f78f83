//! Requests: those under way, and those that were lost.

use std::fmt;
use std::rc::Rc;

use rollscope_api::SimTime;

use crate::store::{Key, PodId};

/// Why a request was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LossCause {
    /// The proxies knew no endpoint that was ready, and none that still served while terminating.
    NoEndpoints,
    /// Connection refused: the process that was routed to does not listen yet.
    NotListening,
    /// Connection refused: the container that was routed to does not run; it has crashed or is
    /// being restarted.
    NotRunning,
    /// Connection refused: none of the pod's containers has the Service's target port among its
    /// `ports`, though some are named.
    NoSuchPort,
    /// Connection refused: after SIGTERM the process accepts nothing more, and the proxies still
    /// routed to it.
    StillRouted,
    /// The process ended, by itself or by SIGKILL, before it had answered.
    Cut,
    /// The pod's address is nobody's any more, and the proxies still routed to it.
    PodGone,
    /// Nothing comes from the pod's node, which is lost: the client's patience ended.
    NodeLost,
    /// The application answered with an error.
    ApplicationError,
    /// The client's patience ended before there was an answer.
    Timeout,
}

impl LossCause {
    /// Every cause, in the order in which [`super::Totals::lost`] counts them.
    pub const ALL: [Self; 10] = [
        Self::NoEndpoints,
        Self::NotListening,
        Self::NotRunning,
        Self::NoSuchPort,
        Self::StillRouted,
        Self::Cut,
        Self::PodGone,
        Self::NodeLost,
        Self::ApplicationError,
        Self::Timeout,
    ];

    /// `still-routed`: the word for it in data.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::NoEndpoints => "no-endpoints",
            Self::NotListening => "not-listening",
            Self::NotRunning => "not-running",
            Self::NoSuchPort => "no-such-port",
            Self::StillRouted => "still-routed",
            Self::Cut => "cut",
            Self::PodGone => "pod-gone",
            Self::NodeLost => "node-lost",
            Self::ApplicationError => "application-error",
            Self::Timeout => "timeout",
        }
    }

    /// A few words of plain English.
    pub const fn summary(self) -> &'static str {
        match self {
            Self::NoEndpoints => "no endpoints",
            Self::NotListening => "the process does not listen yet",
            Self::NotRunning => "the container does not run",
            Self::NoSuchPort => "nothing listens on the target port",
            Self::StillRouted => "proxies still routed to it",
            Self::Cut => "the process ended before it had answered",
            Self::PodGone => "proxies still routed to it, and the pod is gone",
            Self::NodeLost => "its node is lost",
            Self::ApplicationError => "the application answered with an error",
            Self::Timeout => "no answer in time",
        }
    }
}

impl fmt::Display for LossCause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.summary())
    }
}

/// A request that was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostRequest {
    /// The Service.
    pub service: Rc<Key>,
    /// Its number among the requests to the Service, from 0.
    pub number: u64,
    /// When the client sent it.
    pub sent: SimTime,
    /// When the client knew it lost.
    pub lost: SimTime,
    /// The node at which it entered, whose proxy routed it; none in a cluster without nodes.
    pub via: Option<Rc<str>>,
    /// The pod it was routed to, if to any.
    pub pod: Option<(PodId, Rc<str>)>,
    #[allow(missing_docs)]
    pub cause: LossCause,
}

/// A request as the stage draws it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentRequest {
    /// The Service.
    pub service: Rc<Key>,
    /// Its number among the requests to the Service, from 0.
    pub number: u64,
    /// When the client sent it.
    pub sent: SimTime,
    /// The pod it was routed to, if to any.
    pub pod: Option<(PodId, Rc<str>)>,
    /// When it ended, or is going to if nothing comes between.
    pub ends: SimTime,
    /// How: `None` for served, as far as is known now.
    pub lost: Option<LossCause>,
}

/// A request that has been routed and has not ended.
#[derive(Clone, Debug)]
pub(super) struct InFlight {
    pub(super) number: u64,
    pub(super) sent: SimTime,
    /// When the application answers, if it can.
    pub(super) due: SimTime,
    /// The number of the node at which it entered.
    pub(super) via: u32,
    /// When the client gives up.
    pub(super) patience: SimTime,
    pub(super) pod: PodId,
    pub(super) name: Rc<str>,
    pub(super) container: usize,
    pub(super) attempt: i32,
    /// The answer will be an error.
    pub(super) error: bool,
    /// Nothing can come any more: the node is lost.
    pub(super) node_lost: bool,
    /// How it ends as far as is known now.
    pub(super) end: End,
}

/// When a request ends and how: `None` is an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct End {
    pub(super) at: SimTime,
    pub(super) cause: Option<LossCause>,
}
