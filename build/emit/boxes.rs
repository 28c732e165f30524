//! Boxes fields of structs that contain themselves through a union. The generator boxes direct recursion, but it takes
//! a union for a foreign type and does not look into it.

use std::collections::{BTreeMap, BTreeSet};

use super::paths;
use crate::build::lower::Lowering;

/// Boxes every field with a union that leads back to the struct of the field.
pub fn close(lowering: &Lowering, structs: &mut [syn::ItemStruct]) {
    if lowering.unions.is_empty() {
        return;
    }
    // What each type contains without a list, map or box in between.
    let mut holds: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for item in structs.iter() {
        let held = item.fields.iter().filter_map(|field| paths::last_name(held(&field.ty))).collect();
        holds.insert(item.ident.to_string(), held);
    }
    for union in &lowering.unions {
        holds.insert(union.name.clone(), union.variants.iter().map(|(_, target)| target.clone()).collect());
    }
    for item in structs {
        let own = item.ident.to_string();
        for field in &mut item.fields {
            let Some(name) = paths::last_name(held(&field.ty)) else { continue };
            if lowering.unions.iter().any(|union| union.name == name) && leads_to(&holds, &name, &own) {
                field.ty = boxed(&field.ty);
            }
        }
    }
}

/// The type within an `Option`, or the type itself.
fn held(ty: &syn::Type) -> &syn::Type {
    paths::argument_of(ty, "Option").unwrap_or(ty)
}

fn boxed(ty: &syn::Type) -> syn::Type {
    match paths::argument_of(ty, "Option") {
        Some(inner) => syn::parse_quote!(::std::option::Option<::std::boxed::Box<#inner>>),
        None => syn::parse_quote!(::std::boxed::Box<#ty>),
    }
}

fn leads_to(holds: &BTreeMap<String, BTreeSet<String>>, from: &str, to: &str) -> bool {
    let (mut open, mut seen) = (vec![from], BTreeSet::new());
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(holds.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::lower::lowering::TaggedUnion;

    #[test]
    fn fields_on_the_way_back_are_boxed() {
        let union = TaggedUnion {
            name: "U".to_owned(),
            description: String::new(),
            tag: "kind".to_owned(),
            variants: vec![("a".to_owned(), "A".to_owned()), ("b".to_owned(), "B".to_owned())],
        };
        let lowering = Lowering { unions: vec![union], ..Lowering::default() };
        let structs = ["struct A { u: Option<U>, all: Vec<U> }", "struct B { x: String }", "struct H { u: U }"];
        let mut structs: Vec<syn::ItemStruct> = structs.iter().map(|text| syn::parse_str(text).unwrap()).collect();
        close(&lowering, &mut structs);
        let types: Vec<String> =
            structs.iter().flat_map(|item| &item.fields).map(|field| paths::text(&field.ty)).collect();
        assert_eq!(types, ["Option<::std::boxed::Box<U>>", "Vec<U>", "String", "U"]);
    }
}
