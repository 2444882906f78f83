//! Runs a script from its beginning, moment by moment.

use rollscope_api::{SimDuration, SimTime};

use crate::script::Script;
use crate::session::Session;

/// How long after its last input a script is followed, if nothing is said and the cluster does
/// not come to rest before.
pub const FOLLOWED: SimDuration = SimDuration::from_secs(15 * 60);

/// A script being run.
#[derive(Clone, Debug)]
pub struct Playback<'a> {
    script: &'a Script,
    session: Session,
    next_input: usize,
    until: SimTime,
}

impl<'a> Playback<'a> {
    /// Begins a script. It is followed until `until` after its start, or for [`FOLLOWED`] after its
    /// last input.
    pub fn new(script: &'a Script, until: Option<SimDuration>) -> Self {
        let last = script.inputs.last().map_or(SimDuration::ZERO, |timed| timed.at);
        let until = script.start_time() + until.unwrap_or(last + FOLLOWED);
        Self { script, session: Session::new(script), next_input: 0, until }
    }

    /// The session as it is now.
    pub fn session(&self) -> &Session {
        &self.session
    }

    /// The session as it is now, to be read through its API.
    pub fn session_mut(&mut self) -> &mut Session {
        &mut self.session
    }

    /// Lets the next moment pass: everything that happens in it, events first, then inputs, then
    /// what follows at once. Returns the moment and the inputs' numbers; `None` at the end.
    pub fn next_moment(&mut self) -> Option<(SimTime, std::ops::Range<usize>)> {
        let input = self.script.inputs.get(self.next_input);
        let input = input.map(|timed| self.script.start_time() + timed.at);
        let event = self.session.next_event_at();
        let moment = [event, input].into_iter().flatten().min();
        let moment = moment.filter(|&moment| moment <= self.until)?;
        self.session.run_until(moment);
        let first = self.next_input;
        while let Some(timed) = self.script.inputs.get(self.next_input)
            && self.script.start_time() + timed.at <= moment
        {
            self.session.input(&timed.input);
            self.next_input += 1;
            // What follows from an input at the very same moment happens before the next input.
            self.session.run_until(moment);
        }
        Some((moment, first..self.next_input))
    }
}
