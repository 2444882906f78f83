//! Every resource type a v1.36 API server offers, simulated or not.
//!
//! kubectl must know them all: `get jobs` is an empty list and no typing error. The columns are
//! those of `kubectl api-resources -o wide`.

/// A resource type.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Kind {
    /// `deployments`
    pub plural: &'static str,
    /// `deploy`
    pub short: &'static [&'static str],
    /// `apps`; empty for the core group.
    pub group: &'static str,
    /// `v1`
    pub version: &'static str,
    /// Whether its objects live in a namespace.
    pub namespaced: bool,
    /// `Deployment`
    pub kind: &'static str,
    /// What can be done with it.
    pub verbs: Verbs,
    /// `all`
    pub category: &'static str,
}

/// The groups of verbs that occur.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verbs {
    /// Everything.
    Full,
    /// `create` alone: reviews and bindings.
    Create,
    /// `get` and `list`.
    Read,
}

impl Verbs {
    /// As `api-resources -o wide` lists them.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Full => "create,delete,deletecollection,get,list,patch,update,watch",
            Self::Create => "create",
            Self::Read => "get,list",
        }
    }
}

const fn kind(
    plural: &'static str,
    short: &'static [&'static str],
    group: &'static str,
    version: &'static str,
    namespaced: bool,
    kind: &'static str,
) -> Kind {
    Kind { plural, short, group, version, namespaced, kind, verbs: Verbs::Full, category: "" }
}

const fn all(kind: Kind) -> Kind {
    Kind { category: "all", ..kind }
}

const fn create(kind: Kind) -> Kind {
    Kind { verbs: Verbs::Create, ..kind }
}

const ADMISSION: &str = "admissionregistration.k8s.io";
const FLOW: &str = "flowcontrol.apiserver.k8s.io";
const RBAC: &str = "rbac.authorization.k8s.io";
const STORAGE: &str = "storage.k8s.io";
const AUTHORIZATION: &str = "authorization.k8s.io";
const NETWORKING: &str = "networking.k8s.io";
const RESOURCE: &str = "resource.k8s.io";

/// In the order a name is looked up, the core group first.
#[rustfmt::skip]
pub(crate) static KINDS: &[Kind] = &[
    create(kind("bindings", &[], "", "v1", true, "Binding")),
    Kind { verbs: Verbs::Read, ..kind("componentstatuses", &["cs"], "", "v1", false, "ComponentStatus") },
    kind("configmaps", &["cm"], "", "v1", true, "ConfigMap"),
    kind("endpoints", &["ep"], "", "v1", true, "Endpoints"),
    kind("events", &["ev"], "", "v1", true, "Event"),
    kind("limitranges", &["limits"], "", "v1", true, "LimitRange"),
    kind("namespaces", &["ns"], "", "v1", false, "Namespace"),
    kind("nodes", &["no"], "", "v1", false, "Node"),
    kind("persistentvolumeclaims", &["pvc"], "", "v1", true, "PersistentVolumeClaim"),
    kind("persistentvolumes", &["pv"], "", "v1", false, "PersistentVolume"),
    all(kind("pods", &["po"], "", "v1", true, "Pod")),
    kind("podtemplates", &[], "", "v1", true, "PodTemplate"),
    all(kind("replicationcontrollers", &["rc"], "", "v1", true, "ReplicationController")),
    kind("resourcequotas", &["quota"], "", "v1", true, "ResourceQuota"),
    kind("secrets", &[], "", "v1", true, "Secret"),
    kind("serviceaccounts", &["sa"], "", "v1", true, "ServiceAccount"),
    all(kind("services", &["svc"], "", "v1", true, "Service")),
    kind("mutatingadmissionpolicies", &[], ADMISSION, "v1", false, "MutatingAdmissionPolicy"),
    kind("mutatingadmissionpolicybindings", &[], ADMISSION, "v1", false, "MutatingAdmissionPolicyBinding"),
    kind("mutatingwebhookconfigurations", &[], ADMISSION, "v1", false, "MutatingWebhookConfiguration"),
    kind("validatingadmissionpolicies", &[], ADMISSION, "v1", false, "ValidatingAdmissionPolicy"),
    kind("validatingadmissionpolicybindings", &[], ADMISSION, "v1", false, "ValidatingAdmissionPolicyBinding"),
    kind("validatingwebhookconfigurations", &[], ADMISSION, "v1", false, "ValidatingWebhookConfiguration"),
    kind("customresourcedefinitions", &["crd", "crds"], "apiextensions.k8s.io", "v1", false, "CustomResourceDefinition"),
    kind("apiservices", &[], "apiregistration.k8s.io", "v1", false, "APIService"),
    kind("controllerrevisions", &[], "apps", "v1", true, "ControllerRevision"),
    all(kind("daemonsets", &["ds"], "apps", "v1", true, "DaemonSet")),
    all(kind("deployments", &["deploy"], "apps", "v1", true, "Deployment")),
    all(kind("replicasets", &["rs"], "apps", "v1", true, "ReplicaSet")),
    all(kind("statefulsets", &["sts"], "apps", "v1", true, "StatefulSet")),
    create(kind("selfsubjectreviews", &[], "authentication.k8s.io", "v1", false, "SelfSubjectReview")),
    create(kind("tokenreviews", &[], "authentication.k8s.io", "v1", false, "TokenReview")),
    create(kind("localsubjectaccessreviews", &[], AUTHORIZATION, "v1", true, "LocalSubjectAccessReview")),
    create(kind("selfsubjectaccessreviews", &[], AUTHORIZATION, "v1", false, "SelfSubjectAccessReview")),
    create(kind("selfsubjectrulesreviews", &[], AUTHORIZATION, "v1", false, "SelfSubjectRulesReview")),
    create(kind("subjectaccessreviews", &[], AUTHORIZATION, "v1", false, "SubjectAccessReview")),
    all(kind("horizontalpodautoscalers", &["hpa"], "autoscaling", "v2", true, "HorizontalPodAutoscaler")),
    all(kind("cronjobs", &["cj"], "batch", "v1", true, "CronJob")),
    all(kind("jobs", &[], "batch", "v1", true, "Job")),
    kind("certificatesigningrequests", &["csr"], "certificates.k8s.io", "v1", false, "CertificateSigningRequest"),
    kind("leases", &[], "coordination.k8s.io", "v1", true, "Lease"),
    kind("endpointslices", &[], "discovery.k8s.io", "v1", true, "EndpointSlice"),
    kind("events", &["ev"], "events.k8s.io", "v1", true, "Event"),
    kind("flowschemas", &[], FLOW, "v1", false, "FlowSchema"),
    kind("prioritylevelconfigurations", &[], FLOW, "v1", false, "PriorityLevelConfiguration"),
    kind("ingressclasses", &[], NETWORKING, "v1", false, "IngressClass"),
    kind("ingresses", &["ing"], NETWORKING, "v1", true, "Ingress"),
    kind("ipaddresses", &["ip"], NETWORKING, "v1", false, "IPAddress"),
    kind("networkpolicies", &["netpol"], NETWORKING, "v1", true, "NetworkPolicy"),
    kind("servicecidrs", &[], NETWORKING, "v1", false, "ServiceCIDR"),
    kind("runtimeclasses", &[], "node.k8s.io", "v1", false, "RuntimeClass"),
    kind("poddisruptionbudgets", &["pdb"], "policy", "v1", true, "PodDisruptionBudget"),
    kind("clusterrolebindings", &[], RBAC, "v1", false, "ClusterRoleBinding"),
    kind("clusterroles", &[], RBAC, "v1", false, "ClusterRole"),
    kind("rolebindings", &[], RBAC, "v1", true, "RoleBinding"),
    kind("roles", &[], RBAC, "v1", true, "Role"),
    kind("deviceclasses", &[], RESOURCE, "v1", false, "DeviceClass"),
    kind("resourceclaims", &[], RESOURCE, "v1", true, "ResourceClaim"),
    kind("resourceclaimtemplates", &[], RESOURCE, "v1", true, "ResourceClaimTemplate"),
    kind("resourceslices", &[], RESOURCE, "v1", false, "ResourceSlice"),
    kind("priorityclasses", &["pc"], "scheduling.k8s.io", "v1", false, "PriorityClass"),
    kind("csidrivers", &[], STORAGE, "v1", false, "CSIDriver"),
    kind("csinodes", &[], STORAGE, "v1", false, "CSINode"),
    kind("csistoragecapacities", &[], STORAGE, "v1", true, "CSIStorageCapacity"),
    kind("storageclasses", &["sc"], STORAGE, "v1", false, "StorageClass"),
    kind("volumeattachments", &[], STORAGE, "v1", false, "VolumeAttachment"),
    kind("volumeattributesclasses", &["vac"], STORAGE, "v1", false, "VolumeAttributesClass"),
];
