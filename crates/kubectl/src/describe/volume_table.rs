//! The sources a volume can have, in the order kubectl looks for them, and the fields it shows.
//! The descriptions are part of kubectl's output.

/// How a field's value is written.
#[derive(Clone, Copy)]
pub(super) enum FieldKind {
    /// A string, empty where it is absent.
    Text,
    /// A string or number, `<none>` where it is absent.
    TextOrNone,
    /// A number, 0 where it is absent.
    Number,
    /// A boolean, false where it is absent.
    Flag,
    /// A quantity, `<unset>` unless it is positive.
    Size,
    /// A list, as Go prints a slice: `[a b]`.
    List,
    /// A list with commas: `a, b`.
    Commas,
    /// A map, as Go prints it: `map[a:b]`.
    Map,
    /// A reference to an object of the same namespace.
    Reference,
}

/// A source of a volume.
pub(super) struct Source {
    /// Its field in the volume.
    pub field: &'static str,
    /// What stands behind `Type:`.
    pub description: &'static str,
    /// Title (with its colon), field and kind.
    pub fields: &'static [(&'static str, &'static str, FieldKind)],
}

use FieldKind::{Commas, Flag, List, Map, Number, Reference, Size, Text, TextOrNone};

/// Every source.
pub(super) const SOURCES: &[Source] = &[
    Source {
        field: "hostPath",
        description: "HostPath (bare host directory volume)",
        fields: &[("Path:", "path", Text), ("HostPathType:", "type", TextOrNone)],
    },
    Source {
        field: "emptyDir",
        description: "EmptyDir (a temporary directory that shares a pod's lifetime)",
        fields: &[("Medium:", "medium", Text), ("SizeLimit:", "sizeLimit", Size)],
    },
    Source {
        field: "gcePersistentDisk",
        description: "GCEPersistentDisk (a Persistent Disk resource in Google Compute Engine)",
        fields: &[
            ("PDName:", "pdName", Text),
            ("FSType:", "fsType", Text),
            ("Partition:", "partition", Number),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "awsElasticBlockStore",
        description: "AWSElasticBlockStore (a Persistent Disk resource in AWS)",
        fields: &[
            ("VolumeID:", "volumeID", Text),
            ("FSType:", "fsType", Text),
            ("Partition:", "partition", Number),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "gitRepo",
        description: "GitRepo (a volume that is pulled from git when the pod is created)",
        fields: &[("Repository:", "repository", Text), ("Revision:", "revision", Text)],
    },
    Source {
        field: "secret",
        description: "Secret (a volume populated by a Secret)",
        fields: &[("SecretName:", "secretName", Text), ("Optional:", "optional", Flag)],
    },
    Source {
        field: "configMap",
        description: "ConfigMap (a volume populated by a ConfigMap)",
        fields: &[("Name:", "name", Text), ("Optional:", "optional", Flag)],
    },
    Source {
        field: "nfs",
        description: "NFS (an NFS mount that lasts the lifetime of a pod)",
        fields: &[
            ("Server:", "server", Text),
            ("Path:", "path", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "iscsi",
        description: "ISCSI (an ISCSI Disk resource that is attached to a kubelet's host machine and then exposed to the pod)",
        fields: &[
            ("TargetPortal:", "targetPortal", Text),
            ("IQN:", "iqn", Text),
            ("Lun:", "lun", Number),
            ("ISCSIInterface", "iscsiInterface", Text),
            ("FSType:", "fsType", Text),
            ("ReadOnly:", "readOnly", Flag),
            ("Portals:", "portals", List),
            ("DiscoveryCHAPAuth:", "chapAuthDiscovery", Flag),
            ("SessionCHAPAuth:", "chapAuthSession", Flag),
            ("SecretRef:", "secretRef", Reference),
            ("InitiatorName:", "initiatorName", TextOrNone),
        ],
    },
    Source {
        field: "glusterfs",
        description: "Glusterfs (a Glusterfs mount on the host that shares a pod's lifetime)",
        fields: &[
            ("EndpointsName:", "endpoints", Text),
            ("Path:", "path", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "persistentVolumeClaim",
        description: "PersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)",
        fields: &[("ClaimName:", "claimName", Text), ("ReadOnly:", "readOnly", Flag)],
    },
    Source {
        field: "ephemeral",
        description: "EphemeralVolume (an inline specification for a volume that gets created and deleted with the pod)",
        fields: &[],
    },
    Source {
        field: "rbd",
        description: "RBD (a Rados Block Device mount on the host that shares a pod's lifetime)",
        fields: &[
            ("CephMonitors:", "monitors", List),
            ("RBDImage:", "image", Text),
            ("FSType:", "fsType", Text),
            ("RBDPool:", "pool", Text),
            ("RadosUser:", "user", Text),
            ("Keyring:", "keyring", Text),
            ("SecretRef:", "secretRef", Reference),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "quobyte",
        description: "Quobyte (a Quobyte mount on the host that shares a pod's lifetime)",
        fields: &[
            ("Registry:", "registry", Text),
            ("Volume:", "volume", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "downwardAPI",
        description: "DownwardAPI (a volume populated by information about the pod)",
        fields: &[],
    },
    Source {
        field: "azureDisk",
        description: "AzureDisk (an Azure Data Disk mount on the host and bind mount to the pod)",
        fields: &[
            ("DiskName:", "diskName", Text),
            ("DiskURI:", "diskURI", Text),
            ("Kind: ", "kind", Text),
            ("FSType:", "fsType", Text),
            ("CachingMode:", "cachingMode", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "vsphereVolume",
        description: "vSphereVolume (a Persistent Disk resource in vSphere)",
        fields: &[
            ("VolumePath:", "volumePath", Text),
            ("FSType:", "fsType", Text),
            ("StoragePolicyName:", "storagePolicyName", Text),
        ],
    },
    Source {
        field: "cinder",
        description: "Cinder (a Persistent Disk resource in OpenStack)",
        fields: &[
            ("VolumeID:", "volumeID", Text),
            ("FSType:", "fsType", Text),
            ("ReadOnly:", "readOnly", Flag),
            ("SecretRef:", "secretRef", Reference),
        ],
    },
    Source {
        field: "photonPersistentDisk",
        description: "PhotonPersistentDisk (a Persistent Disk resource in photon platform)",
        fields: &[("PdID:", "pdID", Text), ("FSType:", "fsType", Text)],
    },
    Source {
        field: "portworxVolume",
        description: "PortworxVolume (a Portworx Volume resource)",
        fields: &[("VolumeID:", "volumeID", Text)],
    },
    Source {
        field: "scaleIO",
        description: "ScaleIO (a persistent volume backed by a block device in ScaleIO)",
        fields: &[
            ("Gateway:", "gateway", Text),
            ("System:", "system", Text),
            ("Protection Domain:", "protectionDomain", Text),
            ("Storage Pool:", "storagePool", Text),
            ("Storage Mode:", "storageMode", Text),
            ("VolumeName:", "volumeName", Text),
            ("FSType:", "fsType", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "cephfs",
        description: "CephFS (a CephFS mount on the host that shares a pod's lifetime)",
        fields: &[
            ("Monitors:", "monitors", List),
            ("Path:", "path", Text),
            ("User:", "user", Text),
            ("SecretFile:", "secretFile", Text),
            ("SecretRef:", "secretRef", Reference),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "storageos",
        description: "StorageOS (a StorageOS Persistent Disk resource)",
        fields: &[
            ("VolumeName:", "volumeName", Text),
            ("VolumeNamespace:", "volumeNamespace", Text),
            ("FSType:", "fsType", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "fc",
        description: "FC (a Fibre Channel disk)",
        fields: &[
            ("TargetWWNs:", "targetWWNs", Commas),
            ("LUN:", "lun", TextOrNone),
            ("FSType:", "fsType", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "azureFile",
        description: "AzureFile (an Azure File Service mount on the host and bind mount to the pod)",
        fields: &[
            ("SecretName:", "secretName", Text),
            ("ShareName:", "shareName", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "flexVolume",
        description: "FlexVolume (a generic volume resource that is provisioned/attached using an exec based plugin)",
        fields: &[
            ("Driver:", "driver", Text),
            ("FSType:", "fsType", Text),
            ("SecretRef:", "secretRef", Reference),
            ("ReadOnly:", "readOnly", Flag),
            ("Options:", "options", Map),
        ],
    },
    Source {
        field: "flocker",
        description: "Flocker (a Flocker volume mounted by the Flocker agent)",
        fields: &[("DatasetName:", "datasetName", Text), ("DatasetUUID:", "datasetUUID", Text)],
    },
    Source {
        field: "projected",
        description: "Projected (a volume that contains injected data from multiple sources)",
        fields: &[],
    },
    Source {
        field: "csi",
        description: "CSI (a Container Storage Interface (CSI) volume source)",
        fields: &[
            ("Driver:", "driver", Text),
            ("FSType:", "fsType", Text),
            ("ReadOnly:", "readOnly", Flag),
        ],
    },
    Source {
        field: "image",
        description: "Image (a container image or OCI artifact)",
        fields: &[("Reference:", "reference", Text), ("PullPolicy:", "pullPolicy", Text)],
    },
];
