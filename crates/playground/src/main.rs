//! The page: a Yew application over the simulated cluster.

fn main() {}
