//! What someone does to a session. A script is made of these and their times.

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
        /// The pod's name.
        pod: String,
        /// What happens.
        action: PodAction,
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
    /// It is evicted: phase Failed.
    Fail,
    /// It is deleted through the API, as `kubectl delete pod` does, but without a command.
    Delete,
}

impl PodAction {
    /// The word that scripts use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Unready => "unready",
            Self::Crash => "crash",
            Self::Fail => "fail",
            Self::Delete => "delete",
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
            Self::Nodes { action } => action.clone(),
            Self::Interrupt => "^C".to_owned(),
            Self::FinishEdit { .. } => "save the edited object".to_owned(),
        }
    }

    /// Whether the input can change the cluster; editing a file cannot.
    pub fn concerns_cluster(&self) -> bool {
        !matches!(self, Self::EditFile { .. } | Self::RemoveFile { .. })
    }
}
