//! What a client finds that connects to a pod.

use rollscope_api::SimTime;

use super::agent::Agent;
use super::runtime::Record;
use super::{Memory, NodeAgents};
use crate::store::PodId;
use crate::traffic::What;
use crate::world::Range;

/// What becomes of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Connection {
    /// The address is nobody's.
    Gone,
    /// Nothing comes from the pod's node.
    NodeLost,
    /// No container of the pod has that port.
    NoSuchPort,
    /// The container does not run.
    NotRunning,
    /// The process does not listen yet.
    NotListening,
    /// The process has had its SIGTERM and accepts nothing more.
    Stopping,
    /// The process takes it.
    Accepted {
        container: usize,
        attempt: i32,
        latency: Range,
        error_percent: u32,
        process: Process,
    },
}

/// When a process that has accepted a connection stops answering, as far as is known now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) hangs: Option<SimTime>,
    pub(crate) exits: Option<SimTime>,
}

impl NodeAgents {
    /// Connects to a port of a pod.
    pub(crate) fn connect(&self, pod: PodId, port: i64, at: SimTime) -> Connection {
        let Some(agent) = self.0.agents.get(&pod) else { return Connection::Gone };
        if self.0.is_lost(agent) {
            return Connection::NodeLost;
        }
        if agent.runtime.stopped.is_some_and(|stopped| stopped <= at) {
            return Connection::Gone;
        }
        let Some(container) = agent.spec.listener(port) else { return Connection::NoSuchPort };
        let record = agent.runtime.latest(container, at);
        let Some(record) = record.filter(|record| record.runs_at(at)) else {
            let stopping = record.is_some_and(|record| record.sigterm.is_some());
            return if stopping { Connection::Stopping } else { Connection::NotRunning };
        };
        let rule = &agent.spec.containers[container].rule;
        if record.sigterm.is_some_and(|sigterm| sigterm <= at) && !rule.ignores_sigterm {
            return Connection::Stopping;
        }
        if at < record.ready {
            return Connection::NotListening;
        }
        Connection::Accepted {
            container,
            attempt: record.attempt,
            latency: rule.latency_ms,
            error_percent: rule.error_percent,
            process: record.process(),
        }
    }

    /// The process of a connection; `None` if its pod is gone.
    pub(crate) fn process(&self, pod: PodId, container: usize, attempt: i32) -> Option<Process> {
        let agent = self.0.agents.get(&pod)?;
        let mut records = agent.runtime.records.iter().rev();
        let record = records.find(|one| one.container == container && one.attempt == attempt)?;
        Some(record.process())
    }

    /// Whether nothing comes from the pod's node.
    pub(crate) fn is_cut_off(&self, pod: PodId) -> bool {
        self.0.agents.get(&pod).is_some_and(|agent| self.0.is_lost(agent))
    }

    /// What is known of the latest process of a pod, future and past.
    pub(crate) fn facts(&self, pod: PodId) -> Vec<(SimTime, What)> {
        self.0.agents.get(&pod).map(|agent| agent.facts()).unwrap_or_default()
    }
}

impl Memory {
    pub(super) fn is_lost(&self, agent: &Agent) -> bool {
        self.nodes.get(&agent.node).is_some_and(|node| node.lost)
    }
}

impl Agent {
    pub(super) fn facts(&self) -> Vec<(SimTime, What)> {
        // The first container that names ports, or else the first: the one that clients mean.
        let listens = |at: &usize| !self.spec.containers[*at].ports.is_empty();
        let container = self.spec.regular().find(listens).unwrap_or(self.spec.regular().start);
        let mut records = self.runtime.records.iter().rev();
        let record = records.find(|record| record.container == container);
        record.map(Record::facts).unwrap_or_default()
    }
}

impl Record {
    fn process(&self) -> Process {
        Process { hangs: self.hangs, exits: self.exit.as_ref().map(|exit| exit.at) }
    }

    fn facts(&self) -> Vec<(SimTime, What)> {
        let mut facts = vec![(self.started, What::Started), (self.ready, What::Listening)];
        facts.extend(self.sigterm.map(|at| (at, What::Sigterm)));
        facts.extend(self.exit.as_ref().map(|exit| (exit.at, What::Exited(exit.code))));
        // A process that ends before it would have listened never does.
        facts.retain(|(at, _)| self.exit.as_ref().is_none_or(|exit| *at <= exit.at));
        facts
    }
}
