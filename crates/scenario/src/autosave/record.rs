//! One record: a header and parts, each on a line of its own with its checksum, the most precious
//! first. Where a line is damaged or the end is missing, the other lines are still good.

use std::collections::BTreeMap;
use std::fmt;

use rollscope_api::SimDuration;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::checksum::crc32;
use crate::runs::{Runs, SavedRun};
use crate::script::read_json;
use crate::share::ENGINE;

/// The version of the format of records.
pub const FORMAT: u32 = 1;
/// The longest record that is read.
pub const READ_BYTES_MAX: usize = 40_000_000;
const MAGIC: &str = "rollscope-autosave";

/// Who writes a record. Ids are short texts of letters, digits and hyphens, drawn by the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The session; it survives a reload.
    pub session: String,
    /// This page while it is loaded: another tab, or the same tab after a reload, is another.
    pub writer: String,
    /// The record that this page has written last, or began with.
    pub based_on: Option<Header>,
}

/// The first line of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    #[allow(missing_docs)]
    pub session: String,
    #[allow(missing_docs)]
    pub writer: String,
    /// Counts how often the session was written.
    pub revision: u64,
    /// When it was written, in milliseconds of real time since 1970: the page's clock.
    pub saved_at_ms: u64,
}

impl Header {
    /// Reads the header of a record and nothing else.
    ///
    /// # Errors
    /// It is no record, or one of a newer format.
    pub fn parse(text: &str) -> Result<Self, RecordError> {
        let line = text.lines().next().unwrap_or_default();
        let words: Vec<&str> = line.split(' ').collect();
        let [MAGIC, format, rest @ ..] = words.as_slice() else {
            return Err(RecordError::NotARecord);
        };
        match format.parse::<u32>() {
            Ok(FORMAT) => {}
            Ok(format) if format > FORMAT => return Err(RecordError::Newer { format }),
            _ => return Err(RecordError::NotARecord),
        }
        let [session, writer, revision, saved_at_ms, ..] = rest else {
            return Err(RecordError::NotARecord);
        };
        let number = |text: &str| text.parse::<u64>().map_err(|_| RecordError::NotARecord);
        Ok(Self {
            session: (*session).to_owned(),
            writer: (*writer).to_owned(),
            revision: number(revision)?,
            saved_at_ms: number(saved_at_ms)?,
        })
    }
}

/// Whether a page may write its record over what is stored under its key: nobody else has
/// written there since it did, or since it read it. Otherwise another tab is in this session, and
/// the page goes on under a new session id.
pub fn may_write(identity: &Identity, stored: Option<&str>) -> bool {
    let Some(stored) = stored else { return true };
    match Header::parse(stored) {
        Ok(header) => header.writer == identity.writer || identity.based_on == Some(header),
        // Rubbish is nobody's; what a newer page has written is not ours to replace.
        Err(RecordError::NotARecord) => true,
        Err(_) => false,
    }
}

/// What is kept of a session.
#[derive(Clone, Debug)]
pub struct Record {
    /// Every run, the current one first: see [`Runs::save`].
    pub runs: Vec<SavedRun>,
    /// The moment shown, since the start.
    pub moment: SimDuration,
    /// Whether time goes on.
    pub playing: bool,
    /// The editor's texts by name, applied or not.
    pub texts: BTreeMap<String, String>,
    /// How somebody likes to see the page, in the page's own JSON.
    pub preferences: String,
}

/// A record as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    #[allow(missing_docs)]
    pub text: String,
    /// Its header: the page's next [`Identity::based_on`].
    pub header: Header,
    /// How many of the other runs had no room.
    pub left_out: usize,
}

#[derive(Serialize, Deserialize)]
struct View {
    #[serde(with = "crate::span::text")]
    moment: SimDuration,
    #[serde(default)]
    playing: bool,
    #[serde(default)]
    engine: String,
}

/// Writes a record of at most so many bytes; runs that are not current are left out for that, the
/// oldest first, but texts and the current run never.
pub fn write(record: &Record, identity: &Identity, saved_at_ms: u64, bytes_max: usize) -> Written {
    let revision = identity.based_on.as_ref().map_or(0, |header| header.revision) + 1;
    let (session, writer) = (identity.session.clone(), identity.writer.clone());
    let header = Header { session, writer, revision, saved_at_ms };
    let mut text =
        format!("{MAGIC} {FORMAT} {} {} {revision} {saved_at_ms}\n", header.session, header.writer);
    let view = View { moment: record.moment, playing: record.playing, engine: ENGINE.to_owned() };
    text.push_str(&line("texts", &record.texts));
    text.push_str(&line("view", &view));
    text.push_str(&line("preferences", &record.preferences));
    let (current, ghosts) = record.runs.split_at(record.runs.len().min(1));
    for run in current {
        text.push_str(&line("run", run));
    }
    let mut kept = Vec::new();
    // The latest runs are the likeliest to be gone back to.
    for run in ghosts.iter().rev() {
        let line = line("run", run);
        if text.len() + line.len() + kept.iter().map(String::len).sum::<usize>() <= bytes_max {
            kept.push(line);
        }
    }
    let left_out = ghosts.len() - kept.len();
    text.extend(kept);
    text.push_str("end\n");
    Written { text, header, left_out }
}

fn line(kind: &str, part: &impl Serialize) -> String {
    // Every part serialises: there are no maps with other keys than strings.
    let json = serde_json::to_string(part).unwrap_or_default();
    format!("{kind} {:08x} {json}\n", crc32(json.as_bytes()))
}

/// Why nothing of a record could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordError {
    /// It is something else, or its first line is damaged beyond recognition.
    NotARecord,
    /// A newer page has written it.
    Newer {
        /// The format's version.
        format: u32,
    },
    /// It is longer than any record.
    TooLarge {
        /// How long it is.
        bytes: usize,
    },
}

impl fmt::Display for RecordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotARecord => f.write_str("what was saved cannot be read"),
            Self::Newer { format } => write!(
                f,
                "a newer version of this page saved the session (format {format}; this one reads \
                 {FORMAT})"
            ),
            Self::TooLarge { bytes } => {
                write!(f, "what was saved is {bytes} bytes long: at most {READ_BYTES_MAX} are read")
            }
        }
    }
}

impl std::error::Error for RecordError {}

/// What could be read of a record.
#[derive(Clone, Debug)]
pub struct Loaded {
    #[allow(missing_docs)]
    pub header: Header,
    /// `None` where no run could be read.
    pub runs: Option<Runs>,
    /// The moment shown.
    pub moment: SimDuration,
    #[allow(missing_docs)]
    pub playing: bool,
    /// The editor's texts by name.
    pub texts: BTreeMap<String, String>,
    /// Empty where they could not be read.
    pub preferences: String,
    /// What was lost, in plain words; empty where all is well.
    pub problems: Vec<String>,
}

/// Reads a record, or what is left of it.
///
/// # Errors
/// Only where nothing can be read; everything less is one of [`Loaded::problems`].
pub fn read(text: &str) -> Result<Loaded, RecordError> {
    if text.len() > READ_BYTES_MAX {
        return Err(RecordError::TooLarge { bytes: text.len() });
    }
    let mut loaded = Loaded {
        header: Header::parse(text)?,
        runs: None,
        moment: SimDuration::ZERO,
        playing: false,
        texts: BTreeMap::new(),
        preferences: String::new(),
        problems: Vec::new(),
    };
    let mut runs: Vec<SavedRun> = Vec::new();
    let mut is_whole = false;
    for line in text.lines().skip(1) {
        let mut words = line.splitn(3, ' ');
        let kind = words.next().unwrap_or_default();
        if kind == "end" {
            is_whole = true;
            break;
        }
        let (checksum, json) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let is_sound = checksum == format!("{:08x}", crc32(json.as_bytes()));
        if let Err(problem) = loaded.take(kind, json, &mut runs) {
            loaded.problems.push(problem);
        } else if !is_sound {
            loaded.problems.push(format!("{} may be damaged", name_of(kind)));
        }
    }
    if !is_whole {
        loaded.problems.push("the end is missing".to_owned());
    }
    loaded.runs = Runs::load(runs);
    if loaded.runs.is_none() {
        loaded.problems.push("no run could be read".to_owned());
    }
    Ok(loaded)
}

fn name_of(kind: &str) -> &'static str {
    match kind {
        "texts" => "the editor's texts",
        "view" => "the moment shown",
        "preferences" => "the preferences",
        "run" => "a run",
        _ => "a part",
    }
}

impl Loaded {
    /// Takes one line over.
    fn take(&mut self, kind: &str, json: &str, runs: &mut Vec<SavedRun>) -> Result<(), String> {
        match kind {
            "texts" => self.texts = part(kind, json)?,
            "view" => {
                let view: View = part(kind, json)?;
                (self.moment, self.playing) = (view.moment, view.playing);
            }
            "preferences" => self.preferences = part(kind, json)?,
            "run" => runs.push(part(kind, json)?),
            _ => return Err("a part is not known".to_owned()),
        }
        Ok(())
    }
}

fn part<T: DeserializeOwned>(kind: &str, json: &str) -> Result<T, String> {
    read_json(json).map_err(|error| format!("{} could not be read: {error}", name_of(kind)))
}
