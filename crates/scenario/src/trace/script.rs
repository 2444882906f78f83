//! Writes what comes of a script, moment by moment, in the words of the trace format.

use super::run::StateWriter;
use crate::playback::Playback;
use crate::script::Script;
use crate::span;
use rollscope_api::SimDuration;
use rollscope_sim::traffic::{Totals, Traffic};

/// Runs a script and writes its trace: inputs, what commands print, every state and event, each
/// under its time since the start. Nothing is left out or replaced, so two runs of the same
/// engine must give the same bytes.
pub fn script_trace(script: &Script, until: Option<SimDuration>) -> String {
    let mut text = format!("# seed {}\n", script.seed);
    let mut playback = Playback::new(script, until);
    let mut writer = StateWriter::exact();
    let mut printed = Printed::default();
    let mut lost = Totals::default().lost;
    while let Some((moment, inputs)) = playback.next_moment() {
        let mut below = String::new();
        for timed in &script.inputs[inputs] {
            below.push_str(&format!("> {}\n", timed.input.summary()));
        }
        below.push_str(&printed.new_lines(&playback));
        below.push_str(&writer.changes(playback.session_mut().api()));
        let traffic = playback.session().cluster().traffic();
        if !below.is_empty() && traffic.totals().lost != lost {
            lost = traffic.totals().lost;
            below.push_str(&requests_line(traffic));
        }
        if !below.is_empty() {
            let at = span::format(moment - script.start_time());
            text.push_str(&format!("\n@ {at}\n{below}"));
        }
    }
    let requests = requests_line(playback.session().cluster().traffic());
    if !requests.is_empty() {
        text.push_str(&format!("\n{requests}"));
    }
    text
}

/// One line about all requests so far: how many were sent, served and lost, and by what causes.
/// Empty where none were sent.
pub fn requests_line(traffic: &Traffic) -> String {
    let totals = traffic.totals();
    if totals.sent == 0 {
        return String::new();
    }
    let mut text = format!(
        "requests sent={} served={} in-flight={} lost={}",
        totals.sent,
        totals.served,
        traffic.in_flight(),
        totals.lost_in_all()
    );
    for (cause, count) in totals.causes() {
        text.push_str(&format!(" {}={count}", cause.as_str()));
    }
    text.push('\n');
    text
}

/// What of the transcript has been written.
#[derive(Default)]
struct Printed {
    chunks: std::collections::BTreeMap<usize, usize>,
    bytes: std::collections::BTreeMap<usize, usize>,
}

impl Printed {
    fn new_lines(&mut self, playback: &Playback<'_>) -> String {
        let transcript = playback.session().transcript();
        let mut text = String::new();
        for (index, entry) in transcript.entries().iter().enumerate() {
            let number = transcript.first() + index;
            let length: usize = entry.chunks.iter().map(|chunk| chunk.text.len()).sum();
            let ended = usize::from(entry.ended.is_some());
            let known = self.bytes.insert(number, length + ended);
            if known == Some(length + ended) {
                continue;
            }
            let written = self.chunks.entry(number).or_default();
            for chunk in &entry.chunks[(*written).min(entry.chunks.len())..] {
                let prefix = if chunk.stderr { "!" } else { "|" };
                for line in chunk.text.lines() {
                    text.push_str(&format!("{prefix} {line}\n"));
                }
            }
            *written = entry.chunks.len();
            if let Some((_, exit @ 1..)) = entry.ended {
                text.push_str(&format!("exit {exit}\n"));
            }
        }
        text
    }
}
