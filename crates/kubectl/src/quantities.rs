//! `cpu=1,memory=64Mi` on the command line.

use rollscope_api::Value;
use rollscope_api::quantity::Quantity;

use crate::error::Error;

/// Reads a list of quantities by resource name. Empty gives null.
///
/// # Errors
/// kubectl's words for what is no pair or no quantity.
pub(crate) fn parse(spec: &str) -> Result<Value, Error> {
    if spec.is_empty() {
        return Ok(Value::Null);
    }
    let mut list = serde_json::Map::new();
    for statement in spec.split(',') {
        let parts: Vec<&str> = statement.split('=').collect();
        let [name, quantity] = parts.as_slice() else {
            return Err(Error::Text(format!(
                "Invalid argument syntax {statement}, expected <resource>=<value>"
            )));
        };
        let quantity =
            Quantity::parse(quantity).map_err(|problem| Error::Text(problem.to_string()))?;
        list.insert((*name).to_owned(), quantity.canonical().into());
    }
    Ok(Value::Object(list))
}
