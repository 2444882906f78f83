//! The resources of the simulated API server: names, short names, groups and kinds.

/// A resource the API server serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// `pods`
    Pods,
    /// `services`
    Services,
    /// `deployments.apps`
    Deployments,
    /// `replicasets.apps`
    ReplicaSets,
    /// `horizontalpodautoscalers.autoscaling`
    HorizontalPodAutoscalers,
    /// `endpoints`: what came before EndpointSlices.
    Endpoints,
    /// `endpointslices.discovery.k8s.io`
    EndpointSlices,
    /// `events`
    Events,
    /// `nodes`
    Nodes,
    /// `namespaces`
    Namespaces,
    /// `configmaps`
    ConfigMaps,
    /// `secrets`
    Secrets,
    /// `resourcequotas`
    ResourceQuotas,
    /// `daemonsets.apps`: stored; no controller acts on them.
    DaemonSets,
    /// `statefulsets.apps`: stored; no controller acts on them.
    StatefulSets,
}

impl Resource {
    /// Every resource.
    pub const ALL: [Self; 15] = [
        Self::Pods,
        Self::Services,
        Self::Deployments,
        Self::ReplicaSets,
        Self::HorizontalPodAutoscalers,
        Self::Endpoints,
        Self::EndpointSlices,
        Self::Events,
        Self::Nodes,
        Self::Namespaces,
        Self::ConfigMaps,
        Self::Secrets,
        Self::ResourceQuotas,
        Self::DaemonSets,
        Self::StatefulSets,
    ];

    /// Plural name, singular name, kind, group, version, short name, namespaced.
    const fn facts(
        self,
    ) -> (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, bool)
    {
        match self {
            Self::Pods => ("pods", "pod", "Pod", "", "v1", "po", true),
            Self::Services => ("services", "service", "Service", "", "v1", "svc", true),
            Self::Deployments => {
                ("deployments", "deployment", "Deployment", "apps", "v1", "deploy", true)
            }
            Self::ReplicaSets => {
                ("replicasets", "replicaset", "ReplicaSet", "apps", "v1", "rs", true)
            }
            Self::HorizontalPodAutoscalers => (
                "horizontalpodautoscalers",
                "horizontalpodautoscaler",
                "HorizontalPodAutoscaler",
                "autoscaling",
                "v2",
                "hpa",
                true,
            ),
            Self::Endpoints => ("endpoints", "endpoints", "Endpoints", "", "v1", "ep", true),
            Self::EndpointSlices => (
                "endpointslices",
                "endpointslice",
                "EndpointSlice",
                "discovery.k8s.io",
                "v1",
                "",
                true,
            ),
            Self::Events => ("events", "event", "Event", "", "v1", "ev", true),
            Self::Nodes => ("nodes", "node", "Node", "", "v1", "no", false),
            Self::Namespaces => ("namespaces", "namespace", "Namespace", "", "v1", "ns", false),
            Self::ConfigMaps => ("configmaps", "configmap", "ConfigMap", "", "v1", "cm", true),
            Self::Secrets => ("secrets", "secret", "Secret", "", "v1", "", true),
            Self::ResourceQuotas => {
                ("resourcequotas", "resourcequota", "ResourceQuota", "", "v1", "quota", true)
            }
            Self::DaemonSets => ("daemonsets", "daemonset", "DaemonSet", "apps", "v1", "ds", true),
            Self::StatefulSets => {
                ("statefulsets", "statefulset", "StatefulSet", "apps", "v1", "sts", true)
            }
        }
    }

    /// `deployments`
    pub const fn plural(self) -> &'static str {
        self.facts().0
    }

    /// `deployment`
    pub const fn singular(self) -> &'static str {
        self.facts().1
    }

    /// `Deployment`
    pub const fn kind(self) -> &'static str {
        self.facts().2
    }

    /// `apps`; empty for the core group.
    pub const fn group(self) -> &'static str {
        self.facts().3
    }

    /// `v1`
    pub const fn version(self) -> &'static str {
        self.facts().4
    }

    /// `deploy`; empty where there is none.
    pub const fn short_name(self) -> &'static str {
        self.facts().5
    }

    /// Whether its objects live in a namespace.
    pub const fn namespaced(self) -> bool {
        self.facts().6
    }

    /// `apps/v1`, `v1`
    pub fn api_version(self) -> String {
        self.with_group(self.version(), '/')
    }

    /// `deployments.apps`, `pods`: as errors name it.
    pub fn group_resource(self) -> String {
        join_group(self.plural(), self.group())
    }

    /// `deployment.apps`, `pod`: as result lines name it.
    pub fn group_singular(self) -> String {
        join_group(self.singular(), self.group())
    }

    /// `Deployment.apps`, `Pod`: as invalid objects are named.
    pub fn group_kind(self) -> String {
        join_group(self.kind(), self.group())
    }

    fn with_group(self, version: &str, separator: char) -> String {
        match self.group() {
            "" => version.to_owned(),
            group => format!("{group}{separator}{version}"),
        }
    }

    /// The resource of an object's `apiVersion` and `kind`, if it is served.
    pub fn from_gvk(api_version: &str, kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|r| r.kind() == kind && r.api_version() == api_version)
    }
}

fn join_group(name: &str, group: &str) -> String {
    match group {
        "" => name.to_owned(),
        group => format!("{name}.{group}"),
    }
}
