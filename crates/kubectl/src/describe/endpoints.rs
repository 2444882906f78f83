//! Endpoints. Models `describeEndpoints`.

use rollscope_api::Value;

use super::writer::Writer;
use crate::value::{Peek, or};

pub(super) fn write(w: &mut Writer, endpoints: &Value) {
    w.metadata(endpoints);
    w.put(0, "Subsets:\n");
    for subset in endpoints.items("subsets") {
        let addresses = |field: &str| {
            let ips: Vec<&str> = subset.items(field).iter().map(|one| one.text("ip")).collect();
            ips.join(",")
        };
        w.field(1, "Addresses", or(&addresses("addresses"), "<none>"));
        w.field(1, "NotReadyAddresses", or(&addresses("notReadyAddresses"), "<none>"));
        let ports = subset.items("ports");
        if !ports.is_empty() {
            w.put(1, "Ports:\n");
            w.put(2, "Name\tPort\tProtocol\n");
            w.put(2, "----\t----\t--------\n");
        }
        for port in ports {
            let (name, protocol) = (or(port.text("name"), "<unset>"), port.text("protocol"));
            w.put(2, &format!("{name}\t{}\t{protocol}\n", port.int("port")));
        }
        w.put(0, "\n");
    }
}
