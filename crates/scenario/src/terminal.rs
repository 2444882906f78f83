//! The terminal's transcript: commands, and what they printed when.

use std::rc::Rc;

use rollscope_api::SimTime;
use rollscope_kubectl::Output;

/// Most bytes that one command's output keeps; a watch that runs for hours keeps its latest part.
const OUTPUT_BYTES_MAX: usize = 200_000;
/// Most commands that are kept.
const ENTRIES_MAX: usize = 2_000;

/// One command and what it printed so far.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// When it was entered.
    pub at: SimTime,
    /// The command line, beginning with `kubectl`.
    pub line: String,
    /// What it printed, in order.
    pub chunks: Vec<Chunk>,
    /// When and how it ended; `None` while it waits.
    pub ended: Option<(SimTime, i32)>,
}

/// Something printed at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    #[allow(missing_docs)]
    pub at: SimTime,
    /// Whether it went to standard error.
    pub stderr: bool,
    /// Whole lines, as a rule.
    pub text: String,
}

/// Every command of a session, oldest first. Clones share what they have in common.
#[derive(Clone, Debug, Default)]
pub struct Transcript {
    entries: Rc<Vec<Rc<Entry>>>,
    /// How many entries have been dropped at the front.
    dropped: usize,
}

impl Transcript {
    /// The commands that are kept, oldest first.
    pub fn entries(&self) -> &[Rc<Entry>] {
        &self.entries
    }

    /// The number of the first kept entry: entries are numbered from 0 in the whole session.
    pub fn first(&self) -> usize {
        self.dropped
    }

    /// Begins a command; returns its number.
    pub(crate) fn begin(&mut self, at: SimTime, line: &str) -> usize {
        let entries = Rc::make_mut(&mut self.entries);
        if entries.len() == ENTRIES_MAX {
            entries.remove(0);
            self.dropped += 1;
        }
        let line = line.to_owned();
        entries.push(Rc::new(Entry { at, line, chunks: Vec::new(), ended: None }));
        self.dropped + entries.len() - 1
    }

    /// Adds output to a command.
    pub(crate) fn print(&mut self, number: usize, at: SimTime, output: &Output) {
        if output.stdout.is_empty() && output.stderr.is_empty() {
            return;
        }
        let Some(entry) = self.entry_mut(number) else { return };
        for (stderr, text) in [(false, &output.stdout), (true, &output.stderr)] {
            if text.is_empty() {
                continue;
            }
            match entry.chunks.last_mut() {
                Some(last) if last.at == at && last.stderr == stderr => last.text.push_str(text),
                _ => entry.chunks.push(Chunk { at, stderr, text: text.clone() }),
            }
        }
        let mut bytes: usize = entry.chunks.iter().map(|chunk| chunk.text.len()).sum();
        while bytes > OUTPUT_BYTES_MAX && entry.chunks.len() > 1 {
            bytes -= entry.chunks.remove(0).text.len();
        }
    }

    /// Ends a command as Ctrl-C does.
    pub(crate) fn interrupt(&mut self, number: usize, at: SimTime, exit: i32) {
        let output = Output { stdout: "^C\n".to_owned(), ..Output::default() };
        self.print(number, at, &output);
        self.end(number, at, exit);
    }

    /// Ends a command.
    pub(crate) fn end(&mut self, number: usize, at: SimTime, exit: i32) {
        if let Some(entry) = self.entry_mut(number) {
            entry.ended = Some((at, exit));
        }
    }

    fn entry_mut(&mut self, number: usize) -> Option<&mut Entry> {
        let index = number.checked_sub(self.dropped)?;
        Some(Rc::make_mut(Rc::make_mut(&mut self.entries).get_mut(index)?))
    }
}

impl Entry {
    /// Everything printed to one of the two streams.
    pub fn printed(&self, stderr: bool) -> String {
        self.chunks.iter().filter(|chunk| chunk.stderr == stderr).map(|c| c.text.as_str()).collect()
    }
}
