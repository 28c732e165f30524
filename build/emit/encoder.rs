//! Emits how a struct is written as an object: a call of a method of the crate's `Writer` for each field. Serde's
//! derive would emit a branch for each field, and every user of the crate would wait for it to compile.

use proc_macro2::TokenStream;
use quote::quote;

use super::field::{Kind, wire_name};

/// The call for each field, in order.
#[derive(Default)]
pub struct Encoder {
    calls: Vec<TokenStream>,
    /// The field that keeps unknown keys.
    rest: Option<TokenStream>,
}

impl Encoder {
    /// Adds a field. The code leaves out `None` and empty containers.
    pub fn field(&mut self, field: &syn::Field, kind: &Kind) {
        let ident = &field.ident;
        let wire = wire_name(field);
        self.calls.push(match kind {
            Kind::Rest => {
                self.rest = Some(quote!(&self.#ident));
                return;
            }
            Kind::Optional | Kind::FreeJson | Kind::FreeJsonOrEmpty => quote!(object.option(#wire, &self.#ident);),
            Kind::Container => quote!(object.container(#wire, &self.#ident);),
            Kind::EmptyDefault => quote!(object.defaulted(#wire, &self.#ident);),
            Kind::Required => quote!(object.plain(#wire, &self.#ident);),
        });
    }

    pub fn emit(&self, name: &syn::Ident) -> TokenStream {
        let calls = &self.calls;
        let object = match &self.rest {
            Some(rest) => quote!(crate::codegen::Writer::beside(serializer, #rest)),
            None => quote!(crate::codegen::Writer::new(serializer)),
        };
        let mutable = (!calls.is_empty()).then(|| quote!(mut));
        quote! {
            impl serde::Serialize for #name {
                fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    let #mutable object = #object;
                    #(#calls)*
                    object.end()
                }
            }
        }
    }
}
