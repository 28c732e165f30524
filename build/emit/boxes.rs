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
    let unions: BTreeSet<&str> = lowering.unions.iter().map(|union| union.name.as_str()).collect();
    let circles = circles(&holds);
    for item in structs {
        let own = circles.get(item.ident.to_string().as_str()).copied();
        for field in &mut item.fields {
            let Some(name) = paths::last_name(held(&field.ty)) else { continue };
            // The struct leads to the union. The union leads back if both are in the same circle.
            if unions.contains(name.as_str()) && circles.get(name.as_str()).copied() == own {
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

/// The circle of each type: a number that it shares with all types that it leads to and that lead back to it.
///
/// The types are ordered by when everything that they lead to was seen. From the last of them backward, whatever leads to
/// a type and has no circle yet is in its circle (Kosaraju's algorithm).
fn circles(holds: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<&str, usize> {
    let mut order: Vec<&str> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    let mut held_by: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for start in holds.keys() {
        // The second time that a type comes, everything that it leads to was seen.
        let mut open = vec![(start.as_str(), false)];
        while let Some((name, is_done)) = open.pop() {
            if is_done {
                order.push(name);
            } else if seen.insert(name) {
                open.push((name, true));
                for inner in holds.get(name).into_iter().flatten() {
                    held_by.entry(inner).or_default().push(name);
                    open.push((inner, false));
                }
            }
        }
    }
    let mut circles: BTreeMap<&str, usize> = BTreeMap::new();
    for (number, start) in order.into_iter().rev().enumerate() {
        let mut open = vec![start];
        while let Some(name) = open.pop() {
            if !circles.contains_key(name) {
                circles.insert(name, number);
                open.extend(held_by.get(name).into_iter().flatten().filter(|holder| !circles.contains_key(*holder)));
            }
        }
    }
    circles
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

    #[test]
    fn circles_are_told_apart() {
        // Two circles, where the first leads to the second, and a type of its own that leads to both.
        let holds = [("a", "b"), ("b", "c"), ("c", "a d"), ("d", "e"), ("e", "d f"), ("f", ""), ("g", "a e")];
        let holds = holds.map(|(name, held)| (name.to_owned(), held.split_whitespace().map(str::to_owned).collect()));
        let holds = BTreeMap::from(holds);
        let found = circles(&holds);
        let together = |names: &str| {
            let numbers: BTreeSet<usize> = names.split(' ').map(|name| found[name]).collect();
            assert_eq!(numbers.len(), 1, "{names}: {found:?}");
            found.values().filter(|number| numbers.contains(number)).count()
        };
        assert_eq!(["a b c", "d e", "f", "g"].map(together), [3, 2, 1, 1]);
    }
}
