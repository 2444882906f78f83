//! Volumes that need a ConfigMap or a Secret. Models `pkg/kubelet/volumemanager`.

use rollscope_api::{Resource, SimDuration};

use super::Turn;
use crate::store::Key;

/// The first wait after a mount that failed; it doubles.
const INITIAL_WAIT: SimDuration = SimDuration::from_millis(500);
const MAX_WAIT: SimDuration = SimDuration::from_secs(122);

impl Turn<'_, '_> {
    /// Whether all volumes are there. If not, it is said, and the pod waits.
    pub(super) fn mount_volumes(&mut self) -> bool {
        let spec = self.agent.spec.clone();
        let mut complete = true;
        for (volume, secret, name) in &spec.volumes {
            let (resource, plain) = if *secret {
                (Resource::Secrets, "secret")
            } else {
                (Resource::ConfigMaps, "configmap")
            };
            let key = Key::new(&self.agent.namespace, name);
            if self.ctx.listers().other(resource, &key).is_some() {
                continue;
            }
            complete = false;
            let text = format!(
                "MountVolume.SetUp failed for volume \"{volume}\" : {plain} \"{name}\" not found"
            );
            self.report_pod("Warning", "FailedMount", text.into());
        }
        if !complete {
            let doubled = INITIAL_WAIT.as_micros() << self.agent.mounts_failed.min(10);
            self.agent.mounts_failed += 1;
            let wait = SimDuration::from_micros(doubled).min(MAX_WAIT);
            self.request_sync(self.now + wait);
        }
        complete
    }
}
