//! ConfigMaps and Secrets. Models `ConfigMapDescriber` and `describeSecret`.

use rollscope_api::Value;

use super::writer::Writer;
use crate::output::go_template::from_base64;
use crate::value::{Peek, plain};

pub(super) fn config_map(w: &mut Writer, object: &Value) {
    w.metadata(object);
    w.put(0, "\nData\n====\n");
    for (key, value) in object.fields("data").into_iter().flatten() {
        w.put(0, &format!("{key}:\n----\n{}\n\n", plain(value)));
    }
    w.put(0, "\nBinaryData\n====\n");
    for (key, value) in object.fields("binaryData").into_iter().flatten() {
        w.put(0, &format!("{key}: {} bytes\n", decoded_length(value)));
    }
    w.put(0, "\n");
}

pub(super) fn secret(w: &mut Writer, object: &Value) {
    w.metadata(object);
    w.put(0, &format!("\nType:\t{}\n", object.text("type")));
    w.put(0, "\nData\n====\n");
    for (key, value) in object.fields("data").into_iter().flatten() {
        // The one secret that is shown.
        let token = key == "token" && object.text("type") == "kubernetes.io/service-account-token";
        match from_base64(value.as_str().unwrap_or("")).filter(|_| token) {
            Some(text) => w.field(0, key, text),
            None => w.field(0, key, format!("{} bytes", decoded_length(value))),
        }
    }
}

/// How many bytes a base64 text stands for.
fn decoded_length(value: &Value) -> usize {
    let text = value.as_str().unwrap_or("");
    let digits = text.bytes().filter(|byte| !byte.is_ascii_whitespace() && *byte != b'=').count();
    digits * 3 / 4
}
