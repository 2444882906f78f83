//! Manifests to begin with. The first two are the course's own.

/// An example, in the order of `Texts::example_names`.
pub struct Example {
    /// The file it is opened as.
    pub file: &'static str,
    /// Its text.
    pub text: &'static str,
}

/// All of them.
pub const EXAMPLES: [Example; 8] = [
    Example { file: "deployment.yaml", text: include_str!("../../examples/my-app-1.yaml") },
    Example { file: "deployment.yaml", text: include_str!("../../examples/my-app-2.yaml") },
    Example { file: "deployment.yaml", text: include_str!("../../examples/bad-image.yaml") },
    Example { file: "deployment.yaml", text: include_str!("../../examples/recreate.yaml") },
    Example { file: "web.yaml", text: include_str!("../../examples/surge.yaml") },
    Example { file: "web.yaml", text: include_str!("../../examples/readiness.yaml") },
    Example { file: "web.yaml", text: include_str!("../../examples/hundred.yaml") },
    Example { file: "web.yaml", text: include_str!("../../examples/service.yaml") },
];
