//! Scripts: a seed, a world, files and inputs with their times. Everything else follows from them.

use std::collections::BTreeMap;
use std::fmt;

use rollscope_api::{SimDuration, SimTime, Timestamp, Value};
use rollscope_sim::World;
use rollscope_sim::world::NodeGroup;
use serde::{Deserialize, Serialize};

use crate::input::{Input, NodeAction, PodAction};
use crate::span;

mod check;
mod json;
mod view;

pub use check::{FILES_MAX, INPUTS_MAX, SPAN_MAX};
pub(crate) use json::read_json;
pub use view::View;

/// The version of the format that this crate reads and writes.
pub const VERSION: u32 = 1;
/// Longest script text in bytes.
pub const TEXT_BYTES_MAX: usize = 2_000_000;

/// A whole session, before it runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// Every random draw follows from it.
    pub seed: u64,
    /// The moment the session begins. Names and ages do not depend on it, stored times do.
    pub start: Timestamp,
    /// Whether nodes live or act only when told.
    pub pace: ScriptPace,
    /// What YAML manifests cannot say: nodes, images and how they behave.
    pub world: World,
    /// The files at the beginning, by path.
    pub files: BTreeMap<String, String>,
    /// In the order they are given to the session; times never go back.
    pub inputs: Vec<TimedInput>,
}

/// An input and its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedInput {
    /// Since the start of the session.
    pub at: SimDuration,
    /// What is done.
    pub input: Input,
}

/// How nodes behave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScriptPace {
    /// Images are pulled and pods start in the times of the world.
    #[default]
    Live,
    /// Nodes act only when told, as in recorded traces; a deleted pod goes at once.
    Stepped,
    /// As `Stepped`, and deleted pods stay until they are told to go.
    Manual,
}

/// Why a script could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptError {
    /// The line, counted from 1; 0 where it is the whole.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

impl std::error::Error for ScriptError {}

impl Default for Script {
    fn default() -> Self {
        Self {
            seed: 1,
            // A Monday morning: ages and times read naturally.
            start: Timestamp::from_secs(1_767_603_600),
            pace: ScriptPace::Live,
            world: World::default(),
            files: BTreeMap::new(),
            inputs: Vec::new(),
        }
    }
}

impl Script {
    /// The instant of the start.
    pub fn start_time(&self) -> SimTime {
        self.start.start()
    }

    /// The instant of an input; the start for one that does not exist.
    pub fn time_of(&self, input: usize) -> SimTime {
        let at = self.inputs.get(input).map_or(SimDuration::ZERO, |timed| timed.at);
        self.start_time() + at
    }

    /// Reads a script. Unknown fields, a wrong version and times that go back are refused.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line.
    pub fn from_yaml(text: &str) -> Result<Self, ScriptError> {
        Ok(Self::with_view_from_yaml(text)?.0)
    }

    /// Writes the script so that [`Script::from_yaml`] reads the same.
    pub fn to_yaml(&self) -> String {
        self.to_yaml_with_view(None)
    }
}

/// Reads what is written, without a look at the values.
fn read_raw(text: &str) -> Result<RawScript, ScriptError> {
    if text.len() > TEXT_BYTES_MAX {
        return Err(whole(format!(
            "the script is {} bytes long; at most {TEXT_BYTES_MAX} are read",
            text.len()
        )));
    }
    check::excess(text)?;
    check_version(text)?;
    serde_yaml::from_str(text).map_err(|error| located(&error))
}

fn whole(message: String) -> ScriptError {
    ScriptError { line: 0, message }
}

fn located(error: &serde_yaml::Error) -> ScriptError {
    let line = error.location().map_or(0, |location| location.line());
    let text = error.to_string();
    // The library ends its messages with the position, which is told apart here.
    let message = text.split(" at line ").next().unwrap_or(&text).to_owned();
    ScriptError { line, message }
}

/// Another version is named as such before its unknown fields are complained about.
fn check_version(text: &str) -> Result<(), ScriptError> {
    #[derive(Deserialize)]
    #[serde(expecting = "a script: a map that begins with `rollscope: 1`")]
    struct Version {
        rollscope: Option<Value>,
    }
    let found: Version = serde_yaml::from_str(text).map_err(|error| located(&error))?;
    match found.rollscope {
        None => Err(whole(format!(
            "this is not a script: it has no `rollscope: {VERSION}`, which names the format's version"
        ))),
        Some(version) if version.as_u64() == Some(u64::from(VERSION)) => Ok(()),
        Some(version) => {
            let version = version.as_str().map_or_else(|| version.to_string(), str::to_owned);
            Err(whole(format!(
                "the script is of version {version}, this program reads version {VERSION}"
            )))
        }
    }
}

/// The script as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawScript {
    rollscope: u32,
    #[serde(default = "one")]
    seed: u64,
    #[serde(default = "default_start")]
    start: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    view: Option<View>,
    #[serde(default, skip_serializing_if = "is_live")]
    pace: ScriptPace,
    #[serde(default, skip_serializing_if = "is_default_world")]
    world: World,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    files: BTreeMap<String, String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    inputs: Vec<TimedInput>,
}

fn one() -> u64 {
    1
}
fn default_start() -> Timestamp {
    Script::default().start
}
fn is_live(pace: &ScriptPace) -> bool {
    *pace == ScriptPace::Live
}
fn is_default_world(world: &World) -> bool {
    *world == World::default()
}

impl From<&Script> for RawScript {
    fn from(script: &Script) -> Self {
        Self {
            rollscope: VERSION,
            seed: script.seed,
            start: script.start,
            view: None,
            pace: script.pace,
            world: script.world.clone(),
            files: script.files.clone(),
            inputs: script.inputs.clone(),
        }
    }
}

impl From<RawScript> for Script {
    fn from(raw: RawScript) -> Self {
        Self {
            seed: raw.seed,
            start: raw.start,
            pace: raw.pace,
            world: raw.world,
            files: raw.files,
            inputs: raw.inputs,
        }
    }
}

/// One item of `inputs` as it is written: a time and exactly one of the others.
#[derive(Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInput {
    #[serde(with = "span::text")]
    at: SimDuration,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    command: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    apply: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    edit: Option<RawEdit>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    close: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pod: Option<RawPod>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    node: Option<RawNode>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    world: Option<Box<World>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    nodes: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    interrupt: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    save: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawEdit {
    file: String,
    text: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPod {
    name: String,
    action: PodAction,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNode {
    name: String,
    action: NodeAction,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    machine: Option<Box<NodeGroup>>,
}

impl Serialize for TimedInput {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut raw = RawInput { at: self.at, ..RawInput::default() };
        match self.input.clone() {
            Input::Command { line } => raw.command = Some(line),
            Input::Apply { file } => raw.apply = Some(file),
            Input::EditFile { name, text } => raw.edit = Some(RawEdit { file: name, text }),
            Input::RemoveFile { name } => raw.close = Some(name),
            Input::Pod { pod, action } => raw.pod = Some(RawPod { name: pod, action }),
            Input::Node { node, action, machine } => {
                raw.node = Some(RawNode { name: node, action, machine });
            }
            Input::World { world } => raw.world = Some(world),
            Input::Nodes { action } => raw.nodes = Some(action),
            Input::Interrupt => raw.interrupt = true,
            Input::FinishEdit { text } => raw.save = Some(text),
        }
        raw.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TimedInput {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = RawInput::deserialize(deserializer)?;
        let given = [
            raw.command.map(|line| Input::Command { line }),
            raw.apply.map(|file| Input::Apply { file }),
            raw.edit.map(|edit| Input::EditFile { name: edit.file, text: edit.text }),
            raw.close.map(|name| Input::RemoveFile { name }),
            raw.pod.map(|pod| Input::Pod { pod: pod.name, action: pod.action }),
            raw.node.map(|node| Input::Node {
                node: node.name,
                action: node.action,
                machine: node.machine,
            }),
            raw.world.map(|world| Input::World { world }),
            raw.nodes.map(|action| Input::Nodes { action }),
            raw.interrupt.then_some(Input::Interrupt),
            raw.save.map(|text| Input::FinishEdit { text }),
        ];
        let mut inputs = given.into_iter().flatten();
        match (inputs.next(), inputs.next()) {
            (Some(input), None) => Ok(Self { at: raw.at, input }),
            _ => Err(serde::de::Error::custom(
                "an input holds `at` and exactly one of `command`, `apply`, `edit`, `close`, `pod`, `node`, `world`, `nodes`, `interrupt`, `save`",
            )),
        }
    }
}

#[cfg(test)]
mod tests;
