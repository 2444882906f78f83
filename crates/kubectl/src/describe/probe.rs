//! A probe in one line. Models `DescribeProbe`.

use rollscope_api::Value;

use crate::value::{Peek, plain};

/// `http-get http://:8080/ready delay=5s timeout=1s period=10s #success=1 #failure=3`.
pub(super) fn text(probe: &Value) -> String {
    let attributes = format!(
        "delay={}s timeout={}s period={}s #success={} #failure={}",
        probe.int("initialDelaySeconds"),
        probe.int("timeoutSeconds"),
        probe.int("periodSeconds"),
        probe.int("successThreshold"),
        probe.int("failureThreshold"),
    );
    if let Some(exec) = probe.at("exec") {
        return format!("exec [{}] {attributes}", exec.joined("command", " "));
    }
    if let Some(get) = probe.at("httpGet") {
        return format!("http-get {} {attributes}", url(get));
    }
    if let Some(socket) = probe.at("tcpSocket") {
        let port = socket.at("port").map(plain).unwrap_or_default();
        return format!("tcp-socket {}:{port} {attributes}", socket.text("host"));
    }
    if let Some(grpc) = probe.at("grpc") {
        return format!("grpc <pod>:{} {} {attributes}", grpc.int("port"), grpc.text("service"));
    }
    format!("unknown {attributes}")
}

fn url(get: &Value) -> String {
    let host = get.text("host");
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let port = get.at("port").map(plain).unwrap_or_default();
    let scheme = get.text("scheme").to_lowercase();
    let path = escape_path(get.text("path"));
    let slash = if path.is_empty() || path.starts_with('/') { "" } else { "/" };
    let colon = if scheme.is_empty() { "" } else { ":" };
    format!("{scheme}{colon}//{host}:{port}{slash}{path}")
}

/// Percent-encodes what Go's `net/url` encodes in a path.
fn escape_path(path: &str) -> String {
    if path == "*" {
        return path.to_owned();
    }
    let mut escaped = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped += &format!("%{byte:02X}");
        }
    }
    escaped
}
