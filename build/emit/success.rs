//! What a successful call returns, and the function that decodes it.

use proc_macro2::TokenStream;
use quote::quote;

use super::paths;
use crate::build::fault::{Fault, Result};
use crate::build::operation::{Operation, ResponseBody};

/// The type that `send` returns, and the function that decodes a response into it.
pub fn success(operation: &Operation) -> Result<(syn::Type, TokenStream)> {
    let optional = operation.success.optional;
    let (ty, decode) = match &operation.success.body {
        ResponseBody::Json(schema) if optional => {
            let ty = paths::of_schema(schema)?;
            (quote!(Option<#ty>), quote!(crate::codegen::decode::optional_json::<#ty>))
        }
        ResponseBody::Json(schema) => {
            let ty = paths::of_schema(schema)?;
            let decode = match paths::argument_of(&ty, "Vec") {
                Some(item) => quote!(crate::codegen::decode::list::<#item>),
                None => quote!(crate::codegen::decode::json::<#ty>),
            };
            (quote!(#ty), decode)
        }
        ResponseBody::JsonOrText(schema) => {
            let ty = paths::of_schema(schema)?;
            (quote!(crate::codegen::JsonOrText<#ty>), quote!(crate::codegen::decode::json_or_text::<#ty>))
        }
        ResponseBody::Text => (quote!(String), quote!(crate::codegen::decode::text)),
        ResponseBody::SecretText => (quote!(crate::codegen::Secret), quote!(crate::codegen::decode::secret_text)),
        ResponseBody::Bytes => (quote!(bytes::Bytes), quote!(crate::codegen::decode::bytes)),
        ResponseBody::Empty => (quote!(()), quote!(crate::codegen::decode::empty)),
    };
    let (ty, decode) = if operation.success.redirect {
        (
            quote!(crate::codegen::OrRedirect<#ty>),
            quote!(|response: &crate::codegen::RawResponse, unreadable: &mut crate::codegen::Unreadable| {
                crate::codegen::decode::or_redirect(response, unreadable, #decode)
            }),
        )
    } else {
        (ty, decode)
    };
    let ty = syn::parse2(ty).map_err(|e| Fault::operation(&operation.id, e.to_string()))?;
    Ok((ty, decode))
}
