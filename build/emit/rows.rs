//! Finds the operations that return a list, and where its rows are.

use super::made::Made;
use super::paths;
use crate::build::fault::Result;
use crate::build::operation::{Operation, ResponseBody};

/// The rows of a list.
pub struct Rows<'a> {
    /// The type of a row.
    pub item: syn::Type,
    /// The struct and the field that hold them, if the response is an object with the token of the next page beside them.
    pub within: Option<(syn::Type, &'a syn::Field)>,
}

/// The rows, if a response of the operation is a list.
pub fn rows<'a>(made: &'a Made, operation: &Operation) -> Result<Option<Rows<'a>>> {
    let ResponseBody::Json(schema) = &operation.success.body else { return Ok(None) };
    if operation.method != "GET" || operation.success.optional || operation.success.redirect {
        return Ok(None);
    }
    let response = paths::of_schema(schema)?;
    if let Some(item) = paths::argument_of(&response, "Vec") {
        return Ok(Some(Rows { item: item.clone(), within: None }));
    }
    Ok(rows_within(made, operation, &response))
}

/// The only list of an object that has the token of the next page beside it.
fn rows_within<'a>(made: &'a Made, operation: &Operation, response: &syn::Type) -> Option<Rows<'a>> {
    if !operation.parameters.iter().any(|parameter| parameter.wire == "page_token") {
        return None;
    }
    let envelope = paths::last_name(response)?;
    made.field(&envelope, "next_page_token")?;
    let field = made.only_list(&envelope)?;
    let item = paths::argument_of(&field.ty, "Vec")?.clone();
    Some(Rows { item, within: Some((response.clone(), field)) })
}
