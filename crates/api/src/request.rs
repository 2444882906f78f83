//! The API server's door as a client sees it: `kubectl` talks to the cluster through [`Api`] alone.

use crate::{Resource, SimTime, Status, Value};

/// What kubectl asks of an API server. Objects go in and out in wire form, as over HTTP.
pub trait Api {
    /// The present moment.
    fn now(&self) -> SimTime;

    /// Reads one object.
    ///
    /// # Errors
    /// [`crate::status::Reason::NotFound`].
    fn get(&mut self, resource: Resource, namespace: &str, name: &str) -> Result<Value, Status>;

    /// Reads the objects of one namespace, or of all, by namespace and name.
    ///
    /// # Errors
    /// Selectors that cannot be parsed are [`crate::status::Reason::BadRequest`].
    fn list(
        &mut self,
        resource: Resource,
        namespace: Option<&str>,
        options: &ListOptions,
    ) -> Result<Vec<Value>, Status>;

    /// Creates an object: decoding, defaulting, admission, validation, storing.
    ///
    /// # Errors
    /// Whatever of these refuses it.
    fn create(
        &mut self,
        resource: Resource,
        namespace: &str,
        body: Value,
        options: &WriteOptions,
    ) -> Result<Written, Status>;

    /// Replaces an object. A resourceVersion in the body must be the current one.
    ///
    /// # Errors
    /// As for `create`, and [`crate::status::Reason::Conflict`].
    fn update(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        body: Value,
        options: &WriteOptions,
    ) -> Result<Written, Status>;

    /// Patches an object or its subresource.
    ///
    /// # Errors
    /// As for `update`.
    #[allow(clippy::too_many_arguments, reason = "the parts of one HTTP request")]
    fn patch(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        subresource: Subresource,
        patch_type: PatchType,
        body: Value,
        options: &WriteOptions,
    ) -> Result<Written, Status>;

    /// Deletes an object, or begins its graceful deletion. Returns it as it was, or as it is then.
    ///
    /// # Errors
    /// [`crate::status::Reason::NotFound`].
    fn delete(
        &mut self,
        resource: Resource,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<Value, Status>;

    /// Evicts a pod: deletes it and says why in its conditions. An API that holds recorded objects
    /// only deletes it.
    ///
    /// # Errors
    /// [`crate::status::Reason::NotFound`].
    fn evict(
        &mut self,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<(), Status> {
        self.delete(Resource::Pods, namespace, name, options).map(|_| ())
    }
}

/// An accepted write.
#[derive(Clone, Debug)]
pub struct Written {
    /// The object as stored (or as it would be, in a dry run).
    pub object: Value,
    /// Texts that kubectl prints as `Warning: …`.
    pub warnings: Vec<String>,
}

/// How writes are done.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// `dryRun=All`: everything but the storing.
    pub dry_run: bool,
    /// What is done about unknown and duplicate fields.
    pub field_validation: FieldValidation,
    /// The field manager: `kubectl-client-side-apply`, `kubectl-set` …
    pub field_manager: &'static str,
}

/// `fieldValidation` of a request.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FieldValidation {
    /// Unknown fields are dropped silently.
    Ignore,
    /// Unknown fields are dropped with a warning: the server's default.
    #[default]
    Warn,
    /// Unknown fields refuse the request.
    Strict,
}

/// What a list returns.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// As typed: `app=web,tier in (a,b)`. Empty selects all.
    pub label_selector: String,
    /// As typed: `status.phase=Running`. Empty selects all.
    pub field_selector: String,
}

/// The content type of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PatchType {
    /// RFC 6902, a list of operations.
    Json,
    /// RFC 7386.
    Merge,
    /// Kubernetes' own, which knows list keys.
    StrategicMerge,
}

/// The part of an object a request is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Subresource {
    /// The object itself.
    #[default]
    None,
    /// `/status`
    Status,
    /// `/scale`
    Scale,
}

/// How an object is deleted.
#[derive(Clone, Debug, Default)]
pub struct DeleteOptions {
    /// Overrides the pod's own grace; 0 deletes at once.
    pub grace_period_seconds: Option<i64>,
    /// What becomes of dependents.
    pub propagation: Propagation,
    /// `dryRun=All`.
    pub dry_run: bool,
}

/// `propagationPolicy`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Propagation {
    /// The object goes at once, the garbage collector removes its dependents afterwards.
    #[default]
    Background,
    /// The dependents go first.
    Foreground,
    /// The dependents stay, without their owner reference.
    Orphan,
}
