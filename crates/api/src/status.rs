//! The API server's answer when it refuses: `metav1.Status`.

use serde::{Deserialize, Serialize};

/// Why a request was refused. Models `metav1.Status` with status `Failure`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// The HTTP code: 400, 403, 404, 409, 422 …
    pub code: u16,
    /// The machine-readable reason.
    pub reason: Reason,
    /// The whole message, as the server words it.
    pub message: String,
    /// The kind or resource concerned, as in `details.kind` (`Deployment`, `deployments`).
    pub kind: String,
    /// The name concerned, as in `details.name`.
    pub name: String,
    /// One cause a field error, in the order the server found them.
    pub causes: Vec<Cause>,
}

/// One field error of an invalid object.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The field's path: `spec.template.spec.containers[0].image`.
    pub field: String,
    /// The error without its field: `Required value`.
    pub message: String,
}

/// `metav1.StatusReason`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// 400: the request could not be understood; strict decoding errors are here.
    BadRequest,
    /// 403: admission refused it, for instance a quota.
    Forbidden,
    /// 404.
    NotFound,
    /// 409 on create.
    AlreadyExists,
    /// 409 on update: the resourceVersion is not the current one.
    Conflict,
    /// 422: validation refused it.
    Invalid,
    /// 405.
    MethodNotAllowed,
    /// 500.
    InternalError,
    /// The server gave no reason; kubectl then prints `Error from server: …`.
    Unknown,
}

impl Reason {
    /// The reason as it is spelled in messages: `NotFound`. Empty if unknown.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BadRequest => "BadRequest",
            Self::Forbidden => "Forbidden",
            Self::NotFound => "NotFound",
            Self::AlreadyExists => "AlreadyExists",
            Self::Conflict => "Conflict",
            Self::Invalid => "Invalid",
            Self::MethodNotAllowed => "MethodNotAllowed",
            Self::InternalError => "InternalError",
            Self::Unknown => "",
        }
    }
}

impl Status {
    fn new(code: u16, reason: Reason, kind: &str, name: &str, message: String) -> Self {
        Self { code, reason, message, kind: kind.into(), name: name.into(), causes: Vec::new() }
    }

    /// `deployments.apps "web" not found`. `resource` is the group resource, `deployments.apps`.
    pub fn not_found(resource: &str, name: &str) -> Self {
        Self::new(404, Reason::NotFound, resource, name, format!("{resource} {name:?} not found"))
    }

    /// `deployments.apps "web" already exists`.
    pub fn already_exists(resource: &str, name: &str) -> Self {
        let message = format!("{resource} {name:?} already exists");
        Self::new(409, Reason::AlreadyExists, resource, name, message)
    }

    /// The optimistic lock failed: somebody wrote the object since it was read.
    pub fn conflict(resource: &str, name: &str) -> Self {
        let message = format!(
            "Operation cannot be fulfilled on {resource} {name:?}: the object has been modified; \
             please apply your changes to the latest version and try again"
        );
        Self::new(409, Reason::Conflict, resource, name, message)
    }

    /// `pods "web-x" is forbidden: WHY`.
    pub fn forbidden(resource: &str, name: &str, why: &str) -> Self {
        let message = format!("{resource} {name:?} is forbidden: {why}");
        Self::new(403, Reason::Forbidden, resource, name, message)
    }

    /// The database behind the API server has no room for another object.
    pub fn out_of_space() -> Self {
        let message = "etcdserver: mvcc: database space exceeded".to_owned();
        Self::new(500, Reason::Unknown, "", "", message)
    }

    /// 400 with the given message.
    pub fn bad_request(message: impl Into<String>) -> Self {
        Self::new(400, Reason::BadRequest, "", "", message.into())
    }

    /// 422: `Deployment.apps "web" is invalid: …`. `kind` is the group kind, `Deployment.apps`.
    pub fn invalid(kind: &str, name: &str, causes: Vec<Cause>) -> Self {
        let errors: Vec<String> =
            causes.iter().map(|cause| format!("{}: {}", cause.field, cause.message)).collect();
        let joined = match errors.as_slice() {
            [one] => one.clone(),
            several => format!("[{}]", several.join(", ")),
        };
        let message = format!("{kind} {name:?} is invalid: {joined}");
        let short_kind = kind.split('.').next().unwrap_or(kind);
        Self { causes, ..Self::new(422, Reason::Invalid, short_kind, name, message) }
    }
}
