//! Sessions that are sent to somebody: as a link's fragment, or as a file.
//!
//! A link comes from anywhere. Whatever stands in it, reading it takes bounded time and memory and
//! ends in a checked script or in a [`LinkError`] that says what is wrong.

mod base64;
mod file;
mod link;
#[cfg(test)]
mod tests;

pub use file::{FILE_BYTES_MAX, FileError, export, import};
pub use link::{
    FORMAT, LINK_CHARS_MAX, Link, LinkError, Opened, READ_CHARS_MAX, TooLong, from_fragment,
    has_link, to_fragment,
};

/// The engine's version, which links and records name: another engine may run a script otherwise.
pub const ENGINE: &str = env!("CARGO_PKG_VERSION");
