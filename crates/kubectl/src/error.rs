//! What goes wrong, and how kubectl words it.
//!
//! Models `checkErr` and its relatives in `kubectl/pkg/cmd/util/helpers.go`.

use std::collections::BTreeSet;

use rollscope_api::Status;
use rollscope_api::status::Reason;

/// Why a command failed.
#[derive(Clone, Debug)]
pub(crate) enum Error {
    /// Nothing more to say: what there was to say has been printed.
    Exit(i32),
    /// kubectl's own complaint, printed after `error: `.
    Text(String),
    /// Printed as it stands.
    Verbatim(String),
    /// The API server's answer.
    Status(Box<Status>),
    /// Several, each printed on a line of its own.
    Many(Vec<Error>),
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Status(Box::new(status))
    }
}

impl From<String> for Error {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Error {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl Error {
    /// `Ok` for no errors, as `NewAggregate` makes nothing of an empty list.
    pub(crate) fn aggregate(errors: Vec<Self>) -> Result<(), Self> {
        if errors.is_empty() { Ok(()) } else { Err(Self::Many(errors)) }
    }

    /// Whether the server says there is no such object.
    pub(crate) fn is_not_found(&self) -> bool {
        matches!(self, Self::Status(status) if status.reason == Reason::NotFound)
    }

    /// Go's `err.Error()`: what stands in a longer sentence around it.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Exit(_) => "exit".into(),
            Self::Text(text) | Self::Verbatim(text) => text.clone(),
            Self::Status(status) => status.message.clone(),
            Self::Many(errors) => {
                let mut seen = BTreeSet::new();
                let mut messages: Vec<String> = errors.iter().map(Self::message).collect();
                messages.retain(|message| seen.insert(message.clone()));
                match messages.as_slice() {
                    [one] => one.clone(),
                    several => format!("[{}]", several.join(", ")),
                }
            }
        }
    }

    /// Names the file the failed object came from: `error when creating "web.yaml": …`.
    #[must_use]
    pub(crate) fn with_source(self, doing: &str, source: &str) -> Self {
        if source.is_empty() {
            return self;
        }
        let around =
            |message: &str| format!("error when {doing} {}: {message}", crate::go::quote(source));
        match self {
            Self::Status(mut status) => {
                status.message = around(&status.message);
                Self::Status(status)
            }
            other => Self::Text(around(&other.message())),
        }
    }

    /// As `get` and `describe` print what could not be read: as one of several errors, even where it
    /// is the only one.
    #[must_use]
    pub(crate) fn into_one_of_several(self) -> Self {
        match self {
            Self::Text(text) => Self::Verbatim(text),
            Self::Many(mut errors) if errors.len() == 1 => match errors.remove(0) {
                // What is wrong with the items of one list is one error.
                Self::Many(several) if several.len() > 1 => {
                    Self::Verbatim(Self::Many(several).message())
                }
                error => error.into_one_of_several(),
            },
            error => error,
        }
    }

    /// The text for standard error and the exit code.
    pub(crate) fn report(&self) -> (String, i32) {
        let text = match self {
            Self::Exit(code) => return (String::new(), *code),
            Self::Many(errors) => match errors.as_slice() {
                [] => return (String::new(), 0),
                [one] => return one.report(),
                several => {
                    let lines =
                        several.iter().map(|error| format!("{}\n", error.in_standard_form()));
                    return (lines.collect(), 1);
                }
            },
            Self::Status(status) if status.reason == Reason::Invalid => invalid(status),
            Self::Verbatim(text) => text.clone(),
            Self::Text(text) if text.starts_with("error: ") => text.clone(),
            Self::Text(text) => format!("error: {text}"),
            Self::Status(_) => self.in_standard_form(),
        };
        let newline = if text.ends_with('\n') { "" } else { "\n" };
        (format!("{text}{newline}"), 1)
    }

    /// As one of several: plain complaints stand without `error: `.
    fn in_standard_form(&self) -> String {
        match self {
            Self::Status(status) if status.reason == Reason::Unknown => {
                format!("Error from server: {}", status.message)
            }
            Self::Status(status) => {
                format!("Error from server ({}): {}", status.reason.as_str(), status.message)
            }
            other => other.message(),
        }
    }
}

/// `The Deployment "web" is invalid: …`, one cause a line if there are several.
fn invalid(status: &Status) -> String {
    let mut text = "The request is invalid".to_owned();
    if !status.kind.is_empty() || !status.name.is_empty() {
        text = format!("The {} {} is invalid", status.kind, crate::go::quote(&status.name));
    } else if status.causes.is_empty() && !status.message.is_empty() {
        text = format!("{text}: {}", status.message);
    }
    let mut causes: Vec<String> = Vec::new();
    for cause in &status.causes {
        let line = format!("{}: {}", cause.field, cause.message);
        if !causes.contains(&line) {
            causes.push(line);
        }
    }
    match causes.as_slice() {
        [] => text,
        [one] => format!("{text}: {one}"),
        several => {
            let lines: Vec<String> = several.iter().map(|cause| format!("* {cause}\n")).collect();
            format!("{text}: \n{}", lines.concat())
        }
    }
}
