//! What can be wrong with a world: values, so that every language has words of its own for them.

use std::fmt;

/// What is wrong with one value of a world.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named after what they hold")]
pub enum WorldProblem {
    TooManyNodes {
        nodes: u64,
        most: u64,
    },
    /// Two nodes have this name.
    SameName(String),
    /// It can be no name of a node.
    NoName(String),
    /// More than one machine is to join at once, or under two names.
    OneMachine,
    TooManyPods {
        pods: u32,
    },
    /// It is no quantity; what is wrong with it is said in the API server's words.
    NoQuantity {
        text: String,
        why: String,
    },
    NegativeQuantity(String),
    TaintWithoutKey,
    NoTaintEffect(String),
    TooManyRules {
        most: usize,
    },
    /// A pattern that is empty matches nothing.
    EmptyPattern,
    LongPattern,
    /// The least does not come first.
    Reversed {
        min_ms: u32,
        max_ms: u32,
    },
    /// Longer than a day.
    LongSpan {
        ms: u32,
    },
    NotBetween {
        value: i64,
        least: i64,
        most: i64,
        unit: &'static str,
    },
    MoreThan {
        value: u64,
        most: u64,
    },
    /// Of an image.
    TooLarge {
        mib: u32,
    },
    /// A text of an image's rule is empty or endless.
    TextLength {
        most: usize,
    },
    TooManyRequests {
        rate: u32,
        most: u32,
    },
    NoHttpFailure(i64),
    LongOutput,
}

/// In plain English.
impl fmt::Display for WorldProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooManyNodes { nodes, most } => write!(f, "{nodes} nodes are more than {most}"),
            Self::SameName(name) => write!(f, "two nodes are named \"{name}\""),
            Self::NoName(name) => {
                write!(f, "\"{name}\" is no name: lower case letters, digits, - and . make one")
            }
            Self::OneMachine => {
                f.write_str("one machine joins, under the name that stands beside it")
            }
            Self::TooManyPods { pods } => write!(f, "{pods} is absurdly many"),
            Self::NoQuantity { text, why } => write!(f, "\"{text}\": {why}"),
            Self::NegativeQuantity(text) => write!(f, "\"{text}\" is negative"),
            Self::TaintWithoutKey => f.write_str("a taint needs a key"),
            Self::NoTaintEffect(effect) => {
                write!(f, "\"{effect}\" is none of NoSchedule, PreferNoSchedule, NoExecute")
            }
            Self::TooManyRules { most } => write!(f, "at most {most} rules"),
            Self::EmptyPattern => {
                f.write_str("an empty pattern matches nothing: * matches everything")
            }
            Self::LongPattern => f.write_str("the pattern is absurdly long"),
            Self::Reversed { min_ms, max_ms } => {
                write!(f, "[{min_ms}, {max_ms}] is reversed: the least comes first")
            }
            Self::LongSpan { ms } => write!(f, "{ms} ms is absurdly long: at most a day"),
            Self::NotBetween { value, least, most, unit } => {
                write!(f, "{value}{unit} is not between {least} and {most}")
            }
            Self::MoreThan { value, most } => write!(f, "{value} is more than {most}"),
            Self::TooLarge { mib } => write!(f, "{mib} is absurdly large"),
            Self::TextLength { most } => write!(f, "the text must have 1 to {most} bytes"),
            Self::TooManyRequests { rate, most } => {
                write!(f, "{rate} requests a second are more than {most}")
            }
            Self::NoHttpFailure(code) => write!(f, "{code} is no HTTP failure: 400 to 599"),
            Self::LongOutput => f.write_str("the output is absurdly long"),
        }
    }
}
