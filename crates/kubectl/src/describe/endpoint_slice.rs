//! EndpointSlices. Models `describeEndpointSliceV1`.

use rollscope_api::Value;

use super::writer::Writer;
use crate::value::{Peek, or, plain};

pub(super) fn write(w: &mut Writer, slice: &Value) {
    w.metadata(slice);
    w.field(0, "AddressType", slice.text("addressType"));
    let ports = slice.items("ports");
    if ports.is_empty() {
        w.put(0, "Ports: <unset>\n");
    } else {
        w.put(0, "Ports:\n");
        w.put(1, "Name\tPort\tProtocol\n");
        w.put(1, "----\t----\t--------\n");
    }
    for port in ports {
        let number = port.at("port").map_or("<unset>".into(), plain);
        let name = or(port.text("name"), "<unset>");
        w.put(1, &format!("{name}\t{number}\t{}\n", port.text("protocol")));
    }
    let endpoints = slice.items("endpoints");
    let none = if endpoints.is_empty() { " <none>" } else { "" };
    w.put(0, &format!("Endpoints:{none}\n"));
    endpoints.iter().for_each(|endpoint| write_endpoint(w, endpoint));
}

fn write_endpoint(w: &mut Writer, endpoint: &Value) {
    let addresses = endpoint.joined("addresses", ", ");
    w.field(1, "- Addresses", or(&addresses, "<none>"));
    w.put(2, "Conditions:\n");
    let of = |path: &str| endpoint.at(path).map_or("<unset>".into(), plain);
    w.field(3, "Ready", of("conditions.ready"));
    w.field(2, "Hostname", of("hostname"));
    if let Some(target) = endpoint.at("targetRef") {
        w.field(2, "TargetRef", format!("{}/{}", target.text("kind"), target.text("name")));
    }
    w.field(2, "NodeName", of("nodeName"));
    w.field(2, "Zone", of("zone"));
}
