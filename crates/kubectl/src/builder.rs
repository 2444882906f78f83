//! From arguments and files to the objects a command is about.
//!
//! Models `cli-runtime/pkg/resource/builder.go` and its visitors: which combinations are refused,
//! in which words, and what happens to the rest when one object fails.

use rollscope_api::selector::Selector;
use rollscope_api::{FieldValidation, Value};

use crate::context::Ctx;
use crate::error::Error;
use crate::flags::{Flag, Given, Kind as FlagKind};
use crate::go::quote;
use crate::info::{Info, set_namespace};
use crate::kinds::{self, Kind};
use crate::manifest;

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

/// A file that was found, and its text.
#[derive(Clone, Debug)]
struct Path {
    name: String,
    text: String,
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

/// `a,b c` means `a/c b/c`.
fn normalize(args: &[String]) -> Vec<String> {
    let Some(first) = args.first() else { return Vec::new() };
    let types = split_commas(first);
    if args.len() < 2 || types.len() < 2 {
        return args.to_vec();
    }
    let names = &args[1..];
    types.iter().flat_map(|typed| names.iter().map(move |name| format!("{typed}/{name}"))).collect()
}

/// A comma list without repetitions.
fn split_commas(list: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    for part in list.split(',') {
        if !parts.iter().any(|known| known == part) {
            parts.push(part.to_owned());
        }
    }
    parts
}

fn split_tuple(arg: &str) -> Result<Option<(String, String)>, Error> {
    let parts: Vec<&str> = arg.split('/').collect();
    match parts.as_slice() {
        [_] => Ok(None),
        [typed, name] => {
            if typed.is_empty() || name.is_empty() || split_commas(typed).len() != 1 {
                let text = "arguments in resource/name form must have a single resource and name";
                return Err(text.into());
            }
            Ok(Some(((*typed).to_owned(), (*name).to_owned())))
        }
        _ => Err("arguments in resource/name form may not have more than one slash".into()),
    }
}

/// Files of a directory, or those a pattern with `*` matches.
fn matching_files(paths: &[String], name: &str, recursive: bool) -> Vec<String> {
    let manifest =
        |path: &str| [".yaml", ".yml", ".json"].iter().any(|extension| path.ends_with(extension));
    let directory = match name.trim_end_matches('/') {
        "." | "" => String::new(),
        directory => format!("{directory}/"),
    };
    let inside = |path: &&String| {
        path.strip_prefix(&directory)
            .is_some_and(|rest| manifest(rest) && (recursive || !rest.contains('/')))
    };
    let mut found: Vec<String> = if name.contains('*') {
        paths.iter().filter(|path| glob(name, path)).cloned().collect()
    } else {
        paths.iter().filter(inside).cloned().collect()
    };
    found.sort();
    found
}

/// Whether a pattern with `*` matches a whole path; `*` does not cross a `/`.
fn glob(pattern: &str, path: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == path,
        Some((before, after)) => path.strip_prefix(before).is_some_and(|rest| {
            rest.char_indices()
                .map(|(at, _)| at)
                .chain([rest.len()])
                .take_while(|&at| !rest[..at].contains('/'))
                .any(|at| glob(after, &rest[at..]))
        }),
    }
}

#[derive(Clone, Debug)]
enum Source {
    Files(Vec<Path>),
    Lists(Vec<&'static Kind>),
    Objects(Vec<Info>),
}

/// The objects that were asked for.
#[derive(Clone, Debug)]
pub(crate) struct Selection {
    /// Whether one object was meant and not a list of one.
    pub single: bool,
    /// Whether objects were named and not types.
    pub targets_single: bool,
    source: Source,
    builder: Builder,
}

/// What is done with each object.
type Visitor<'v> = dyn FnMut(&mut Ctx<'_>, Info) -> Result<(), Error> + 'v;

impl Selection {
    /// The types that are listed or the types of the named objects.
    pub(crate) fn kinds(&self) -> Vec<&'static Kind> {
        let mut kinds = match &self.source {
            Source::Files(_) => Vec::new(),
            Source::Lists(kinds) => kinds.clone(),
            Source::Objects(infos) => infos.iter().map(|info| info.kind).collect(),
        };
        let mut seen: Vec<&'static Kind> = Vec::new();
        kinds.retain(|kind| {
            let new = !seen.contains(kind);
            seen.push(kind);
            new
        });
        kinds
    }

    /// How many lists, files or named objects there are.
    pub(crate) fn sources(&self) -> usize {
        match &self.source {
            Source::Files(paths) => paths.len(),
            Source::Lists(kinds) => kinds.len(),
            Source::Objects(infos) => infos.len(),
        }
    }

    /// All objects, and what went wrong with others.
    pub(crate) fn infos(self, ctx: &mut Ctx<'_>) -> (Vec<Info>, Option<Error>) {
        let mut infos = Vec::new();
        let result = self.visit(ctx, &mut |_, info| {
            infos.push(info);
            Ok(())
        });
        (infos, result.err())
    }

    /// All objects, or what went wrong.
    pub(crate) fn all(self, ctx: &mut Ctx<'_>) -> Result<Vec<Info>, Error> {
        match self.infos(ctx) {
            (infos, None) => Ok(infos),
            (_, Some(error)) => Err(error),
        }
    }

    /// Does something with each object, in order.
    pub(crate) fn visit(self, ctx: &mut Ctx<'_>, visitor: &mut Visitor<'_>) -> Result<(), Error> {
        let Self { source, builder, .. } = self;
        let mut visit = Visit { builder: &builder, visitor, failed: Vec::new() };
        let result = match source {
            Source::Objects(infos) => visit.objects(ctx, infos),
            Source::Lists(kinds) => visit.lists(ctx, &kinds),
            Source::Files(paths) => visit.files(ctx, &paths),
        };
        let mut failed = visit.failed;
        failed.extend(result.err());
        match failed.len() {
            0 => Ok(()),
            1 => Err(failed.remove(0)),
            _ => Err(Error::Many(failed)),
        }
    }
}

struct Visit<'b, 'v, 'w> {
    builder: &'b Builder,
    visitor: &'v mut Visitor<'w>,
    /// Objects that failed while the others went on.
    failed: Vec<Error>,
}

impl Visit<'_, '_, '_> {
    fn objects(&mut self, ctx: &mut Ctx<'_>, infos: Vec<Info>) -> Result<(), Error> {
        infos.into_iter().try_for_each(|info| self.one(ctx, info))
    }

    fn lists(&mut self, ctx: &mut Ctx<'_>, kinds: &[&'static Kind]) -> Result<(), Error> {
        let mut failed = Vec::new();
        for kind in kinds {
            let result = self.list(ctx, kind);
            if !self.builder.continue_on_error {
                result?;
            } else if let Err(error) = result {
                failed.push(error);
            }
        }
        Error::aggregate(failed)
    }

    fn list(&mut self, ctx: &mut Ctx<'_>, kind: &'static Kind) -> Result<(), Error> {
        let builder = self.builder;
        let labels = builder.label_selector.as_deref().unwrap_or_default();
        let fields = builder.field_selector.as_deref().unwrap_or_default();
        let namespace = if kind.namespaced { builder.namespace.as_str() } else { "" };
        let objects = ctx
            .list(kind, namespace, labels, fields)
            .map_err(|status| list_error(status, kind, labels, fields))?;
        if !builder.flatten {
            let object = serde_json::json!({
                "apiVersion": kind.api_version(),
                "kind": format!("{}List", kind.kind),
                "metadata": {"resourceVersion": ""},
                "items": objects,
            });
            let (name, source) = (String::new(), String::new());
            let namespace = namespace.to_owned();
            return self.one(ctx, Info { kind, namespace, name, source, object });
        }
        for object in objects {
            let info = info_of(kind, object, "");
            self.one(ctx, info)?;
        }
        Ok(())
    }

    fn files(&mut self, ctx: &mut Ctx<'_>, paths: &[Path]) -> Result<(), Error> {
        let mut failed = Vec::new();
        for path in paths {
            for document in manifest::documents(&path.text) {
                let result = self.document(ctx, path, document);
                let stops = matches!(result, Err((_, true)));
                if let Err((error, _)) = result {
                    if !self.builder.continue_on_error {
                        return Err(error);
                    }
                    failed.push(error);
                }
                if stops {
                    break;
                }
            }
        }
        Error::aggregate(failed)
    }

    /// The second part of the error tells whether the file cannot be read any further.
    fn document(
        &mut self,
        ctx: &mut Ctx<'_>,
        path: &Path,
        document: Result<Value, String>,
    ) -> Result<(), (Error, bool)> {
        let value = document.map_err(|problem| {
            (Error::Text(format!("error parsing {}: {problem}", path.name)), true)
        })?;
        if self.builder.validate
            && let Err(problem) = manifest::check_type(&value)
        {
            let text = format!(
                "error validating {}: error validating data: {problem}; if you choose to ignore \
                 these errors, turn validation off with --validate=false",
                quote(&path.name)
            );
            return Err((Error::Text(text), true));
        }
        let infos = manifest::objects(value, &path.name).map_err(|error| (error, false))?;
        let builder = self.builder;
        let mut failed = Vec::new();
        for info in infos {
            let result = info.and_then(|mut info| {
                self.prepare(&mut info)?;
                if builder.latest && !builder.local && !info.name.is_empty() {
                    info.get(ctx)?;
                }
                if let Some(selector) = &builder.label_selector
                    && !selected(selector, &info.object)
                {
                    return Ok(());
                }
                self.one(ctx, info)
            });
            failed.extend(result.err());
        }
        match failed.len() {
            0 => Ok(()),
            1 => Err((failed.remove(0), false)),
            _ => Err((Error::Many(failed), false)),
        }
    }

    /// Gives the object its namespace.
    fn prepare(&self, info: &mut Info) -> Result<(), Error> {
        let builder = self.builder;
        if !info.kind.namespaced {
            info.namespace.clear();
            set_namespace(&mut info.object, "");
            return Ok(());
        }
        if info.namespace.is_empty() && builder.default_namespace {
            info.namespace.clone_from(&builder.namespace);
            set_namespace(&mut info.object, &builder.namespace);
        }
        if builder.require_namespace && info.namespace != builder.namespace {
            return Err(Error::Text(format!(
                "the namespace from the provided object {} does not match the namespace {}. You \
                 must pass '--namespace={}' to perform this operation.",
                quote(&info.namespace),
                quote(&builder.namespace),
                info.namespace
            )));
        }
        Ok(())
    }

    fn one(&mut self, ctx: &mut Ctx<'_>, mut info: Info) -> Result<(), Error> {
        let result = (|| {
            if info.object.is_null() && !self.builder.lazy {
                info.get(ctx)?;
            }
            (self.visitor)(ctx, info)
        })();
        match result {
            Err(error) if self.builder.continue_on_error => {
                self.failed.push(error);
                Ok(())
            }
            result => result,
        }
    }
}

/// An object of a list or a file.
pub(crate) fn info_of(kind: &'static Kind, object: Value, source: &str) -> Info {
    let text = |key: &str| object["metadata"][key].as_str().unwrap_or_default().to_owned();
    let (namespace, name) = (text("namespace"), text("name"));
    Info { kind, namespace, name, source: source.to_owned(), object }
}

fn selected(selector: &str, object: &Value) -> bool {
    let Ok(selector) = Selector::parse(selector) else { return false };
    let labels = object["metadata"]["labels"].as_object().cloned().unwrap_or_default();
    let labels = labels
        .into_iter()
        .filter_map(|(key, value)| Some((key, value.as_str()?.to_owned())))
        .collect();
    selector.matches(&labels)
}

/// Says what was looked for when the server refuses to list.
fn list_error(mut status: rollscope_api::Status, kind: &Kind, labels: &str, fields: &str) -> Error {
    use rollscope_api::status::Reason;
    if matches!(status.reason, Reason::BadRequest | Reason::NotFound) {
        let subject = quote(&kind.resource_text());
        status.message = if labels.is_empty() && fields.is_empty() {
            format!("Unable to list {subject}: {}", status.message)
        } else {
            format!(
                "Unable to find {subject} that match label selector {}, field selector {}: {}",
                quote(labels),
                quote(fields),
                status.message
            )
        };
    }
    status.into()
}

/// Whether neither `-f` nor `-k` was given.
pub(crate) fn no_files(given: &Given) -> bool {
    given.list("filename").is_empty() && given.text("kustomize").is_empty()
}

/// `-f` or `-k` is needed.
pub(crate) fn require_files(given: &Given) -> Result<(), Error> {
    if no_files(given) { Err("must specify one of -f and -k".into()) } else { Ok(()) }
}
