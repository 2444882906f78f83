//! A script in the fragment of an address: `#s=1.AbCd…`.
//!
//! The number is the format's version. What follows is base64url of a CRC-32 (four bytes, little
//! end first) and of deflated JSON: engine, moment, whether it plays, and the script. The
//! checksum is of the JSON.

use std::fmt;

use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use rollscope_api::SimDuration;
use serde::{Deserialize, Serialize};

use super::{ENGINE, base64};
use crate::checksum::crc32;
use crate::script::{SPAN_MAX, Script, ScriptError, TEXT_BYTES_MAX, read_json};

/// The version of the format that links are written in. Older ones are read as well.
pub const FORMAT: u32 = 1;
/// The longest fragment that is written: longer ones get lost in messengers.
pub const LINK_CHARS_MAX: usize = 16_000;
/// The longest fragment that is read.
pub const READ_CHARS_MAX: usize = 400_000;
/// The most that a link may unpack to: a script, and what is around it.
const INFLATED_BYTES_MAX: usize = TEXT_BYTES_MAX + 1_000;
/// The name of the fragment's parameter.
const PARAMETER: &str = "s=";
/// How hard the compressor tries, 0 to 10.
const EFFORT: u8 = 9;

/// What a link says.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    #[allow(missing_docs)]
    pub script: Script,
    /// The moment to show, since the start.
    pub moment: SimDuration,
    /// Whether time goes on from there.
    pub playing: bool,
}

/// A link that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Opened {
    #[allow(missing_docs)]
    pub link: Link,
    /// The version of the engine that wrote it.
    pub engine: String,
}

impl Opened {
    /// Whether another version of the engine wrote the link: what happens may differ.
    pub fn is_of_another_engine(&self) -> bool {
        self.engine != ENGINE
    }
}

/// A session does not fit into a link; a file holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLong {
    /// How long the fragment would be.
    pub chars: usize,
    /// How long it may be.
    pub chars_max: usize,
}

impl fmt::Display for TooLong {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the link would be {} characters long, and links above {} get lost on their way: \
             send the session as a file",
            self.chars, self.chars_max
        )
    }
}

impl std::error::Error for TooLong {}

/// Why a link could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkError {
    /// The fragment holds no session.
    NotALink,
    /// The fragment is longer than any that is read.
    TooLong {
        /// How long it is.
        chars: usize,
    },
    /// The format is newer than this page.
    Newer {
        /// The format's version.
        format: u32,
    },
    /// The end is missing.
    Cut,
    /// A letter is wrong, or the checksum is.
    Damaged,
    /// It unpacks to more than any session needs.
    TooLarge,
    /// It is sound, and its script cannot be run.
    Script(ScriptError),
}

impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotALink => f.write_str("this address holds no session"),
            Self::TooLong { chars } => {
                write!(f, "the link is {chars} characters long: at most {READ_CHARS_MAX} are read")
            }
            Self::Newer { format } => write!(
                f,
                "the link is of format {format}, and this page reads format {FORMAT}: it was \
                 made by a newer version"
            ),
            Self::Cut => f.write_str("the end of the link is missing: copy it again as a whole"),
            Self::Damaged => {
                f.write_str("the link is damaged: some of its letters are not as they were written")
            }
            Self::TooLarge => write!(
                f,
                "the link unpacks to more than {INFLATED_BYTES_MAX} bytes, which no session needs"
            ),
            Self::Script(error) => write!(f, "the script in the link cannot be run: {error}"),
        }
    }
}

impl std::error::Error for LinkError {}

/// The JSON in a link. Names are short, as every letter counts.
#[derive(Serialize)]
struct Written<'a> {
    engine: &'a str,
    #[serde(with = "crate::span::text")]
    at: SimDuration,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    play: bool,
    script: &'a Script,
}

/// The same when it is read.
#[derive(Deserialize)]
struct Read {
    #[serde(default)]
    engine: String,
    #[serde(default, with = "crate::span::text")]
    at: SimDuration,
    #[serde(default)]
    play: bool,
    script: Script,
}

/// The fragment of a link, without `#`.
///
/// # Errors
/// [`TooLong`] for a session that is better sent as a file.
pub fn to_fragment(link: &Link) -> Result<String, TooLong> {
    let at = link.moment.clamp(SimDuration::ZERO, moment_max());
    let written = Written { engine: ENGINE, at, play: link.playing, script: &link.script };
    // There are no maps with other keys than strings: it always serialises.
    let json = serde_json::to_string(&written).unwrap_or_default();
    let fragment = pack(json.as_bytes());
    let chars = fragment.len();
    if chars > LINK_CHARS_MAX || json.len() > INFLATED_BYTES_MAX {
        return Err(TooLong { chars, chars_max: LINK_CHARS_MAX });
    }
    Ok(fragment)
}

/// The fragment for some JSON.
pub(super) fn pack(json: &[u8]) -> String {
    let mut bytes = crc32(json).to_le_bytes().to_vec();
    bytes.extend(miniz_oxide::deflate::compress_to_vec(json, EFFORT));
    format!("{PARAMETER}{FORMAT}.{}", base64::encode(&bytes))
}

/// Nobody looks at a moment later than this: the last input and a day.
fn moment_max() -> SimDuration {
    SPAN_MAX + SimDuration::from_secs(24 * 3_600)
}

/// Whether a fragment means to hold a session.
pub fn has_link(fragment: &str) -> bool {
    parameter(fragment).is_some()
}

/// The session's part of a fragment, which may hold other parameters between `&`.
fn parameter(fragment: &str) -> Option<&str> {
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    fragment.split('&').find_map(|part| part.strip_prefix(PARAMETER))
}

/// Reads a fragment, with or without `#`.
///
/// # Errors
/// What is wrong with it, in plain words; never more than that.
pub fn from_fragment(fragment: &str) -> Result<Opened, LinkError> {
    if fragment.len() > READ_CHARS_MAX {
        return Err(LinkError::TooLong { chars: fragment.len() });
    }
    let text = parameter(fragment).ok_or(LinkError::NotALink)?;
    let (format, packed) = text.split_once('.').ok_or(LinkError::Cut)?;
    match format.parse::<u32>() {
        Ok(FORMAT) => {}
        Ok(format) if format > FORMAT => return Err(LinkError::Newer { format }),
        _ => return Err(LinkError::Damaged),
    }
    let json = unpack(packed)?;
    read(&json)
}

fn unpack(packed: &str) -> Result<String, LinkError> {
    // Cut after one letter of a group: the letters themselves are sound.
    let whole = if packed.len() % 4 == 1 && packed.is_ascii() {
        &packed[..packed.len() - 1]
    } else {
        packed
    };
    let bytes = base64::decode(whole).ok_or(LinkError::Damaged)?;
    let (checksum, deflated) = bytes.split_first_chunk::<4>().ok_or(LinkError::Cut)?;
    let json =
        decompress_to_vec_with_limit(deflated, INFLATED_BYTES_MAX).map_err(|error| match error
            .status
        {
            TINFLStatus::HasMoreOutput => LinkError::TooLarge,
            TINFLStatus::NeedsMoreInput | TINFLStatus::FailedCannotMakeProgress => LinkError::Cut,
            _ => LinkError::Damaged,
        })?;
    if crc32(&json) != u32::from_le_bytes(*checksum) {
        return Err(LinkError::Damaged);
    }
    String::from_utf8(json).map_err(|_| LinkError::Damaged)
}

fn read(text: &str) -> Result<Opened, LinkError> {
    let read: Read =
        read_json(text).map_err(|message| LinkError::Script(ScriptError { line: 0, message }))?;
    let moment = read.at.clamp(SimDuration::ZERO, moment_max());
    // It is shown to people: no more of it than a version needs.
    let engine = read.engine.chars().filter(|c| !c.is_control()).take(40).collect();
    Ok(Opened { link: Link { script: read.script, moment, playing: read.play }, engine })
}
