//! Commands asked about a moment that has passed: what they print then and, where they wait, what
//! the known future would have shown them. Nothing comes of them.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_kubectl::{Outcome, Waiting};
use rollscope_sim::Cluster;

use crate::files::FileSet;
use crate::session::{INTERRUPTED, typed};
use crate::terminal::{Entry, Transcript};

/// A command that stands beside a session: in a terminal of its own, so to speak.
#[derive(Clone, Debug)]
pub(crate) struct Question<'a> {
    files: &'a FileSet,
    transcript: Transcript,
    waiting: Option<Waiting>,
    /// The cluster's version when it last looked.
    polled: u64,
}

impl<'a> Question<'a> {
    /// Asks. `None` for a command that changes something or wants a text edited.
    pub(crate) fn ask(cluster: &Cluster, files: &'a FileSet, line: &str) -> Option<Self> {
        let line = typed(line)?;
        let (now, version) = (cluster.now(), cluster.version());
        let mut cluster = cluster.clone();
        let mut transcript = Transcript::default();
        let number = transcript.begin(now, &line);
        let waiting = match rollscope_kubectl::run(&mut cluster, files, &line) {
            Outcome::Editing(_) => return None,
            Outcome::Waiting(output, waiting) => {
                transcript.print(number, now, &output);
                Some(waiting)
            }
            Outcome::Done(output) => {
                transcript.print(number, now, &output);
                transcript.end(number, now, output.exit);
                None
            }
        };
        let has_changed = cluster.version() != version;
        (!has_changed).then_some(Self { files, transcript, waiting, polled: version })
    }

    /// Whether it waits for something.
    pub(crate) fn waits(&self) -> bool {
        self.waiting.is_some()
    }

    /// When its own time-out strikes.
    pub(crate) fn deadline(&self) -> Option<SimTime> {
        self.waiting.as_ref().and_then(Waiting::deadline)
    }

    /// Looks at the cluster again, if that has changed or the time-out has struck. Returns whether
    /// it still only asks: what comes after it in its line may change something.
    pub(crate) fn look(&mut self, cluster: &mut Cluster) -> bool {
        let (now, version) = (cluster.now(), cluster.version());
        let timed_out = self.deadline().is_some_and(|deadline| deadline <= now);
        let Some(waiting) = &mut self.waiting else { return true };
        if version == self.polled && !timed_out {
            return true;
        }
        self.polled = version;
        let (output, exit) = waiting.poll(cluster, self.files);
        let number = self.transcript.first();
        self.transcript.print(number, now, &output);
        if let Some(exit) = exit {
            self.transcript.end(number, now, exit);
            self.waiting = None;
        } else if timed_out {
            self.give_up(now);
        }
        cluster.version() == version
    }

    /// Nothing more is going to be seen: it ends as by Ctrl-C.
    pub(crate) fn give_up(&mut self, now: SimTime) {
        if self.waiting.take().is_some() {
            self.transcript.interrupt(self.transcript.first(), now, INTERRUPTED);
        }
    }

    /// The command and what it has printed.
    pub(crate) fn entry(&self) -> Option<Rc<Entry>> {
        self.transcript.entries().first().cloned()
    }
}
