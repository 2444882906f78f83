//! The container runtime of a pod: its sandbox and its containers, dead and alive.
//!
//! Everything here is known by its times, also by those to come: what the kubelet has seen at some
//! moment is a question about that moment, not a copy.

use std::rc::Rc;

use rollscope_api::SimTime;

/// How a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Exit {
    pub(super) at: SimTime,
    pub(super) code: i32,
    /// `Completed`, `Error`, `OOMKilled`, `StartError`.
    pub(super) reason: &'static str,
    pub(super) message: Rc<str>,
}

impl Exit {
    /// A process that ended by itself or by a signal.
    pub(super) fn new(at: SimTime, code: i32) -> Self {
        let reason = if code == 0 { "Completed" } else { "Error" };
        Self { at, code, reason, message: "".into() }
    }
}

/// A container that was created.
#[derive(Clone, Debug)]
pub(super) struct Record {
    /// The container of the spec.
    pub(super) container: usize,
    /// How often that container had been started before.
    pub(super) attempt: i32,
    pub(super) id: Rc<str>,
    pub(super) image_id: Rc<str>,
    pub(super) started: SimTime,
    /// When it was told to end, or is going to be.
    pub(super) sigterm: Option<SimTime>,
    /// When it ends, as far as is known now.
    pub(super) exit: Option<Exit>,
    /// Probes answer from then on.
    pub(super) ready: SimTime,
    /// Probes fail from then on.
    pub(super) hangs: Option<SimTime>,
}

impl Record {
    pub(super) fn runs_at(&self, time: SimTime) -> bool {
        self.started <= time && self.exit.as_ref().is_none_or(|exit| exit.at > time)
    }

    pub(super) fn exited_by(&self, time: SimTime) -> Option<&Exit> {
        self.exit.as_ref().filter(|exit| exit.at <= time)
    }

    /// The container ends at `exit`, unless it ends before that.
    pub(super) fn end(&mut self, exit: Exit) {
        if self.exit.as_ref().is_none_or(|known| known.at > exit.at) {
            self.exit = Some(exit);
        }
    }
}

/// What the runtime knows of a pod.
#[derive(Clone, Debug, Default)]
pub(super) struct Runtime {
    /// When the sandbox and its network were up.
    pub(super) sandbox: Option<SimTime>,
    /// When the sandbox was stopped.
    pub(super) stopped: Option<SimTime>,
    /// In order of creation. Of each container the latest few.
    pub(super) records: Vec<Record>,
}

impl Runtime {
    pub(super) fn sandbox_ready_at(&self, time: SimTime) -> bool {
        self.sandbox.is_some_and(|up| up <= time) && self.stopped.is_none_or(|down| down > time)
    }

    /// The records of a container that existed at `time`, latest first.
    pub(super) fn of(&self, container: usize, time: SimTime) -> impl Iterator<Item = &Record> {
        let records = self.records.iter().rev();
        records.filter(move |record| record.container == container && record.started <= time)
    }

    /// The latest record of a container that existed at `time`.
    pub(super) fn latest(&self, container: usize, time: SimTime) -> Option<&Record> {
        self.of(container, time).next()
    }

    /// Keeps the new record and the two before it of the same container.
    pub(super) fn add(&mut self, record: Record) {
        const KEPT: usize = 3;
        let container = record.container;
        self.records.push(record);
        let of_it = |record: &Record| record.container == container;
        if self.records.iter().filter(|record| of_it(record)).count() > KEPT
            && let Some(oldest) = self.records.iter().position(of_it)
        {
            self.records.remove(oldest);
        }
    }

    /// The first end of a container after `time`.
    pub(super) fn next_exit(&self, time: SimTime) -> Option<SimTime> {
        let exits = self.records.iter().filter_map(|record| Some(record.exit.as_ref()?.at));
        exits.filter(|at| *at > time).min()
    }

    /// Whether anything happened after `since`, up to `time`.
    pub(super) fn changed(&self, since: SimTime, time: SimTime) -> bool {
        let within = |at: SimTime| since < at && at <= time;
        self.sandbox.is_some_and(within)
            || self.stopped.is_some_and(within)
            || self.records.iter().any(|record| {
                within(record.started) || record.exit.as_ref().is_some_and(|exit| within(exit.at))
            })
    }
}
