//! What a running command holds: the API server, the files, its flags and what it prints.

use std::collections::BTreeSet;
use std::rc::Rc;

use rollscope_api::{
    Api, DeleteOptions, FieldValidation, ListOptions, PatchType, SimTime, Status, Subresource,
    Value, WriteOptions, Written,
};

use crate::command::Command;
use crate::error::Error;
use crate::flags::Given;
use crate::go;
use crate::info::Info;
use crate::kinds::Kind;
use crate::{Files, Output};

/// What was called. Part of a waiting command's state.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    /// The command.
    pub command: &'static Command,
    /// `kubectl rollout undo`
    pub path: String,
    /// Its flags and arguments.
    pub given: Given,
    /// All words of the line, as `--record` writes them down.
    pub line: Vec<String>,
    /// What was piped into it.
    pub stdin: Option<Rc<str>>,
    /// The server's warnings that have been printed: each is printed once a command.
    pub warned: BTreeSet<String>,
}

/// A running command.
pub(crate) struct Ctx<'a> {
    /// The API server.
    pub api: &'a mut dyn Api,
    /// What `-f` can name.
    pub files: &'a dyn Files,
    /// What was called.
    pub call: Call,
    /// What has been printed.
    pub out: Output,
}

/// `--dry-run`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DryRun {
    /// Not at all.
    None,
    /// Nothing is sent.
    Client,
    /// Everything is done but the storing.
    Server,
}

impl DryRun {
    /// What result lines get behind the operation.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Client => " (dry run)",
            Self::Server => " (server dry run)",
        }
    }
}

/// How an object is written, besides the object.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Write {
    /// Who writes: `kubectl-set`.
    pub manager: &'static str,
    /// Whether `--dry-run=server` was given.
    pub dry_run: bool,
    /// `--validate`
    pub validation: FieldValidation,
}

impl Write {
    /// A write by this manager.
    pub(crate) fn by(manager: &'static str, dry_run: DryRun) -> Self {
        Self { manager, dry_run: dry_run == DryRun::Server, validation: FieldValidation::Warn }
    }

    fn options(self) -> WriteOptions {
        WriteOptions {
            dry_run: self.dry_run,
            field_validation: self.validation,
            field_manager: self.manager,
        }
    }
}

impl Ctx<'_> {
    /// The flags and arguments.
    pub(crate) fn given(&self) -> &Given {
        &self.call.given
    }

    /// The arguments.
    pub(crate) fn args(&self) -> Vec<String> {
        self.call.given.args.clone()
    }

    /// The simulated moment.
    pub(crate) fn now(&self) -> SimTime {
        self.api.now()
    }

    /// Prints on standard output, as it is.
    pub(crate) fn print(&mut self, text: &str) {
        self.out.stdout.push_str(text);
    }

    /// Prints a line on standard output.
    pub(crate) fn println(&mut self, text: &str) {
        self.out.stdout.push_str(text);
        self.out.stdout.push('\n');
    }

    /// Prints a line on standard error.
    pub(crate) fn eprintln(&mut self, text: &str) {
        self.out.stderr.push_str(text);
        self.out.stderr.push('\n');
    }

    /// Prints the server's warnings, each once.
    pub(crate) fn warn(&mut self, warnings: &[String]) {
        for warning in warnings {
            if self.call.warned.insert(warning.clone()) {
                self.eprintln(&format!("Warning: {warning}"));
            }
        }
    }

    /// What the server says with every answer about a deprecated resource.
    /// Models `k8s.io/apiserver/pkg/endpoints/deprecation`.
    fn warn_of(&mut self, kind: &Kind) {
        if kind.resource() == Some(rollscope_api::Resource::Endpoints) {
            let text =
                "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice";
            self.warn(&[text.to_owned()]);
        }
    }

    /// A usage error: it points to the help of the command.
    pub(crate) fn usage_error(&self, text: &str) -> Error {
        Error::Text(format!("{text}\nSee '{} -h' for help and examples", self.call.path))
    }

    /// The namespace to work in.
    pub(crate) fn namespace(&self) -> String {
        match self.given().text("namespace") {
            "" => "default".into(),
            namespace => namespace.to_owned(),
        }
    }

    /// Whether it was named: then a manifest may not name another.
    pub(crate) fn namespace_enforced(&self) -> bool {
        !self.given().text("namespace").is_empty()
    }

    /// `--dry-run`
    pub(crate) fn dry_run(&mut self) -> Result<DryRun, Error> {
        let value = self.given().text("dry-run").to_owned();
        let (strategy, instead) = match (go::parse_bool(&value), value.as_str()) {
            (Ok(true), _) => (DryRun::Client, "client"),
            (Ok(false), _) => (DryRun::None, "none"),
            (_, "none") => return Ok(DryRun::None),
            (_, "client") => return Ok(DryRun::Client),
            (_, "server") => return Ok(DryRun::Server),
            (_, "unchanged") => (DryRun::Client, ""),
            _ => {
                return Err(Error::Text(format!(
                    "Invalid dry-run value ({value}). Must be \"none\", \"server\", or \"client\"."
                )));
            }
        };
        let given = if instead.is_empty() { String::new() } else { format!("={value}") };
        let why = if instead.is_empty() { "" } else { " (boolean value)" };
        let instead = if instead.is_empty() { "client" } else { instead };
        self.log_warning(&format!(
            "--dry-run{given} is deprecated{why} and can be replaced with --dry-run={instead}."
        ));
        Ok(strategy)
    }

    /// A warning as kubectl's log writes it.
    fn log_warning(&mut self, text: &str) {
        let line = self.log_line('W', "helpers.go:721", text);
        self.eprintln(&line);
    }

    /// A line of kubectl's log. The severity is `W` or `F`, the place a line of its source.
    pub(crate) fn log_line(&self, severity: char, place: &str, text: &str) -> String {
        let (_, month, day, hour, minute, second) = self.now().timestamp().civil();
        format!(
            "{severity}{month:02}{day:02} {hour:02}:{minute:02}:{second:02}.000000       1 {place}] {text}"
        )
    }

    /// `--validate`
    pub(crate) fn validation(&self) -> Result<FieldValidation, Error> {
        let value = self.given().text("validate");
        match (go::parse_bool(value), value) {
            (Ok(true), _) | (_, "strict") => Ok(FieldValidation::Strict),
            (Ok(false), _) | (_, "ignore") => Ok(FieldValidation::Ignore),
            (_, "warn") => Ok(FieldValidation::Warn),
            _ => Err(Error::Text(format!(
                "invalid - validate option {}; must be one of: strict (or true), warn, ignore (or false)",
                go::quote(value)
            ))),
        }
    }

    /// Reads one object. In a namespace that does not exist, it is the namespace that is not found.
    pub(crate) fn get(&mut self, kind: &Kind, namespace: &str, name: &str) -> Result<Value, Error> {
        let result = self.get_plain(kind, namespace, name);
        let missing = result.as_ref().is_err_and(Error::is_not_found);
        if missing && kind.namespaced && !namespace.is_empty() && namespace != "default" {
            let home = crate::kinds::of(rollscope_api::Resource::Namespaces);
            if let Err(error) = self.get_plain(home, "", namespace)
                && error.is_not_found()
            {
                return Err(error);
            }
        }
        result
    }

    fn get_plain(&mut self, kind: &Kind, namespace: &str, name: &str) -> Result<Value, Error> {
        named(name)?;
        self.warn_of(kind);
        match kind.resource() {
            Some(resource) => Ok(self.api.get(resource, namespace, name)?),
            None => Err(Status::not_found(&kind.group_resource(), name).into()),
        }
    }

    /// Reads the objects of a namespace (all of them if it is empty) that selectors match.
    pub(crate) fn list(
        &mut self,
        kind: &Kind,
        namespace: &str,
        label_selector: &str,
        field_selector: &str,
    ) -> Result<Vec<Value>, Status> {
        let Some(resource) = kind.resource() else { return Ok(Vec::new()) };
        self.warn_of(kind);
        let options = ListOptions {
            label_selector: label_selector.to_owned(),
            field_selector: field_selector.to_owned(),
        };
        let namespace = Some(namespace).filter(|namespace| !namespace.is_empty());
        self.api.list(resource, namespace, &options)
    }

    fn served(kind: &Kind) -> Result<rollscope_api::Resource, Error> {
        kind.resource()
            .ok_or_else(|| Error::Text(format!("{} are not simulated here", kind.group_resource())))
    }

    fn written(&mut self, written: Result<Written, Status>) -> Result<Value, Error> {
        let written = written?;
        self.warn(&written.warnings);
        Ok(written.object)
    }

    /// Creates an object.
    pub(crate) fn create(
        &mut self,
        kind: &Kind,
        namespace: &str,
        body: Value,
        write: Write,
    ) -> Result<Value, Error> {
        let resource = Self::served(kind)?;
        let written = self.api.create(resource, namespace, body, &write.options());
        self.written(written)
    }

    /// Replaces an object.
    pub(crate) fn update(
        &mut self,
        kind: &Kind,
        namespace: &str,
        name: &str,
        body: Value,
        write: Write,
    ) -> Result<Value, Error> {
        let resource = Self::served(kind)?;
        named(name)?;
        let written = self.api.update(resource, namespace, name, body, &write.options());
        self.written(written)
    }

    /// Patches an object.
    #[allow(clippy::too_many_arguments, reason = "the parts of one HTTP request")]
    pub(crate) fn patch(
        &mut self,
        kind: &Kind,
        namespace: &str,
        name: &str,
        subresource: Subresource,
        patch_type: PatchType,
        body: Value,
        write: Write,
    ) -> Result<Value, Error> {
        let resource = Self::served(kind)?;
        let options = write.options();
        let written =
            self.api.patch(resource, namespace, name, subresource, patch_type, body, &options);
        self.written(written)
    }

    /// Patches an object itself, none of its subresources.
    pub(crate) fn patch_object(
        &mut self,
        info: &Info,
        patch_type: PatchType,
        body: Value,
        write: Write,
    ) -> Result<Value, Error> {
        let (namespace, name) = (&info.namespace, &info.name);
        self.patch(info.kind, namespace, name, Subresource::None, patch_type, body, write)
    }

    /// Deletes an object.
    pub(crate) fn delete(
        &mut self,
        kind: &Kind,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<Value, Error> {
        let Some(resource) = kind.resource() else {
            return Err(Status::not_found(&kind.group_resource(), name).into());
        };
        named(name)?;
        Ok(self.api.delete(resource, namespace, name, options)?)
    }

    /// Evicts a pod.
    pub(crate) fn evict(
        &mut self,
        namespace: &str,
        name: &str,
        options: &DeleteOptions,
    ) -> Result<(), Error> {
        Ok(self.api.evict(namespace, name, options)?)
    }
}

/// Requests for one object need its name, and it has to fit into their path. Models `Request.Name`
/// and `IsValidPathSegmentName` of client-go's `rest` package.
fn named(name: &str) -> Result<(), Error> {
    if name.is_empty() {
        return Err("resource name may not be empty".into());
    }
    let mut problems: Vec<String> = Vec::new();
    if matches!(name, "." | "..") {
        problems.push(format!("may not be '{name}'"));
    } else {
        let contained = ["/", "%"].into_iter().filter(|part| name.contains(part));
        problems.extend(contained.map(|part| format!("may not contain '{part}'")));
    }
    match problems.is_empty() {
        true => Ok(()),
        false => Err(Error::Text(format!(
            "invalid resource name {}: [{}]",
            go::quote(name),
            problems.join(" ")
        ))),
    }
}
