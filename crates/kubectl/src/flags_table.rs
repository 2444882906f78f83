//! Flags that several commands share.

use crate::flags::{Flag, Kind};

/// `--dry-run`
pub(crate) const DRY_RUN: &[Flag] = &[Flag::text(
    "dry-run",
    "none, client (only print what would be sent) or server (do everything but store).",
)
.default("none")
.alone("unchanged")];

/// `--record`
pub(crate) const RECORD: &[Flag] =
    &[Flag::switch("record", "Write the command into the annotation kubernetes.io/change-cause.")
        .deprecated("--record will be removed in the future")];

/// `--validate`
pub(crate) const VALIDATE: &[Flag] =
    &[Flag::text("validate", "What is done about unknown fields: strict, warn or ignore.")
        .default("strict")
        .alone("strict")];

/// `--save-config`
pub(crate) const SAVE_CONFIG: &[Flag] =
    &[Flag::switch("save-config", "Keep the configuration in an annotation, for a later apply.")];

/// `--field-manager`
pub(crate) const FIELD_MANAGER: &[Flag] =
    &[Flag::text("field-manager", "Name of the manager used to track field ownership.")];

/// `-A`
pub(crate) const ALL_NAMESPACES: &[Flag] =
    &[Flag::switch("all-namespaces", "The objects of all namespaces.").short('A')];

/// `--field-selector`
pub(crate) const FIELD_SELECTOR: &[Flag] =
    &[Flag::text("field-selector", "Field query: metadata.name=a, status.phase!=Running.")];

/// `--overwrite`
pub(crate) const OVERWRITE: &[Flag] =
    &[Flag::switch("overwrite", "Allow existing values to be overwritten.")];

/// `--list`
pub(crate) const LIST: &[Flag] = &[Flag::switch("list", "Print the present values.")];

/// `--resource-version`
pub(crate) const RESOURCE_VERSION: &[Flag] =
    &[Flag::text("resource-version", "Only if this is the object's present resourceVersion.")];

/// `--chunk-size`
pub(crate) const CHUNK_SIZE: &[Flag] =
    &[Flag::of(Kind::Int, "chunk-size", "500", "Has no effect here.")];

/// `--subresource`
pub(crate) const SUBRESOURCE: &[Flag] =
    &[Flag::text("subresource", "status or scale, in place of the object itself.")];

/// `--force`, `--cascade`, `--grace-period`, `--timeout` and `--wait`, as apply, replace and run have them.
pub(crate) const DELETE: &[Flag] = &[
    Flag::switch("force", "Delete at once, without waiting for the end of the grace period."),
    Flag::text("cascade", "What becomes of dependents: background, foreground or orphan.")
        .default("background")
        .alone("background"),
    Flag::of(
        Kind::Int,
        "grace-period",
        "-1",
        "Seconds a pod is given to end; -1 leaves it to the pod.",
    ),
    Flag::of(
        Kind::Duration,
        "timeout",
        "0s",
        "How long to wait before giving up; 0 waits as long as it takes.",
    ),
];

/// `--wait`, off unless asked for.
pub(crate) const WAIT_OFF: &[Flag] = &[Flag::switch("wait", "Wait until the objects are gone.")];
