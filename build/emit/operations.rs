//! The operations: a method of the client each, and the builder that it gives, which ends in the crate's own
//! way of sending.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::{Made, builders, docs, paths};
use crate::build::fault::{Fault, Result};
use crate::build::lower::Lowering;
use crate::build::names;
use crate::build::operation::{Answer, Body, Media, Operation, Place};
use crate::build::walk;

/// The methods of the client.
pub fn methods(lowering: &Lowering) -> TokenStream {
    let methods = lowering.operations.iter().map(|operation| {
        let name = format_ident!("{}", operation.name);
        let builder = format_ident!("{}", operation.type_name());
        let doc = docs::of_method(operation, has_builder(lowering, operation));
        let mut aliases = vec![names::ruby_name(&operation.id), operation.id.clone()];
        aliases.dedup();
        // What rustdoc takes as an alias.
        aliases.retain(|alias| {
            let is_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '/');
            !alias.is_empty() && *alias != operation.name && alias.chars().all(is_word)
        });
        let deprecated = operation.deprecated.then(|| quote!(#[deprecated]));
        quote! {
            #[doc = #doc]
            #(#[doc(alias = #aliases)])*
            #deprecated
            #[inline]
            pub fn #name(&self) -> operation::#builder { operation::#builder::new(self.clone()) }
        }
    });
    quote!(impl crate::Client { #(#methods)* })
}

/// Whether the body is a struct that is built field by field.
fn has_builder(lowering: &Lowering, operation: &Operation) -> bool {
    let Some(body) = operation.body.as_ref().filter(|body| matches!(body.media, Media::Json | Media::Form)) else {
        return false;
    };
    walk::schema_ref(&body.schema).is_some_and(|name| {
        lowering.schemas.contains_key(name) && !lowering.unions.iter().any(|union| union.name == name)
    })
}

/// The builders.
pub fn emit(lowering: &Lowering, made: &Made) -> Result<TokenStream> {
    lowering.operations.iter().map(|operation| one(lowering, made, operation)).collect()
}

/// The type that `send` gives, and the function that makes it of an answer.
pub fn success(operation: &Operation) -> Result<(syn::Type, TokenStream)> {
    let optional = operation.success.optional;
    let (ty, decode) = match &operation.success.answer {
        Answer::Json(schema) if optional => {
            let ty = paths::of_schema(schema)?;
            (quote!(Option<#ty>), quote!(crate::answer::optional_json::<#ty>))
        }
        Answer::Json(schema) => {
            let ty = paths::of_schema(schema)?;
            let way = if paths::last_name(&ty).as_deref() == Some("Vec") { quote!(list) } else { quote!(json) };
            (quote!(#ty), quote!(crate::answer::#way::<#ty>))
        }
        Answer::JsonOrText(schema) => {
            let ty = paths::of_schema(schema)?;
            (quote!(crate::JsonOrText<#ty>), quote!(crate::answer::json_or_text::<#ty>))
        }
        Answer::Text => (quote!(String), quote!(crate::answer::text)),
        Answer::SecretText => (quote!(crate::Secret), quote!(crate::answer::secret_text)),
        Answer::Bytes => (quote!(bytes::Bytes), quote!(crate::answer::bytes)),
        Answer::Empty => (quote!(()), quote!(crate::answer::empty)),
    };
    let (ty, decode) = if operation.success.redirect {
        (
            quote!(crate::OrRedirect<#ty>),
            quote!(|answer: &crate::answer::Answer| crate::answer::or_redirect(answer, #decode)),
        )
    } else {
        (ty, decode)
    };
    let ty = syn::parse2(ty).map_err(|e| Fault::operation(&operation.id, e.to_string()))?;
    Ok((ty, decode))
}

/// The rows of a list.
pub struct Rows<'a> {
    /// The type of one.
    pub item: syn::Type,
    /// The field that holds them, where the answer is an object that has the next page's token beside them.
    pub field: Option<&'a syn::Ident>,
}

/// The rows, if the operation answers with a list.
pub fn rows<'a>(made: &'a Made, operation: &Operation) -> Result<Option<Rows<'a>>> {
    let Answer::Json(schema) = &operation.success.answer else { return Ok(None) };
    if operation.method != "GET" || operation.success.optional || operation.success.redirect {
        return Ok(None);
    }
    let answer = paths::of_schema(schema)?;
    if let Some(item) = paths::argument_of(&answer, "Vec") {
        return Ok(Some(Rows { item: item.clone(), field: None }));
    }
    Ok(rows_within(made, operation, &answer))
}

/// The only list of an object that has the next page's token beside it.
fn rows_within<'a>(made: &'a Made, operation: &Operation, answer: &syn::Type) -> Option<Rows<'a>> {
    if !operation.parameters.iter().any(|parameter| parameter.wire == "page_token") {
        return None;
    }
    let envelope =
        made.structs.iter().find(|known| paths::last_name(answer).is_some_and(|name| known.ident == name))?;
    let has_token = envelope.fields.iter().any(|field| field.ident.as_ref().is_some_and(|it| it == "next_page_token"));
    let mut lists = envelope.fields.iter().filter_map(|field| {
        Some(Rows { item: paths::argument_of(&field.ty, "Vec")?.clone(), field: Some(field.ident.as_ref()?) })
    });
    let (Some(only), None) = (lists.next(), lists.next()) else { return None };
    has_token.then_some(only)
}

/// The walks through a list.
fn walks(lowering: &Lowering, made: &Made, operation: &Operation, decode: &TokenStream) -> Result<Option<TokenStream>> {
    let Some(Rows { item, field }) = rows(made, operation)? else { return Ok(None) };
    let decode = match field {
        Some(field) => quote!(|answer: &crate::answer::Answer| #decode(answer).map(|page| page.#field)),
        None => decode.clone(),
    };
    let row = made.structs.iter().find(|row| paths::last_name(&item).is_some_and(|name| row.ident == name));
    let id = row.and_then(|row| {
        let names = ["id", "client_id"].map(|name| format_ident!("{name}"));
        names.into_iter().find(|name| row.fields.iter().any(|field| field.ident.as_ref() == Some(name)))
    });
    let key = match id {
        Some(id) => quote!(crate::pages::key(&row.#id, row)),
        None => quote!(crate::pages::key(row, row)),
    };
    let example = docs::walk_example(operation, has_builder(lowering, operation));
    let page_doc = "The list page by page: see [`Pages`](crate::Pages).\n\nNothing is sent before the first page is \
                    wanted. `page` and `page_token` are only for whoever wants to start elsewhere.";
    let item_doc = format!("The list row by row: see [`Items`](crate::Items).\n\n{example}");
    Ok(Some(quote! {
        #[doc = #page_doc]
        #[inline]
        pub fn by_page(self) -> crate::Pages<#item> {
            crate::Pages::new(self.draft(), #decode, |row: &#item| #key)
        }
        #[doc = #item_doc]
        #[inline]
        pub fn by_item(self) -> crate::Items<#item> { self.by_page().into_items() }
    }))
}

/// An operation's body in its builder.
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
            (paths::of_schema(&body.schema)?, quote!(draft.#way(body, #required);))
        }
        Media::Text => (syn::parse_quote!(String), quote!(draft.raw(body, #required, #content_type);)),
        Media::Bytes => (syn::parse_quote!(bytes::Bytes), quote!(draft.raw(body, #required, #content_type);)),
    };
    let ident = format_ident!("body");
    let mut setters = builders::setter(Some(&ident), Some(&ident), &ty, &doc);
    if let Some(name) = paths::last_name(&ty).filter(|name| made.is_struct(name)) {
        let builder = format_ident!("{}", name);
        setters.extend(quote! {
            /// Builds the body in place: the closure gets its builder, with what was set before.
            pub fn body_map(
                mut self,
                build: impl FnOnce(crate::types::builder::#builder) -> crate::types::builder::#builder,
            ) -> Self {
                self.body = self.body.build(build);
                self
            }
        });
    }
    Ok(BodyCode { ty, setters, put })
}

fn one(lowering: &Lowering, made: &Made, operation: &Operation) -> Result<TokenStream> {
    let ident = format_ident!("{}", operation.type_name());
    let table = format_ident!("{}", names::constant_name(&operation.name));
    let (success, decode) = success(operation)?;
    let (mut fields, mut setters, mut idents, mut puts) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for parameter in &operation.parameters {
        let field = format_ident!("{}", parameter.name);
        let wire = &parameter.wire;
        let ty: syn::Type = match parameter.place {
            Place::Path => syn::parse_quote!(crate::PathSegment),
            _ => paths::of_schema(&parameter.schema)?,
        };
        fields.push(quote!(#field: crate::argument::Argument<#ty>));
        setters.push(builders::setter(Some(&field), Some(&field), &ty, &docs::attribute(&parameter.description)));
        let required = parameter.required;
        puts.push(match parameter.place {
            Place::Path => quote!(draft.path(#wire, #field);),
            Place::Query => quote!(draft.query(#wire, #field, #required);),
            Place::Header => quote!(draft.header(#wire, #field, #required);),
        });
        idents.push(field);
    }
    if let Some(body) = &operation.body {
        let code = body_code(made, body)?;
        let ty = &code.ty;
        let field = format_ident!("body");
        fields.push(quote!(#field: crate::argument::Argument<#ty>));
        setters.push(code.setters);
        puts.push(code.put);
        idents.push(field);
    }
    let doc = format!("Builder of [`Client::{}`](crate::Client::{}).", operation.name, operation.name);
    let id = &operation.id;
    let send_doc = format!(
        "Sends it: {}.\n\n# Errors\n\nSee [`Client::{}`](crate::Client::{}).",
        docs::code(&format!("{} {}", operation.method, operation.path)),
        operation.name,
        operation.name
    );
    let walks = walks(lowering, made, operation, &decode)?;
    let mutable = (!puts.is_empty()).then(|| quote!(mut));
    Ok(quote! {
        #[doc = #doc]
        #[derive(Clone)]
        #[must_use = "nothing is sent before `send()`"]
        pub struct #ident {
            client: crate::Client,
            options: crate::call::CallOptions,
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
            pub(super) fn new(client: crate::Client) -> Self {
                Self {
                    client,
                    options: crate::call::CallOptions::default(),
                    #(#idents: crate::argument::Argument::Unset,)*
                }
            }
            #(#setters)*
            crate::call::options!();
            #[doc = #send_doc]
            #[inline]
            pub fn send(self) -> crate::Sending<#success> { crate::Sending::new(self.draft(), #decode) }
            #walks
            #[inline]
            fn draft(self) -> Result<(crate::Client, crate::call::Draft), crate::Error> {
                let Self { client, options, #(#idents,)* } = self;
                let #mutable draft = crate::call::Draft::new(&super::table::#table, options);
                #(#puts)*
                draft.ready(client)
            }
        }
    })
}
