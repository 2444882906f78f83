//! Commands asked about a moment of the timeline.

use std::rc::Rc;

use super::{Timeline, pass_next};
use crate::files::FileSet;
use crate::question::Question;
use crate::session::Session;
use crate::terminal::Entry;
use crate::timeline::checkpoints::Checkpoint;

/// So many things happen at most while a command is followed: some rollouts of a thousand pods.
const EVENTS_MAX: usize = 100_000;

impl Timeline {
    /// What a command prints that changes nothing, asked of the session at some moment of this
    /// timeline: nothing comes of it. One that waits is told what follows from the script from
    /// there on, all at once, until it ends; where the run comes to rest before that, it ends as by
    /// Ctrl-C. `None` for a command that changes something or wants a text edited.
    pub fn answer(&self, asked: &Session, line: &str, files: &FileSet) -> Option<Rc<Entry>> {
        let mut question = Question::ask(asked.cluster(), files, line)?;
        if question.waits() {
            let (session, next_input) = self.look_at(asked.now());
            self.follow(Checkpoint { session, next_input }, &mut question)?;
        }
        question.entry()
    }

    fn follow(&self, mut at: Checkpoint, question: &mut Question<'_>) -> Option<()> {
        for _ in 0..EVENTS_MAX {
            let next = self.next_moment_of(&at).filter(|next| *next <= self.horizon);
            let deadline = question.deadline();
            match deadline.filter(|deadline| next.is_none_or(|next| next > *deadline)) {
                Some(deadline) => at.session.run_until(deadline),
                None if next.is_some() => drop(pass_next(&self.script, &mut at)),
                None => break,
            }
            if !question.look(at.session.api()) {
                return None;
            }
            if !question.waits() {
                return Some(());
            }
        }
        question.give_up(at.session.now());
        Some(())
    }
}
