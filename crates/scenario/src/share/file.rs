//! Sessions as files: the script in YAML, to be read and written by hand as well.

use std::fmt;

use super::ENGINE;
use crate::script::{Script, ScriptError, TEXT_BYTES_MAX, View};

/// The largest file that is read.
pub const FILE_BYTES_MAX: usize = TEXT_BYTES_MAX;

/// Why a file could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileError {
    /// It is larger than any that is read.
    TooLarge {
        /// How large it is.
        bytes: usize,
    },
    /// It is no text in UTF-8.
    NotText,
    /// It is a text, and no script that can be run.
    Script(ScriptError),
}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge { bytes } => {
                write!(f, "the file is {bytes} bytes long: at most {FILE_BYTES_MAX} are read")
            }
            Self::NotText => f.write_str("the file is not a text in UTF-8"),
            Self::Script(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for FileError {}

/// The text of a file that [`import`] and `rollscope run` read.
pub fn export(script: &Script, view: Option<View>) -> String {
    format!(
        "# A session of Rollscope {ENGINE}. Open it on the page, or `rollscope run` it.\n{}",
        script.to_yaml_with_view(view)
    )
}

/// Reads a file, whoever wrote it: the script, and where it is to be looked at if it says so.
///
/// # Errors
/// What is wrong with it, with the line where there is one.
pub fn import(bytes: &[u8]) -> Result<(Script, Option<View>), FileError> {
    if bytes.len() > FILE_BYTES_MAX {
        return Err(FileError::TooLarge { bytes: bytes.len() });
    }
    let text = std::str::from_utf8(bytes).map_err(|_| FileError::NotText)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Script::with_view_from_yaml(text).map_err(FileError::Script)
}
