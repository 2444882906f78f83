//! What the page knows and does, without a browser: [`model`] holds it all and [`texts`] the words.
//!
//! The binary of this crate adds what only a browser has: `view` makes markup of the model and
//! `browser` is the only place that touches web-sys.

pub mod model;
pub mod texts;
