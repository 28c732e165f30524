//! Emits the builder that a method of the client returns: setters, and `send`.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::lists::walks;
use super::made::Made;
use super::setter::setter;
use super::success::success;
use super::{docs, paths, subject};
use crate::build::fault::Result;
use crate::build::kinds::Place;
use crate::build::lower::Lowering;
use crate::build::markdown::code;
use crate::build::names;
use crate::build::operation::{Body, Media, Operation, Parameter};

/// The builders.
pub fn emit(lowering: &Lowering, made: &Made) -> Result<TokenStream> {
    lowering.operations.iter().map(|operation| one(made, operation)).collect()
}

/// The parts of a builder for the body.
struct BodyCode {
    ty: syn::Type,
    setters: TokenStream,
    put: TokenStream,
}

fn body_code(made: &Made, body: &Body) -> Result<BodyCode> {
    let content_type = &body.content_type;
    let required = body.required;
    let doc = docs::attribute(if body.description.is_empty() { "Sets the body." } else { &body.description });
    let (ty, put): (syn::Type, TokenStream) = match body.media {
        Media::Json | Media::Form => {
            let way = if body.media == Media::Json { quote!(json) } else { quote!(form) };
            (paths::of_schema(&body.schema)?, quote!(_draft.#way(body, #required);))
        }
        Media::Text => (syn::parse_quote!(String), quote!(_draft.raw(body, #required, #content_type);)),
        Media::Bytes => (syn::parse_quote!(bytes::Bytes), quote!(_draft.raw(body, #required, #content_type);)),
    };
    let ident = format_ident!("body");
    let mut setters = setter(Some(&ident), Some(&ident), &ty, &doc);
    if let Some(name) = paths::last_name(&ty).filter(|name| made.is_struct(name)) {
        let builder = format_ident!("{}", name);
        setters.extend(quote! {
            /// Builds the body in place. The closure gets its builder, with everything that was set before.
            pub fn body_map(
                mut self,
                build: impl FnOnce(crate::generated::types::builder::#builder) -> crate::generated::types::builder::#builder,
            ) -> Self {
                self.body = self.body.build(build);
                self
            }
        });
    }
    Ok(BodyCode { ty, setters, put })
}

/// The method that returns the URL of a page that a browser visits.
fn url() -> TokenStream {
    quote! {
        /// Returns the URL at which a browser makes this request itself. Nothing is sent.
        ///
        /// It is below [`ClientBuilder::kratos_browser_url`](crate::ClientBuilder::kratos_browser_url) or
        /// [`ClientBuilder::hydra_browser_url`](crate::ClientBuilder::hydra_browser_url), if that is set.
        ///
        /// # Errors
        ///
        /// An argument is missing or was refused, or the server has no URL.
        #[inline]
        pub fn url(self) -> Result<crate::codegen::Location, crate::codegen::Error> {
            let client = self._client.clone();
            client.transport.browser_url(self._draft()?)
        }
    }
}

/// The setter for the server, of an operation that every server has.
fn endpoint_setter() -> TokenStream {
    quote! {
        /// Sets the server to ask. Required.
        #[inline]
        pub fn endpoint(mut self, endpoint: crate::codegen::Endpoint) -> Self {
            self.endpoint = crate::codegen::Slot::Set(endpoint);
            self
        }
    }
}

/// The description of a parameter. For a user's credential, it also says which of two ways to use.
fn setter_doc(parameter: &Parameter) -> String {
    let handle = match (parameter.place, parameter.wire.to_ascii_lowercase().as_str()) {
        (Place::Header, "x-session-token") => "with_session_token",
        (Place::Header, "cookie") => "with_cookies",
        _ => return parameter.description.clone(),
    };
    let note = format!(
        "For more than one call, use [`Client::forwarding`](crate::Client::forwarding) or \
         [`Client::{handle}`](crate::Client::{handle}). This setter takes precedence."
    );
    format!("{}\n\n{note}", parameter.description).trim_start().to_owned()
}

fn one(made: &Made, operation: &Operation) -> Result<TokenStream> {
    let ident = format_ident!("{}", operation.type_name());
    let table = format_ident!("{}", names::constant_name(&operation.name));
    let (success, decode) = success(operation)?;
    let (mut fields, mut setters, mut idents, mut puts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for parameter in &operation.parameters {
        let field = format_ident!("{}", parameter.name);
        let wire = &parameter.wire;
        let ty: syn::Type = match parameter.place {
            Place::Path => syn::parse_quote!(crate::codegen::PathSegment),
            _ => paths::of_schema(&parameter.schema)?,
        };
        fields.push(quote!(#field: crate::codegen::Slot<#ty>));
        setters.push(setter(Some(&field), Some(&field), &ty, &docs::attribute(&setter_doc(parameter))));
        let required = parameter.required;
        puts.push(match parameter.place {
            Place::Path => quote!(_draft.path(#wire, #field);),
            Place::Query => quote!(_draft.query(#wire, #field, #required);),
            Place::Header => quote!(_draft.header(#wire, #field, #required);),
        });
        idents.push(field);
    }
    if !operation.one_of.is_empty() {
        let slots = operation.parameters.iter().filter(|parameter| operation.one_of.contains(&parameter.wire));
        let slots = slots.map(|parameter| {
            let (wire, field) = (&parameter.wire, format_ident!("{}", parameter.name));
            quote!((#wire, #field.is_set()))
        });
        puts.insert(0, quote!(_draft.one_of(&[#(#slots),*]);));
    }
    if let Some((setter, check)) = subject::of_operation(operation) {
        setters.push(setter);
        puts.insert(0, check);
    }
    if operation.any_endpoint {
        let field = format_ident!("endpoint");
        fields.push(quote!(#field: crate::codegen::Slot<crate::codegen::Endpoint>));
        setters.push(endpoint_setter());
        puts.push(quote!(_draft.endpoint(#field);));
        idents.push(field);
    }
    if let Some(body) = &operation.body {
        let code = body_code(made, body)?;
        let ty = &code.ty;
        let field = format_ident!("body");
        fields.push(quote!(#field: crate::codegen::Slot<#ty>));
        setters.push(code.setters);
        puts.push(code.put);
        idents.push(field);
    }
    let doc = format!("Builder for [`Client::{}`](crate::Client::{}).", operation.name, operation.name);
    let id = &operation.id;
    let send_doc = format!(
        "Sends the request: {}. Awaiting the builder does the same.\n\n# Errors\n\nSee [`Client::{}`](crate::Client::{}).",
        code(&format!("{} {}", operation.method, operation.path)),
        operation.name,
        operation.name
    );
    let walks = walks(made, operation, &decode)?;
    let url = operation.visited.then(url);
    let mutable = (!puts.is_empty()).then(|| quote!(mut));
    Ok(quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #[must_use = "nothing is sent until it is awaited or `send()` is"]
        pub struct #ident {
            _client: crate::codegen::Client,
            _options: crate::codegen::CallOptions,
            #(#fields,)*
        }
        impl std::fmt::Debug for #ident {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(#id).finish_non_exhaustive()
            }
        }
        impl #ident {
            #[inline]
            pub(super) fn new(client: crate::codegen::Client) -> Self {
                Self {
                    _client: client,
                    _options: crate::codegen::CallOptions::default(),
                    #(#idents: crate::codegen::Slot::Unset,)*
                }
            }
            #(#setters)*
            crate::codegen::options!(_options);
            #[doc = #send_doc]
            #[inline]
            pub fn send(self) -> crate::codegen::Sending<#success> {
                crate::codegen::Sending::new(self._client.clone(), self._draft(), #decode, crate::codegen::redacted)
            }
            #url
            #walks
            #[inline]
            fn _draft(self) -> Result<crate::codegen::Draft, crate::codegen::Error> {
                let Self { _options, #(#idents,)* .. } = self;
                // A local without `_` could have the name of an argument.
                let #mutable _draft = crate::codegen::Draft::new(&crate::codegen::table::#table, _options);
                #(#puts)*
                _draft.ready()
            }
        }
        impl std::future::IntoFuture for #ident {
            type Output = <crate::codegen::Sending<#success> as std::future::Future>::Output;
            type IntoFuture = crate::codegen::Sending<#success>;
            #[inline]
            fn into_future(self) -> Self::IntoFuture { self.send() }
        }
    })
}
