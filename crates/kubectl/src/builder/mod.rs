//! From arguments and files to the objects a command is about.
//!
//! Models `cli-runtime/pkg/resource/builder.go` and its visitors: which combinations are refused,
//! in which words, and what happens to the rest when one object fails.

mod arguments;
mod paths;
mod selection;

use rollscope_api::selector::Selector;
use rollscope_api::{FieldValidation, Value};

use arguments::{normalize, split_commas, split_tuple};
use paths::{Path, matching_files};
use selection::Source;
pub(crate) use selection::{Selection, info_of};

use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Given, Kind as FlagKind};
use crate::go::quote;
use crate::info::Info;
use crate::kinds::{self, Kind};

/// `-f`, `-k`, `-R`
pub(crate) const FILE_FLAGS: &[Flag] = &[
    Flag::of(FlagKind::List, "filename", "", "A file of the editor, or - for what is piped in.")
        .short('f'),
    Flag::text("kustomize", "A kustomization directory.").short('k'),
    Flag::switch("recursive", "Process the directory given with -f recursively.").short('R'),
];

/// `-l`
pub(crate) const SELECTOR_FLAG: &[Flag] =
    &[Flag::text("selector", "Label query: a=b, a!=b, a in (b,c), a, !a.").short('l')];

/// `--all`
pub(crate) const ALL_FLAG: &[Flag] =
    &[Flag::switch("all", "Select all resources of the given types in the namespace.")];

/// `--local`
pub(crate) const LOCAL_FLAG: &[Flag] =
    &[Flag::switch("local", "Work on the files alone, without the API server.")];

pub(crate) const MISSING_RESOURCE: &str =
    "You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'";

const LOCAL_RESOURCE: &str = "error: you must specify resources by --filename when --local is set.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'";

const TYPE_AND_SLASH: &str = "there is no need to specify a resource type as a separate argument when \
passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of \
'kubectl get resource resource/<resource_name>'";

/// Collects what was asked for. The order of the calls matters, as it does upstream.
#[derive(Clone, Debug, Default)]
pub(crate) struct Builder {
    namespace: String,
    default_namespace: bool,
    require_namespace: bool,
    all_namespaces: bool,
    paths: Vec<Path>,
    single_path: bool,
    label_selector: Option<String>,
    field_selector: Option<String>,
    select_all: bool,
    types: Vec<String>,
    names: Vec<String>,
    tuples: Vec<(String, String)>,
    subresource: bool,
    flatten: bool,
    latest: bool,
    lazy: bool,
    continue_on_error: bool,
    single_type: bool,
    local: bool,
    validate: bool,
    errors: Vec<Error>,
}

impl Builder {
    /// A builder in the command's namespace.
    pub(crate) fn new(ctx: &Ctx<'_>) -> Self {
        Self { namespace: ctx.namespace(), default_namespace: true, ..Self::default() }
    }

    /// Files: `-f`, `-k`. A named namespace must be theirs.
    pub(crate) fn files(mut self, ctx: &mut Ctx<'_>) -> Self {
        let given = ctx.given();
        let (names, recursive) = (given.list("filename"), given.on("recursive"));
        let kustomize = given.text("kustomize").to_owned();
        let mut refused = Vec::new();
        if !names.is_empty() && !kustomize.is_empty() {
            refused.push("only one of -f or -k can be specified");
        }
        if !kustomize.is_empty() && recursive {
            refused.push("the -k flag can't be used with -f or -R");
        }
        if !refused.is_empty() {
            self.errors.extend(refused.into_iter().map(Error::from));
            return self;
        }
        if !kustomize.is_empty() {
            self.errors.push("kustomizations (-k) are not part of the playground".into());
        }
        for name in names {
            self.add_path(ctx, &name, recursive);
        }
        self.require_namespace |= ctx.namespace_enforced();
        self
    }

    fn add_path(&mut self, ctx: &Ctx<'_>, name: &str, recursive: bool) {
        if name == "-" {
            let text = ctx.call.stdin.as_deref().unwrap_or_default().to_owned();
            if self.paths.iter().any(|path| path.name == "STDIN") {
                self.errors.push("standard input cannot be used for multiple arguments".into());
            }
            self.paths.push(Path { name: "STDIN".into(), text });
            return;
        }
        if name.starts_with("http://") || name.starts_with("https://") {
            self.errors.push("URLs (-f http…) are not part of the playground".into());
            return;
        }
        let plain = name.strip_prefix("./").unwrap_or(name);
        if let Some(text) = ctx.files.read(plain) {
            self.single_path = !recursive;
            self.paths.push(Path { name: name.to_owned(), text: text.to_owned() });
            return;
        }
        let matches = matching_files(&ctx.files.paths(), plain, recursive);
        if matches.is_empty() {
            self.errors.push(Error::Text(format!("the path {} does not exist", quote(name))));
        }
        for path in matches {
            let text = ctx.files.read(&path).unwrap_or_default().to_owned();
            self.paths.push(Path { name: path, text });
        }
    }

    /// `-l`; blank selects nothing in particular.
    pub(crate) fn label_selector(mut self, selector: &str) -> Self {
        let trimmed = selector.trim();
        if trimmed.is_empty() {
            return self;
        }
        if self.select_all {
            self.errors.push(Error::Text(format!(
                "found non-empty label selector {} with previously set 'all' parameter. ",
                quote(selector)
            )));
            return self;
        }
        self.label_selector = Some(trimmed.to_owned());
        self
    }

    /// `--field-selector`
    pub(crate) fn field_selector(mut self, selector: &str) -> Self {
        let trimmed = selector.trim();
        if trimmed.is_empty() {
            return self;
        }
        if self.select_all {
            self.errors.push(Error::Text(format!(
                "found non-empty field selector {} with previously set 'all' parameter. ",
                quote(selector)
            )));
            return self;
        }
        self.field_selector = Some(trimmed.to_owned());
        self
    }

    /// `--all`
    pub(crate) fn select_all(mut self, all: bool) -> Self {
        if all && (self.label_selector.is_some() || self.field_selector.is_some()) {
            let text = "setting 'all' parameter but found a non empty selector. ";
            self.errors.push(text.into());
            return self;
        }
        self.select_all = all;
        self
    }

    /// `-A`
    pub(crate) fn all_namespaces(mut self, all: bool) -> Self {
        if all {
            self.namespace.clear();
        }
        self.all_namespaces = all;
        self
    }

    /// Lists are taken apart.
    pub(crate) fn flatten(mut self) -> Self {
        self.flatten = true;
        self
    }

    /// Objects of files are read from the server.
    pub(crate) fn latest(mut self) -> Self {
        self.latest = true;
        self
    }

    /// Objects named by arguments are not read.
    pub(crate) fn without_objects(mut self) -> Self {
        self.lazy = true;
        self
    }

    /// The failure of one object does not stop the others.
    pub(crate) fn continue_on_error(mut self) -> Self {
        self.continue_on_error = true;
        self
    }

    /// Several types are refused.
    pub(crate) fn single_resource_type(mut self) -> Self {
        self.single_type = true;
        self
    }

    /// `--subresource` was given.
    pub(crate) fn subresource(mut self, subresource: &str) -> Self {
        self.subresource = !subresource.is_empty();
        self
    }

    /// `--local`
    pub(crate) fn local(mut self, local: bool) -> Self {
        self.local = local;
        self
    }

    /// Manifests must at least say what they are, unless validation is turned off.
    pub(crate) fn validated(mut self, validation: FieldValidation) -> Self {
        self.validate = validation != FieldValidation::Ignore;
        self
    }

    /// Refuses arguments under `--local`.
    pub(crate) fn local_args(mut self, args: &[String]) -> Self {
        if !args.is_empty() {
            self.errors.push(Error::Text(LOCAL_RESOURCE.into()));
        }
        self
    }

    /// `TYPE/NAME …`, each with this type where it has none.
    pub(crate) fn resource_names(mut self, resource: &str, names: &[String]) -> Self {
        for name in names {
            match split_tuple(name) {
                Err(error) => {
                    self.errors.push(error);
                    return self;
                }
                Ok(Some(tuple)) => self.tuples.push(tuple),
                Ok(None) if resource.is_empty() => self.errors.push(Error::Text(format!(
                    "the argument {} must be RESOURCE/NAME",
                    quote(name)
                ))),
                Ok(None) => self.tuples.push((resource.to_owned(), name.clone())),
            }
        }
        self
    }

    /// `TYPE[,TYPE…]`, `TYPE NAME…` or `TYPE/NAME…`. With `empty_selects_all` a lone type means all
    /// its objects.
    pub(crate) fn args(mut self, empty_selects_all: bool, args: &[String]) -> Self {
        let args = normalize(args);
        let slashes = args.iter().filter(|arg| arg.contains('/')).count();
        if slashes > 0 {
            if slashes != args.len() {
                self.errors.push(TYPE_AND_SLASH.into());
                return self;
            }
            for arg in &args {
                match split_tuple(arg) {
                    Ok(Some(tuple)) => self.tuples.push(tuple),
                    Ok(None) => {}
                    Err(error) => {
                        self.errors.push(error);
                        return self;
                    }
                }
            }
            return self;
        }
        let Some(first) = args.first() else { return self };
        self.types.extend(split_commas(&kinds::expand_categories(first)));
        self.names.extend(args[1..].iter().cloned());
        if args.len() == 1 && self.label_selector.is_none() && empty_selects_all {
            self.label_selector = Some(String::new());
        }
        self
    }

    /// What was asked for, or why it cannot be done.
    pub(crate) fn done(mut self) -> Result<Selection, Error> {
        if !self.errors.is_empty() {
            return Err(Error::Many(std::mem::take(&mut self.errors)));
        }
        if self.select_all {
            self.label_selector = Some(String::new());
        }
        let source = self.source()?;
        let single = match &source {
            Source::Files(paths) => {
                self.single_path && paths.len() == 1 && paths[0].name != "STDIN"
            }
            Source::Objects(infos) => {
                infos.len() == 1 || (self.single_path && self.names.is_empty())
            }
            Source::Lists(_) => false,
        };
        let targets_single = !matches!(source, Source::Lists(_));
        Ok(Selection { single, targets_single, source, builder: self })
    }

    /// Events have a short name that stands for another type as well.
    pub(super) fn warn_of_ambiguity(&self, ctx: &mut Ctx<'_>) {
        let mut typed = self.types.iter().chain(self.tuples.iter().map(|(typed, _)| typed));
        if typed.any(|typed| typed == "ev") {
            ctx.warn(&[
                "short name \"ev\" could also match lower priority resource events.events.k8s.io"
                    .to_owned(),
            ]);
        }
    }

    fn source(&self) -> Result<Source, Error> {
        if !self.paths.is_empty() {
            return self.by_paths();
        }
        if self.label_selector.is_some() || self.field_selector.is_some() {
            return self.by_selector();
        }
        if !self.tuples.is_empty() {
            return self.by_tuples();
        }
        if !self.names.is_empty() {
            return self.by_names();
        }
        if self.types.is_empty() {
            return Err(MISSING_RESOURCE.into());
        }
        for typed in &self.types {
            kind_of(typed)?;
        }
        Err("resource(s) were provided, but no name was specified".into())
    }

    fn by_paths(&self) -> Result<Source, Error> {
        if !self.types.is_empty() {
            return Err("when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well".into());
        }
        if !self.names.is_empty() {
            return Err("name cannot be provided when a path is specified".into());
        }
        if !self.tuples.is_empty() {
            return Err(
                "resource/name arguments cannot be provided when a path is specified".into()
            );
        }
        if let Some(selector) = &self.label_selector
            && let Err(problem) = Selector::parse(selector)
        {
            return Err(Error::Text(format!(
                "the provided selector {} is not valid: {problem}",
                quote(selector)
            )));
        }
        Ok(Source::Files(self.paths.clone()))
    }

    fn by_selector(&self) -> Result<Source, Error> {
        if !self.names.is_empty() {
            return Err("name cannot be provided when a selector is specified".into());
        }
        if !self.tuples.is_empty() {
            return Err(
                "selectors and the all flag cannot be used when passing resource/name arguments"
                    .into(),
            );
        }
        if self.types.is_empty() {
            return Err("at least one resource must be specified to use a selector".into());
        }
        if self.subresource {
            return Err("subresource cannot be used when bulk resources are specified".into());
        }
        Ok(Source::Lists(self.kinds()?))
    }

    fn kinds(&self) -> Result<Vec<&'static Kind>, Error> {
        if self.types.len() > 1 && self.single_type {
            return Err("you may only specify a single resource type".into());
        }
        let mut kinds: Vec<&'static Kind> = Vec::new();
        for typed in &self.types {
            let kind = kind_of(typed)?;
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        Ok(kinds)
    }

    fn by_tuples(&self) -> Result<Source, Error> {
        if !self.types.is_empty() {
            return Err(
                "you may not specify individual resources and bulk resources in the same call"
                    .into(),
            );
        }
        let mut kinds = Vec::new();
        for (typed, _) in &self.tuples {
            kinds.push(kind_of(typed)?);
        }
        if self.single_type && kinds.iter().any(|kind| *kind != kinds[0]) {
            return Err("you may only specify a single resource type".into());
        }
        let names = self.tuples.iter().map(|(_, name)| name);
        let infos: Result<Vec<Info>, Error> =
            kinds.iter().zip(names).map(|(kind, name)| self.info(kind, name)).collect();
        Ok(Source::Objects(infos?))
    }

    fn by_names(&self) -> Result<Source, Error> {
        if self.types.is_empty() {
            return Err("you must provide a resource and a resource name together".into());
        }
        if self.types.len() > 1 {
            return Err("you must specify only one resource".into());
        }
        let kind = self.kinds()?[0];
        let infos: Result<Vec<Info>, Error> =
            self.names.iter().map(|name| self.info(kind, name)).collect();
        Ok(Source::Objects(infos?))
    }

    fn info(&self, kind: &'static Kind, name: &str) -> Result<Info, Error> {
        if kind.namespaced && self.namespace.is_empty() {
            return Err(if self.all_namespaces {
                "a resource cannot be retrieved by name across all namespaces".into()
            } else {
                "namespace may not be empty when retrieving a resource by name".into()
            });
        }
        let namespace = if kind.namespaced { self.namespace.clone() } else { String::new() };
        let (name, source) = (name.to_owned(), String::new());
        Ok(Info { kind, namespace, name, source, object: Value::Null })
    }
}

fn kind_of(typed: &str) -> Result<&'static Kind, Error> {
    kinds::find(typed).ok_or_else(|| Error::Text(kinds::unknown(typed)))
}

/// Whether neither `-f` nor `-k` was given.
pub(crate) fn no_files(given: &Given) -> bool {
    given.list("filename").is_empty() && given.text("kustomize").is_empty()
}

/// `-f` or `-k` is needed.
pub(crate) fn require_files(given: &Given) -> Result<(), Error> {
    if no_files(given) { Err("must specify one of -f and -k".into()) } else { Ok(()) }
}
