//! What a script must not hold, however it was written down.

use rollscope_api::yaml::{self, Excess};
use rollscope_api::{SimDuration, Timestamp};

use super::{Script, ScriptError, TEXT_BYTES_MAX};
use crate::input::{Input, NodeAction};
use crate::span;
use crate::trace::{Action, parse_action};

/// Most inputs of one script.
pub const INPUTS_MAX: usize = 10_000;
/// Most files of one script.
pub const FILES_MAX: usize = 200;
/// The longest a session lasts until its last input, waiting included.
pub const SPAN_MAX: SimDuration = SimDuration::from_secs(7 * 24 * 3_600);
/// Sessions begin between these: 1970 and 9000.
const STARTS: std::ops::Range<Timestamp> =
    Timestamp::from_secs(0)..Timestamp::from_secs(221_845_392_000);

/// A mistake and the field it is in.
pub(super) struct Wrong {
    path: String,
    message: String,
}

impl Wrong {
    pub(super) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }

    /// Names the line of the field in the text that the script was read from.
    pub(super) fn located_in(self, text: &str) -> ScriptError {
        let documents = yaml::parse(text).unwrap_or_default();
        let line = documents.first().map_or(0, |one| yaml::locate(one, &self.path).line);
        ScriptError { line, message: self.message }
    }

    /// The mistake alone, where there are no lines.
    pub(super) fn unlocated(self) -> ScriptError {
        ScriptError { line: 0, message: self.message }
    }
}

/// Refuses what a few lines can make gigabytes or minutes of.
pub(super) fn excess(text: &str) -> Result<(), ScriptError> {
    let alias = "aliases (*name) are not read in scripts: write the value out";
    match yaml::excess(text) {
        None => Ok(()),
        Some(Excess::Alias(line)) => Err(ScriptError { line, message: alias.to_owned() }),
        Some(Excess::Unreadable(line, message)) => Err(ScriptError { line, message }),
    }
}

/// The first mistake of a script.
pub(super) fn script(script: &Script) -> Result<(), Wrong> {
    let (inputs, files) = (script.inputs.len(), script.files.len());
    if inputs > INPUTS_MAX {
        let message = format!("inputs: {inputs} are given, at most {INPUTS_MAX} are read");
        return Err(Wrong::new("inputs", message));
    }
    if files > FILES_MAX {
        let message = format!("files: {files} are given, at most {FILES_MAX} are read");
        return Err(Wrong::new("files", message));
    }
    if !STARTS.contains(&script.start) {
        let message = format!("start: {} is not between 1970 and 9000", script.start);
        return Err(Wrong::new("start", message));
    }
    script
        .world
        .validate()
        .map_err(|error| Wrong::new(format!("world.{}", error.field), error.to_string()))?;
    times(script)?;
    machines_and_worlds(script)?;
    if script.text_bytes() > TEXT_BYTES_MAX {
        let message = format!("the texts of the script are longer than {TEXT_BYTES_MAX} bytes");
        return Err(Wrong::new("inputs", message));
    }
    Ok(())
}

fn times(script: &Script) -> Result<(), Wrong> {
    let mut before = SimDuration::ZERO;
    let mut waited = SimDuration::ZERO;
    for (index, timed) in script.inputs.iter().enumerate() {
        let wrong = |field: &str, message| Wrong::new(format!("inputs[{index}].{field}"), message);
        if timed.at < before {
            let (at, before) = (span::format(timed.at), span::format(before));
            let message = format!("inputs: {at} comes after {before}: times must not go back");
            return Err(wrong("at", message));
        }
        before = timed.at;
        if timed.at > SPAN_MAX {
            return Err(wrong("at", too_long("inputs", timed.at)));
        }
        if let Input::Nodes { action } = &timed.input {
            match parse_action(action, "") {
                Ok(Action::Wait(span)) => waited = waited + span.min(SPAN_MAX),
                Ok(Action::Pods(_)) => {}
                Err(message) => return Err(wrong("nodes", message)),
            }
            if waited >= SPAN_MAX {
                return Err(wrong("nodes", too_long("waiting", waited)));
            }
        }
    }
    Ok(())
}

/// What inputs say of machines and worlds.
fn machines_and_worlds(script: &Script) -> Result<(), Wrong> {
    for (index, timed) in script.inputs.iter().enumerate() {
        let wrong = |field: &str, message: String| {
            let path = format!("inputs[{index}].{field}");
            Wrong::new(path.clone(), format!("{path}: {message}"))
        };
        match &timed.input {
            Input::World { world } => world.validate().map_err(|error| {
                wrong(&format!("world.{}", error.field), error.problem.to_string())
            })?,
            Input::Node { node, action: NodeAction::Add, machine } => {
                let machine = machine.as_deref().cloned().unwrap_or_default();
                machine.validate_as(node).map_err(|error| {
                    wrong(&format!("node.{}", error.field), error.problem.to_string())
                })?;
            }
            Input::Node { action, machine: Some(_), .. } => {
                let action = action.as_str();
                let message = format!("a machine is described where one is added, not to {action}");
                return Err(wrong("node.machine", message));
            }
            _ => {}
        }
    }
    Ok(())
}

pub(super) fn too_long(what: &str, span: SimDuration) -> String {
    format!("{what}: {} is too long: at most {}", span::format(span), span::format(SPAN_MAX))
}

impl Script {
    /// How many bytes of text the script holds: its files, and what its inputs say.
    pub fn text_bytes(&self) -> usize {
        let files = self.files.iter().map(|(path, text)| path.len() + text.len());
        files.chain(self.inputs.iter().map(|timed| timed.input.text_bytes())).sum()
    }
}

impl Input {
    /// How many bytes of text the input holds.
    pub fn text_bytes(&self) -> usize {
        match self {
            Self::Command { line: text }
            | Self::Apply { file: text }
            | Self::RemoveFile { name: text }
            | Self::Nodes { action: text }
            | Self::FinishEdit { text } => text.len(),
            Self::EditFile { name, text } => name.len() + text.len(),
            Self::Pod { pod, .. } => pod.len(),
            Self::Node { node, .. } => node.len(),
            Self::World { world } => serde_json::to_string(world).map_or(0, |text| text.len()),
            Self::Interrupt => 0,
        }
    }
}
