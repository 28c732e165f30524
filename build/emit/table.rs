//! The operation table: what routing, credentials, retry, traces and pagination read, so that nothing the
//! contract says is listed twice.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde_json::Value;

use super::{Made, docs, operations, paths};
use crate::build::fault::Result;
use crate::build::lower::Lowering;
use crate::build::names;
use crate::build::operation::{Media, Operation, Parameter, Place, Repeat};
use crate::build::operations::text;

pub fn emit(lowering: &Lowering, made: &Made, document: &Value) -> Result<TokenStream> {
    let rows: Vec<TokenStream> =
        lowering.operations.iter().map(|operation| row(made, document, operation)).collect::<Result<_>>()?;
    let constants: Vec<_> = lowering
        .operations
        .iter()
        .map(|operation| format_ident!("{}", names::constant_name(&operation.name)))
        .collect();
    let title = text(document.pointer("/info/title"));
    let version = text(document.pointer("/info/version"));
    let changes = lowering.report.len();
    Ok(quote! {
        pub mod table {
            use crate::operation::{Argument, Area, Body, Endpoint, Operation, Place, Repeat, Security};
            #(#rows)*
            /// Every operation that was compiled.
            pub static OPERATIONS: &[&Operation] = &[#(&#constants),*];
        }
        pub const TITLE: &str = #title;
        pub const VERSION: &str = #version;
        pub const CHANGES: usize = #changes;
    })
}

/// The table of the docs: operation, endpoint and credential.
pub fn markdown(lowering: &Lowering, document: &Value) -> String {
    let mut text = "| operation | endpoint | credential |\n| --- | --- | --- |\n".to_owned();
    for operation in &lowering.operations {
        let credentials: Vec<String> = operation
            .security
            .iter()
            .map(|scheme| match kind_of_scheme(document, scheme) {
                "AccessToken" => "access token".to_owned(),
                "SessionToken" => "session token".to_owned(),
                "Basic" => "client id and secret".to_owned(),
                "Bearer" => "registration token".to_owned(),
                "OAuth2" => "OAuth2 access token".to_owned(),
                _ => docs::code(scheme),
            })
            .collect();
        let mut credential = credentials.join(" or ");
        if operation.area == "frontend" {
            credential = "the person's session token or cookies".to_owned();
        } else if credential.is_empty() {
            credential = "none".to_owned();
        }
        let endpoint = match operation.endpoint.as_str() {
            "KratosPublic" => "Kratos public",
            "KratosAdmin" => "Kratos admin",
            "HydraPublic" => "Hydra public",
            "HydraAdmin" => "Hydra admin",
            "Console" => "console",
            other => other,
        };
        let name = &operation.name;
        text.push_str(&format!("| [`{name}`](crate::Client::{name}) | {endpoint} | {credential} |\n"));
    }
    text
}

fn row(made: &Made, document: &Value, operation: &Operation) -> Result<TokenStream> {
    let constant = format_ident!("{}", names::constant_name(&operation.name));
    let Operation { id, name, path, .. } = operation;
    let method = format_ident!("{}", operation.method);
    let area = area(&operation.area);
    let endpoint = match operation.endpoint.as_str() {
        known @ ("KratosPublic" | "KratosAdmin" | "HydraPublic" | "HydraAdmin" | "Console") => {
            let known = format_ident!("{known}");
            quote!(Endpoint::#known)
        }
        other => quote!(Endpoint::Named(std::borrow::Cow::Borrowed(#other))),
    };
    let security = operation.security.iter().map(|scheme| security(document, scheme));
    let repeat = match operation.repeat {
        Repeat::Safe => quote!(Repeat::Safe),
        Repeat::Repeatable => quote!(Repeat::Repeatable),
        Repeat::Once => quote!(Repeat::Once),
    };
    let arguments = operation.parameters.iter().map(argument);
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
    let success = paths::text(&operations::success(operation)?.0);
    let legacy = match &operation.legacy {
        Some(name) => quote!(Some(#name)),
        None => quote!(None),
    };
    let list = operations::rows(made, operation)?.is_some();
    let (deprecated, redirect) = (operation.deprecated, operation.success.redirect);
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
            arguments: &[#(#arguments),*],
            body: #body,
            success: #success,
            redirect: #redirect,
            legacy: #legacy,
            deprecated: #deprecated,
            list: #list,
        };
    })
}

fn area(area: &str) -> TokenStream {
    let known = match area {
        "frontend" => "Frontend",
        "identity" => "Identity",
        "courier" => "Courier",
        "oauth2" => "OAuth2",
        "jwk" => "Jwk",
        "project" => "Project",
        other => return quote!(Area::Other(#other)),
    };
    let known = format_ident!("{known}");
    quote!(Area::#known)
}

fn security(document: &Value, scheme: &str) -> TokenStream {
    match kind_of_scheme(document, scheme) {
        "" => quote!(Security::Other(#scheme)),
        known => {
            let known = format_ident!("{known}");
            quote!(Security::#known)
        }
    }
}

/// What a security scheme asks for, told from its name first (Ory's are stable) and its kind second; empty if
/// it is none of ours.
fn kind_of_scheme(document: &Value, scheme: &str) -> &'static str {
    let pointer = format!("/components/securitySchemes/{}", scheme.replace('~', "~0").replace('/', "~1"));
    let raw = document.pointer(&pointer);
    let field =
        |key: &str| raw.and_then(|raw| raw.get(key)).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let lower = scheme.to_ascii_lowercase();
    if lower.starts_with("ory") && (lower.contains("token") || lower.contains("key")) {
        "AccessToken"
    } else if lower == "sessiontoken" || field("name") == "x-session-token" {
        "SessionToken"
    } else if field("type") == "oauth2" || lower == "oauth2" {
        "OAuth2"
    } else if field("scheme") == "basic" || lower == "basic" {
        "Basic"
    } else if field("scheme") == "bearer" || lower == "bearer" {
        "Bearer"
    } else {
        ""
    }
}

fn argument(parameter: &Parameter) -> TokenStream {
    let Parameter { wire, name, required, secret, deprecated, .. } = parameter;
    let place = match parameter.place {
        Place::Path => quote!(Place::Path),
        Place::Query => quote!(Place::Query),
        Place::Header => quote!(Place::Header),
    };
    let number = |value: Option<i64>| match value {
        Some(number) => quote!(Some(#number)),
        None => quote!(None),
    };
    let (minimum, maximum) = (number(parameter.minimum), number(parameter.maximum));
    let min_length = match parameter.min_length {
        Some(length) => quote!(Some(#length)),
        None => quote!(None),
    };
    let (legacy_minimum, legacy_maximum) = (number(parameter.legacy_minimum), number(parameter.legacy_maximum));
    quote! {
        Argument {
            wire: #wire, name: #name, place: #place, required: #required, secret: #secret, deprecated: #deprecated,
            minimum: #minimum, maximum: #maximum, min_length: #min_length, legacy_minimum: #legacy_minimum,
            legacy_maximum: #legacy_maximum,
        }
    }
}
