//! The objects that were asked for, read one after another.
//!
//! Models `cli-runtime/pkg/resource/visitor.go` and `result.go`.

use rollscope_api::order;
use rollscope_api::selector::Selector;
use rollscope_api::status::Reason;
use rollscope_api::{Status, Value};

use super::Builder;
use super::paths::Path;
use crate::context::Ctx;
use crate::error::Error;
use crate::go::quote;
use crate::info::{Info, set_namespace};
use crate::kinds::Kind;
use crate::manifest;

#[derive(Clone, Debug)]
pub(super) enum Source {
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
    pub(super) source: Source,
    pub(super) builder: Builder,
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

    /// All objects, and what went wrong with others in their place.
    pub(crate) fn results(self, ctx: &mut Ctx<'_>) -> Vec<Result<Info, Error>> {
        if let Source::Objects(infos) = self.source {
            let read = |mut info: Info| info.get(ctx).map(|()| info);
            return infos.into_iter().map(read).collect();
        }
        let (infos, error) = self.infos(ctx);
        infos.into_iter().map(Ok).chain(error.map(Err)).collect()
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
        builder.warn_of_ambiguity(ctx);
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
        if info.namespace.is_empty() && builder.default_namespace && !builder.local {
            info.namespace.clone_from(&builder.namespace);
            set_namespace(&mut info.object, &builder.namespace);
        }
        if builder.require_namespace && !builder.local && info.namespace != builder.namespace {
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
    let labels = order::gather(
        labels.into_iter().filter_map(|(key, value)| Some((key, value.as_str()?.to_owned()))),
    );
    selector.matches(&labels)
}

/// Says what was looked for when the server refuses to list.
fn list_error(mut status: Status, kind: &Kind, labels: &str, fields: &str) -> Error {
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
