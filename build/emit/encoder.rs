//! How a struct is written as an object: a call for each field, with one of the ways of the crate's `writer`. Serde's
//! derive would branch at each, which every user of the crate would wait for.

use proc_macro2::TokenStream;
use quote::quote;

use super::structs::{Kind, wire_name};

/// The writing of each field, in their order.
#[derive(Default)]
pub struct Encoder(Vec<TokenStream>);

impl Encoder {
    /// Adds a field; what is none or empty is left out.
    pub fn field(&mut self, field: &syn::Field, kind: &Kind) {
        let ident = &field.ident;
        let wire = wire_name(field);
        self.0.push(match kind {
            Kind::Optional | Kind::FreeJson => quote!(object.option(#wire, &self.#ident);),
            Kind::Container => quote!(object.container(#wire, &self.#ident);),
            Kind::Rest => quote!(object.rest(&self.#ident);),
            Kind::EmptyDefault | Kind::Required => quote!(object.plain(#wire, &self.#ident);),
        });
    }

    pub fn emit(&self, name: &syn::Ident) -> TokenStream {
        let fields = &self.0;
        quote! {
            impl serde::Serialize for #name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let mut object = crate::writer::Writer::new(serializer);
                    #(#fields)*
                    object.end()
                }
            }
        }
    }
}
