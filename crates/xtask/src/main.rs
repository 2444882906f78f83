//! Set-up, serving, testing and measuring of the project: `cargo xtask`.

fn main() {}
