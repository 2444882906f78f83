//! `rollscope`: the playground's engine in a terminal.

fn main() {}
