//! Emits open enums and tagged unions, as calls of two macros of the crate.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs;
use crate::build::lower::Lowering;
use crate::build::markdown::code;
use crate::build::names;

pub fn enums(lowering: &Lowering) -> TokenStream {
    let items = lowering.enums.iter().map(|item| {
        let name = format_ident!("{}", item.name);
        let doc = docs::attribute(&item.description);
        let aliases = docs::of_today(lowering, &item.name);
        let variants = names::variant_names(&item.values);
        let variants = variants.iter().zip(&item.values).map(|(variant, value)| {
            let variant = format_ident!("{}", variant);
            let doc = code(value);
            quote!(#[doc = #doc] #variant = #value)
        });
        quote!(crate::codegen::open_enum! { #doc #aliases #name { #(#variants,)* } })
    });
    quote!(#(#items)*)
}

pub fn unions(lowering: &Lowering) -> TokenStream {
    let items = lowering.unions.iter().map(|union| {
        let name = format_ident!("{}", union.name);
        let described = if union.description.is_empty() { String::new() } else { format!("{}\n\n", union.description) };
        let tag = &union.tag;
        let property = code(tag);
        let doc = docs::attribute(&format!(
            "{described}The property {property} says which variant it is. It is written once, for you."
        ));
        let aliases = docs::of_today(lowering, &union.name);
        let of_tag = format!("The property that says which variant it is: {property}.");
        let values: Vec<String> = union.variants.iter().map(|(value, _)| value.clone()).collect();
        let names = names::variant_names(&values);
        let variants = names.iter().zip(&union.variants).map(|(variant, (value, target))| {
            let variant = format_ident!("{}", variant);
            let target = format_ident!("{}", target);
            let doc = code(value);
            quote!(#[doc = #doc] #variant(#target) = #value)
        });
        // No `From` for a type that two tags share, because the tag would be a guess.
        let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
        union.variants.iter().for_each(|(_, target)| *uses.entry(target).or_default() += 1);
        let from = names.iter().zip(&union.variants).filter_map(|(variant, (_, target))| {
            let is_alone = uses.get(target.as_str()) == Some(&1);
            let (variant, target) = (format_ident!("{}", variant), format_ident!("{}", target));
            is_alone.then(
                || quote!(impl From<#target> for #name { fn from(value: #target) -> Self { Self::#variant(value) } }),
            )
        });
        quote!(crate::codegen::tagged_union! { #doc #aliases #name by #[doc = #of_tag] #tag { #(#variants,)* } } #(#from)*)
    });
    quote!(#(#items)*)
}
