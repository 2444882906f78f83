//! Nodes. Models `describeNode`.

use rollscope_api::{Api, Status, Value};

use super::writer::Writer;

pub(super) fn write(w: &mut Writer, _api: &mut dyn Api, node: &Value) -> Result<(), Status> {
    w.metadata(node);
    Ok(())
}
