//! Emits how a struct is read from an object: a `match` over its keys that calls a method of the crate's `Fields` for
//! each. Serde's derive would emit several times the code, and every user of the crate would wait for it to compile.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::field::{Kind, wire_name};
use super::made::Made;
use super::paths;

/// The parts of the code, collected field by field.
#[derive(Default)]
pub struct Decoder {
    keys: Vec<String>,
    /// A variable for each field.
    slots: Vec<TokenStream>,
    /// The arm of the `match` for each key.
    arms: Vec<TokenStream>,
    /// The initializer of each field.
    made: Vec<TokenStream>,
    /// Whether there is a field that keeps unknown keys.
    has_rest: bool,
}

impl Decoder {
    /// Adds a field. In a type that requests hold, free JSON keeps null. The value of a foreign field may have any type.
    pub fn field(&mut self, made: &Made, field: &syn::Field, kind: &Kind, in_request: bool, foreign: bool) {
        let (ident, ty) = (&field.ident, &field.ty);
        let slot = format_ident!("field{}", self.slots.len());
        let wire = wire_name(field);
        if *kind == Kind::Rest {
            self.slots.push(quote!(let mut rest: #ty = Default::default();));
            self.made.push(quote!(#ident: rest));
            self.has_rest = true;
            return;
        }
        let inner = paths::argument_of(ty, "Option").unwrap_or(ty);
        let place = self.keys.len();
        let is_struct = paths::last_name(inner).is_some_and(|name| made.is_struct(&name));
        let lenient = match (is_struct, foreign) {
            (true, true) => quote!(fields.foreign_object(#place, &mut #slot, &mut rest)),
            (true, false) => quote!(fields.object(&mut #slot)),
            (false, true) => quote!(fields.foreign(#place, &mut #slot, &mut rest)),
            (false, false) => quote!(fields.option(&mut #slot)),
        };
        let container = if foreign {
            quote!(fields.foreign_container(#place, &mut #slot, &mut rest))
        } else {
            quote!(fields.container(&mut #slot))
        };
        let (start, value, end) = match kind {
            Kind::Optional => (quote!(#ty = None), lenient, quote!(#slot)),
            Kind::FreeJson if in_request => (quote!(#ty = None), quote!(fields.kept(&mut #slot)), quote!(#slot)),
            Kind::FreeJson => (quote!(#ty = None), quote!(fields.plain(&mut #slot)), quote!(#slot)),
            Kind::FreeJsonOrEmpty => {
                (quote!(#ty = None), quote!(fields.kept(&mut #slot)), quote!(#slot.filter(crate::codegen::is_set)))
            }
            Kind::Container => (quote!(#ty = Default::default()), container, quote!(#slot)),
            Kind::EmptyDefault => (quote!(Option<#ty> = None), lenient, quote!(#slot.unwrap_or_default())),
            Kind::Required | Kind::Rest => {
                (quote!(Option<#ty> = None), quote!(fields.kept(&mut #slot)), quote!(fields.required(#slot, #wire)?))
            }
        };
        self.slots.push(quote!(let mut #slot: #start;));
        self.arms.push(quote!(#place => #value,));
        self.made.push(quote!(#ident: #end));
        self.keys.push(wire);
    }

    /// The code. A type with rules checks them in what a caller passes.
    pub fn emit(&self, name: &syn::Ident, has_rules: bool) -> TokenStream {
        let Self { keys, slots, arms, made, has_rest } = self;
        let expected = format!("struct {name}");
        let places = 0..keys.len();
        let read = if *has_rest {
            quote! {
                while let Some(key) = fields.next_or_other()? {
                    match key {
                        crate::codegen::Key::Known(key) => match key { #(#arms)* _ => Ok(()) },
                        crate::codegen::Key::Other(key) => fields.other(key, &mut rest),
                    }?;
                }
            }
        } else {
            quote! {
                while let Some(key) = fields.next()? {
                    match key { #(#arms)* _ => Ok(()) }?;
                }
            }
        };
        let result = if has_rules {
            quote! {
                let made = Self { #(#made,)* };
                if crate::codegen::is_strict() {
                    made.check_rules().map_err(serde::de::Error::custom)?;
                }
                *slot = Some(made);
                Ok(())
            }
        } else {
            quote! {
                *slot = Some(Self { #(#made,)* });
                Ok(())
            }
        };
        quote! {
            impl<'de> crate::codegen::Object<'de> for #name {
                const NAME: &'static str = #expected;
                const KEYS: &'static [&'static str] = &[#(#keys),*];
                fn place(key: &str) -> Option<usize> {
                    match key { #(#keys => Some(#places),)* _ => None }
                }
                fn read<A: serde::de::MapAccess<'de>>(
                    fields: &mut crate::codegen::Fields<A>,
                    slot: &mut Option<Self>,
                ) -> Result<(), A::Error> {
                    #(#slots)*
                    #read
                    #result
                }
            }
            impl<'de> crate::codegen::Read<'de> for #name {
                fn read<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::codegen::read_object(deserializer)
                }
                fn read_into<D: serde::Deserializer<'de>>(
                    slot: &mut Option<Self>,
                    deserializer: D,
                ) -> Result<(), D::Error> {
                    crate::codegen::read_object_into(slot, deserializer)
                }
            }
            impl<'de> serde::Deserialize<'de> for #name {
                fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    crate::codegen::read_object(deserializer)
                }
            }
        }
    }
}
