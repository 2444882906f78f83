//! Reading what commands are given.

use rollscope_scenario::{Script, forecast};
use rollscope_sim::World;

use crate::Failure;

/// Longest file that is read.
const BYTES_MAX: u64 = 64_000_000;

/// The text of a file.
pub(crate) fn read(path: &str) -> Result<String, Failure> {
    let failure = |message: String| Failure::new(format!("{path}: {message}"));
    let metadata = std::fs::metadata(path).map_err(|error| failure(error.to_string()))?;
    if metadata.is_dir() {
        return Err(failure("this is a folder".to_owned()));
    }
    if metadata.len() > BYTES_MAX {
        return Err(failure(format!("the file is larger than {BYTES_MAX} bytes")));
    }
    let bytes = std::fs::read(path).map_err(|error| failure(error.to_string()))?;
    String::from_utf8(bytes).map_err(|_| failure("not a text in UTF-8".to_owned()))
}

/// The world in a file: the same as `world:` in a script.
pub(crate) fn world(path: &str) -> Result<World, Failure> {
    forecast::world(&read(path)?).map_err(|error| match error.line {
        0 => Failure::new(format!("{path}: {}", error.message)),
        line => Failure::new(format!("{path}:{line}: {}", error.message)),
    })
}

/// The script in a file. Errors name the file and the line.
pub(crate) fn script(path: &str) -> Result<Script, Failure> {
    let text = read(path)?;
    Script::from_yaml(&text).map_err(|error| match error.line {
        0 => Failure::new(format!("{path}: {}", error.message)),
        line => Failure::new(format!("{path}:{line}: {}", error.message)),
    })
}
