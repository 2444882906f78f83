//! One recorded case, and what became of it.

use std::fmt;

use rollscope_api::Value;

/// What kind of recording a case comes from. The names are those of the closing lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `*.trace`: a step script and the state after every step.
    Traces,
    /// Pod templates and the names their ReplicaSets were given.
    Hashes,
    /// One manifest applied to an empty namespace.
    Manifests,
    /// One manifest applied over another.
    Updates,
    /// One command, run against a Deployment that was just created.
    Commands,
    /// Objects and what kubectl printed of them.
    Printers,
    /// Nodes, pods and what the scheduler did.
    Scheduling,
    /// The life of the pods of one Deployment, moment by moment.
    Kubelet,
}

impl Kind {
    /// Every kind, in the order of the closing lines.
    pub const ALL: [Self; 8] = [
        Self::Traces,
        Self::Hashes,
        Self::Manifests,
        Self::Updates,
        Self::Commands,
        Self::Printers,
        Self::Scheduling,
        Self::Kubelet,
    ];

    /// `traces`, `hashes` …
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Traces => "traces",
            Self::Hashes => "hashes",
            Self::Manifests => "manifests",
            Self::Updates => "updates",
            Self::Commands => "commands",
            Self::Printers => "printers",
            Self::Scheduling => "scheduling",
            Self::Kubelet => "kubelet",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One case of a recording, read but not yet run. It can be sent to another thread.
#[derive(Clone, Debug)]
pub struct Case {
    #[allow(missing_docs)]
    pub kind: Kind,
    /// What it is called in reports, in test names and in the list of known failures.
    pub name: String,
    /// The file it was read from, as it was given.
    pub file: String,
    /// The line it begins at, counted from 1.
    pub line: usize,
    /// The recording itself.
    pub body: Body,
}

/// A case's recording.
#[derive(Clone, Debug)]
pub enum Body {
    /// A parsed trace.
    Trace(crate::trace::Trace),
    /// One element of a JSON recording.
    Json(Value),
    /// A kubelet recording and the manifest that was applied.
    Kubelet {
        /// The whole text.
        text: String,
        /// The Deployment, as YAML or JSON text.
        manifest: String,
    },
}

/// What became of a case: its steps in order. A case without steps has not been run, and fails.
#[derive(Clone, Debug, Default)]
pub struct CaseResult {
    /// In the order they were run. Cases of one step have one.
    pub steps: Vec<StepResult>,
}

/// One compared step of a case.
#[derive(Clone, Debug)]
pub struct StepResult {
    /// The step as the recording words it: `$ kubectl get pods`.
    pub name: String,
    /// Where the step stands within the case's file; 0 where only the case's own line is known.
    pub line: usize,
    /// What differs; `None` where nothing does.
    pub difference: Option<Difference>,
}

/// Two texts that should have been equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What the real cluster did.
    pub recorded: String,
    /// What the simulation did.
    pub simulated: String,
}

impl CaseResult {
    /// Compares one more step.
    pub fn compare(&mut self, name: impl Into<String>, recorded: &str, simulated: &str) {
        self.compare_at(name, 0, recorded, simulated);
    }

    /// Compares one more step that begins at a known line.
    pub fn compare_at(
        &mut self,
        name: impl Into<String>,
        line: usize,
        recorded: &str,
        simulated: &str,
    ) {
        let difference = (recorded != simulated)
            .then(|| Difference { recorded: recorded.into(), simulated: simulated.into() });
        self.steps.push(StepResult { name: name.into(), line, difference });
    }

    /// Whether every step agreed, and there was one.
    pub fn passed(&self) -> bool {
        !self.steps.is_empty() && self.first_difference().is_none()
    }

    /// How many steps agreed.
    pub fn steps_passed(&self) -> usize {
        self.steps.iter().filter(|step| step.difference.is_none()).count()
    }

    /// The first step that did not agree.
    pub fn first_difference(&self) -> Option<&StepResult> {
        self.steps.iter().find(|step| step.difference.is_some())
    }
}
