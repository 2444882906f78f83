//! What someone does to a session. A script is made of these and their times.

use rollscope_sim::World;
use rollscope_sim::world::NodeGroup;
use serde::{Deserialize, Serialize};

/// One thing done to a session at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A command line typed into the terminal, with or without the word `kubectl`.
    Command {
        /// As typed.
        line: String,
    },
    /// The editor's Apply: `kubectl apply -f FILE`, which is what the terminal then shows.
    Apply {
        /// The file's path.
        file: String,
    },
    /// The editor's text of one file is replaced, or the file is created.
    EditFile {
        /// The file's path.
        name: String,
        /// Its whole new text.
        text: String,
    },
    /// A file is closed for good.
    RemoveFile {
        /// The file's path.
        name: String,
    },
    /// Something happens to one pod that no command can do.
    Pod {
        /// The pod's name, after its namespace and a slash where that is not `default`.
        pod: String,
        /// What happens.
        action: PodAction,
    },
    /// Something happens to one machine that no command can do.
    Node {
        /// The node's name.
        node: String,
        /// What happens.
        action: NodeAction,
        /// What make of machine joins; the usual one if nothing is said. Its own name and count
        /// are not given. Only of use with [`NodeAction::Add`].
        machine: Option<Box<NodeGroup>>,
    },
    /// From now on images, probes, traffic and times are these, wholly. The world's nodes count at
    /// the start of a session alone.
    World {
        /// The new world.
        world: Box<World>,
    },
    /// The nodes act, in the words of recorded traces: `ready revision=new count=2`.
    /// Only a stepped session has use for it.
    Nodes {
        /// The action with its arguments.
        action: String,
    },
    /// Ctrl-C: the command that waits in the foreground ends.
    Interrupt,
    /// The text that `kubectl edit` opened is saved and closed.
    FinishEdit {
        /// The whole text as saved.
        text: String,
    },
}

/// What can happen to one pod.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PodAction {
    /// Its readiness probe begins to succeed.
    Ready,
    /// Its readiness probe begins to fail.
    Unready,
    /// Its containers exit with an error.
    Crash,
    /// Its kubelet ends it for want of memory: phase Failed, and the object stays.
    Fail,
    /// It is evicted through the API, as `kubectl drain` does: deleted, with the reason among its
    /// conditions.
    Evict,
    /// It is deleted through the API, as `kubectl delete pod` does, but without a command.
    Delete,
}

impl PodAction {
    /// Every action.
    pub const ALL: [Self; 6] =
        [Self::Ready, Self::Unready, Self::Crash, Self::Fail, Self::Evict, Self::Delete];

    /// The word that scripts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Unready => "unready",
            Self::Crash => "crash",
            Self::Fail => "fail",
            Self::Evict => "evict",
            Self::Delete => "delete",
        }
    }
}

/// What can happen to one machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NodeAction {
    /// It joins the cluster. Nothing happens if there is a node of that name.
    Add,
    /// It is taken away for good, and its Node object with it.
    Remove,
    /// Its network is cut: its kubelet is not heard of, and nobody reaches its pods.
    Lose,
    /// Its network is back.
    Recover,
}

impl NodeAction {
    /// Every action, in the order in which they may follow each other.
    pub const ALL: [Self; 4] = [Self::Add, Self::Lose, Self::Recover, Self::Remove];

    /// The word that scripts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Lose => "lose",
            Self::Recover => "recover",
        }
    }
}

impl Input {
    /// A few words for marks and lists: `apply web.yaml`.
    pub fn summary(&self) -> String {
        match self {
            Self::Command { line } => {
                line.trim().strip_prefix("kubectl ").unwrap_or(line.trim()).to_owned()
            }
            Self::Apply { file } => format!("apply -f {file}"),
            Self::EditFile { name, .. } => format!("edit {name}"),
            Self::RemoveFile { name } => format!("close {name}"),
            Self::Pod { pod, action } => format!("{} pod {pod}", action.as_str()),
            Self::Node { node, action, .. } => format!("{} node {node}", action.as_str()),
            Self::World { .. } => "change the world".to_owned(),
            Self::Nodes { action } => action.clone(),
            Self::Interrupt => "^C".to_owned(),
            Self::FinishEdit { .. } => "save the edited object".to_owned(),
        }
    }

    /// Whether the input changes the world itself, which may show only later; whether the others
    /// changed anything is seen at once, in the store.
    pub fn acts_on_world(&self) -> bool {
        match self {
            Self::Pod { .. } | Self::Node { .. } | Self::World { .. } | Self::Nodes { .. } => true,
            Self::Command { .. }
            | Self::Apply { .. }
            | Self::EditFile { .. }
            | Self::RemoveFile { .. }
            | Self::Interrupt
            | Self::FinishEdit { .. } => false,
        }
    }

    /// Whether the input can change the cluster; editing a file cannot.
    pub fn concerns_cluster(&self) -> bool {
        !matches!(self, Self::EditFile { .. } | Self::RemoveFile { .. })
    }
}
