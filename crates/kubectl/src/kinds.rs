//! From what is typed to a resource type: `deploy`, `Deployment`, `deployments.v1.apps`.
//!
//! Models `mappingFor` of `cli-runtime/pkg/resource/builder.go` with client-go's shortcut expander
//! and apimachinery's `DefaultRESTMapper`.

use rollscope_api::Resource;

pub(crate) use crate::kinds_table::{KINDS, Kind};

impl Kind {
    /// `deployment`
    pub(crate) fn singular(&self) -> String {
        self.kind.to_lowercase()
    }

    /// `apps/v1`, `v1`
    pub(crate) fn api_version(&self) -> String {
        match self.group {
            "" => self.version.to_owned(),
            group => format!("{group}/{}", self.version),
        }
    }

    /// `deployments.apps`, `pods`: as errors name it.
    pub(crate) fn group_resource(&self) -> String {
        with_group(self.plural, self.group)
    }

    /// `deployment.apps`, `pod`: as result lines name it.
    pub(crate) fn group_singular(&self) -> String {
        with_group(&self.singular(), self.group)
    }

    /// `Deployment.apps`, `Pod`
    pub(crate) fn group_kind(&self) -> String {
        with_group(self.kind, self.group)
    }

    /// `apps/v1, Resource=deployments`; the core group is `/v1, Resource=pods`.
    pub(crate) fn resource_text(&self) -> String {
        format!("{}/{}, Resource={}", self.group, self.version, self.plural)
    }

    /// `apps/v1, Kind=Deployment`; the core group is `/v1, Kind=Pod`.
    pub(crate) fn kind_text(&self) -> String {
        format!("{}/{}, Kind={}", self.group, self.version, self.kind)
    }

    /// Whether kubectl knows it as one of those that run pods (`apps.KindVisitor`).
    pub(crate) fn visited(&self) -> bool {
        matches!(
            (self.group, self.kind),
            ("apps", "DaemonSet" | "Deployment" | "ReplicaSet" | "StatefulSet")
                | ("", "Pod" | "ReplicationController")
                | ("batch", "Job" | "CronJob")
        )
    }

    /// What the simulated server calls it, if it serves it.
    pub(crate) fn resource(&self) -> Option<Resource> {
        Resource::ALL
            .into_iter()
            .find(|resource| resource.plural() == self.plural && resource.group() == self.group)
    }
}

fn with_group(name: &str, group: &str) -> String {
    match group {
        "" => name.to_owned(),
        group => format!("{name}.{group}"),
    }
}

/// The type of a simulated resource.
pub(crate) fn of(resource: Resource) -> &'static Kind {
    KINDS
        .iter()
        .find(|kind| kind.plural == resource.plural() && kind.group == resource.group())
        .unwrap_or(&KINDS[0])
}

/// The type an object says it is of.
pub(crate) fn of_object(api_version: &str, name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.kind == name && kind.api_version() == api_version)
}

/// The type that `deploy`, `Deployment`, `deployments.apps` or `deployments.v1.apps` means.
pub(crate) fn find(typed: &str) -> Option<&'static Kind> {
    let parts: Vec<&str> = typed.splitn(3, '.').collect();
    if let [name, version, group] = parts.as_slice() {
        let found = KINDS
            .iter()
            .find(|kind| kind.version == *version && kind.group == *group && named(kind, name));
        if found.is_some() {
            return found;
        }
    }
    let (name, group) = typed.split_once('.').unwrap_or((typed, ""));
    let candidates = || KINDS.iter().filter(|kind| named(kind, name));
    if group.is_empty() {
        return candidates().next();
    }
    // `storageclass.storage` may stand for `storageclass.storage.k8s.io`.
    candidates()
        .find(|kind| kind.group == group)
        .or_else(|| candidates().find(|kind| kind.group.starts_with(group)))
}

/// Short names are matched as they are, full names in any case.
fn named(kind: &Kind, name: &str) -> bool {
    kind.short.contains(&name)
        || kind.plural.eq_ignore_ascii_case(name)
        || kind.kind.eq_ignore_ascii_case(name)
}

/// What kubectl says when there is no such type.
pub(crate) fn unknown(typed: &str) -> String {
    let name = typed.split('.').next().unwrap_or(typed);
    format!("the server doesn't have a resource type {}", crate::go::quote(name))
}

/// `all` becomes the types it stands for.
pub(crate) fn expand_categories(typed: &str) -> String {
    let expanded: Vec<String> = typed
        .split(',')
        .map(|part| match part {
            "all" => {
                let members: Vec<String> = KINDS
                    .iter()
                    .filter(|kind| kind.category == "all")
                    .map(Kind::group_resource)
                    .collect();
                members.join(",")
            }
            part => part.to_owned(),
        })
        .collect();
    expanded.join(",")
}

#[cfg(test)]
mod tests {
    use super::{KINDS, expand_categories, find, of};
    use rollscope_api::Resource;

    fn check(typed: &str, expected: &str) {
        let found = find(typed).map_or("-".to_owned(), super::Kind::group_resource);
        assert_eq!(found, expected, "{typed}");
    }

    #[test]
    fn names() {
        check("deploy", "deployments.apps");
        check("Deployment", "deployments.apps");
        check("deployments.apps", "deployments.apps");
        check("deployments.v1.apps", "deployments.apps");
        check("DEPLOYMENTS", "deployments.apps");
        check("PO", "-");
        check("events", "events");
        check("events.events.k8s.io", "events.events.k8s.io");
        check("storageclass.storage", "storageclasses.storage.k8s.io");
        check("deployments.foo", "-");
        check("", "-");
    }

    #[test]
    fn all_in_the_servers_order() {
        assert_eq!(
            expand_categories("all,cm"),
            "pods,replicationcontrollers,services,daemonsets.apps,deployments.apps,\
             replicasets.apps,statefulsets.apps,horizontalpodautoscalers.autoscaling,\
             cronjobs.batch,jobs.batch,cm"
        );
    }

    #[test]
    fn every_simulated_resource_is_in_the_table() {
        for resource in Resource::ALL {
            let kind = of(resource);
            assert_eq!(kind.resource(), Some(resource));
            assert_eq!(kind.kind, resource.kind());
            assert_eq!(kind.version, resource.version());
        }
        assert!(KINDS.len() > 60);
    }
}
