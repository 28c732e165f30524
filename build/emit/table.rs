//! Emits the table of operations. Routing, credentials, retries, traces and pagination read it, so that nothing in the
//! contract is listed a second time.

use std::fmt::Debug;

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;

use super::made::Made;
use super::success::success;
use super::{layout, paths, rows};
use crate::build::document::text;
use crate::build::fault::Result;
use crate::build::kinds::Endpoint;
use crate::build::lower::Lowering;
use crate::build::names;
use crate::build::operation::{Media, Operation, Parameter};
use crate::build::route;

/// The code of the table. It names only types of `crate::contract`, because it is included beside them.
pub fn code(lowering: &Lowering, made: &Made, document: &Value, sha256: &str) -> Result<String> {
    let rows: Vec<TokenStream> =
        lowering.operations.iter().map(|operation| row(made, operation)).collect::<Result<_>>()?;
    let constants: Vec<_> = lowering
        .operations
        .iter()
        .map(|operation| format_ident!("{}", names::constant_name(&operation.name)))
        .collect();
    let title = text(document.pointer("/info/title"));
    let version = text(document.pointer("/info/version"));
    let changes = lowering.report.len();
    let code = quote! {
        #(#rows)*
        /// Every operation that was compiled.
        pub static OPERATIONS: &[&Operation] = &[#(&#constants),*];
        pub const TITLE: &str = #title;
        pub const VERSION: &str = #version;
        pub const SHA256: &str = #sha256;
        pub const CHANGES: usize = #changes;
    };
    Ok(layout::lines(code))
}

fn row(made: &Made, operation: &Operation) -> Result<TokenStream> {
    let constant = format_ident!("{}", names::constant_name(&operation.name));
    let Operation { id, name, path, .. } = operation;
    let method = format_ident!("{}", operation.method);
    let area = match (route::known(&operation.area), &operation.area) {
        (Some(known), _) => variant("Area", known),
        (None, other) => quote!(Area::Other(#other)),
    };
    let endpoint = match &operation.endpoint {
        Endpoint::Named(name) => {
            let name: &str = name;
            quote!(Endpoint::Named(std::borrow::Cow::Borrowed(#name)))
        }
        known => variant("Endpoint", known),
    };
    let security = operation.security.iter().map(|scheme| match (scheme.credential, &scheme.name) {
        (Some(known), _) => variant("Security", known),
        (None, name) => quote!(Security::Other(#name)),
    });
    let repeat = variant("Repeat", operation.repeat);
    let parameters = operation.parameters.iter().map(self::parameter);
    let body = match &operation.body {
        None => quote!(None),
        Some(body) => {
            let (content_type, required) = (&body.content_type, body.required);
            let ty = match body.media {
                Media::Json | Media::Form => paths::text(&paths::of_schema(&body.schema)?),
                Media::Text => "String".to_owned(),
                Media::Bytes => "Bytes".to_owned(),
            };
            quote!(Some(Body { content_type: #content_type, required: #required, ty: #ty }))
        }
    };
    let success = paths::text(&success(operation)?.0);
    let (legacy, since) = (maybe(operation.legacy.as_deref()), maybe(operation.since.as_deref()));
    let paths_at = operation.paths_at.iter().map(|(endpoint, path)| {
        let endpoint = variant("Endpoint", endpoint);
        quote!((#endpoint, #path))
    });
    let (results, any_endpoint) = (&operation.success.statuses, operation.any_endpoint);
    let list = rows::rows(made, operation)?.is_some();
    let (deprecated, redirect, visited) = (operation.deprecated, operation.success.redirect, operation.visited);
    Ok(quote! {
        pub static #constant: Operation = Operation {
            id: #id,
            name: #name,
            method: http::Method::#method,
            path: #path,
            area: #area,
            endpoint: #endpoint,
            security: &[#(#security),*],
            repeat: #repeat,
            parameters: &[#(#parameters),*],
            body: #body,
            success: #success,
            redirect: #redirect,
            visited: #visited,
            legacy: #legacy,
            since: #since,
            any_endpoint: #any_endpoint,
            paths_at: &[#(#paths_at),*],
            results: &[#(#results),*],
            deprecated: #deprecated,
            list: #list,
        };
    })
}

fn parameter(parameter: &Parameter) -> TokenStream {
    let Parameter { wire, name, required, secret, deprecated, .. } = parameter;
    let place = variant("Place", parameter.place);
    let (minimum, maximum) = (maybe(parameter.minimum), maybe(parameter.maximum));
    let min_length = maybe(parameter.min_length);
    let (legacy_minimum, legacy_maximum) = (maybe(parameter.legacy_minimum), maybe(parameter.legacy_maximum));
    quote! {
        Parameter {
            wire: #wire, name: #name, place: #place, required: #required, secret: #secret, deprecated: #deprecated,
            minimum: #minimum, maximum: #maximum, min_length: #min_length, legacy_minimum: #legacy_minimum,
            legacy_maximum: #legacy_maximum,
        }
    }
}

/// The path of a variant without fields. Its `Debug` output is its name.
fn variant(of: &str, variant: impl Debug) -> TokenStream {
    let (of, variant) = (format_ident!("{of}"), format_ident!("{}", format!("{variant:?}")));
    quote!(#of::#variant)
}

fn maybe(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}
