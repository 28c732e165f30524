//! Collects the public items of source files: a block for each type, with what it has.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use quote::ToTokens;
use syn::{Attribute, ImplItem, Item, TraitItem, Visibility};

use super::tidy::tidy;
use crate::secrets::exports;

/// Not part of the API, or written by the build.
const SKIPPED: [&str; 4] = ["docs", "fuzzing", "generated", "tests"];

/// What makes the item of a macro public.
const PUBLIC: [&str; 5] = ["pub fn", "pub const", "pub struct", "pub enum", "pub type"];

/// The path of a module, such as `web` and `axum`.
type Module = [String];

/// The source files of `src/`, each with its module, without those of tests.
pub fn files() -> Vec<(Vec<String>, syn::File)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let (mut open, mut found) = (vec![root.clone()], Vec::new());
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let inside = path.strip_prefix(&root).unwrap().with_extension("");
            let module: Vec<String> = inside.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
            let module: Vec<String> = module.into_iter().filter(|name| name != "mod" && name != "lib").collect();
            if !module.iter().any(|name| SKIPPED.contains(&name.as_str())) {
                found.push((module, syn::parse_file(&std::fs::read_to_string(&path).unwrap()).unwrap()));
            }
        }
    }
    let of_tests: Vec<Vec<String>> = found.iter().flat_map(|(module, file)| modules_of_tests(module, file)).collect();
    found.retain(|(module, _)| !of_tests.iter().any(|tests| module.starts_with(tests)));
    found
}

/// The modules that a file declares for tests alone.
fn modules_of_tests(module: &Module, file: &syn::File) -> Vec<Vec<String>> {
    let declared = file.items.iter().filter_map(|item| match item {
        Item::Mod(inner) if is_for_tests(&inner.attrs) => Some([module, &[inner.ident.to_string()]].concat()),
        _ => None,
    });
    declared.collect()
}

/// Blocks by their heads. A type is found by the module of its file and its name.
#[derive(Default)]
pub struct Api {
    blocks: BTreeMap<String, BTreeSet<String>>,
    fields: BTreeMap<String, Vec<String>>,
    /// A type that is not public has none.
    heads: BTreeMap<(Vec<String>, String), Option<String>>,
    private_traits: BTreeSet<String>,
}

impl Api {
    /// Each block: its head, then its fields or variants in their order, then all else that it has, sorted.
    pub fn lines(&self) -> Vec<String> {
        let indented = |text: &String| format!("    {text}");
        let mut lines = Vec::new();
        for (head, members) in &self.blocks {
            lines.push(head.clone());
            lines.extend(self.fields.get(head).into_iter().flatten().map(indented));
            lines.extend(members.iter().map(indented));
        }
        lines
    }

    /// Adds the public types, traits, functions and so on.
    pub fn declare(&mut self, module: &Module, items: &[Item]) {
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(inner) if inner.ident != "builder" => {
                    if let Some((_, items)) = &inner.content {
                        self.declare(module, items);
                    }
                }
                Item::Struct(item) if is_public(&item.vis) => {
                    let head = format!("struct {}", self.name(module, &item.ident, &item.generics, &item.attrs));
                    let shown: Vec<String> = item
                        .fields
                        .iter()
                        .enumerate()
                        .map(|(at, field)| match &field.ident {
                            _ if !is_public(&field.vis) => "..".to_owned(),
                            Some(name) => format!("{name}: {}", tidy(&field.ty)),
                            None => format!("{at}: {}", tidy(&field.ty)),
                        })
                        .collect();
                    let mut public: Vec<String> = shown.iter().filter(|text| *text != "..").cloned().collect();
                    public.extend(shown.iter().find(|text| *text == "..").cloned());
                    self.add_type(module, item.ident.to_string(), head, public);
                }
                Item::Struct(syn::ItemStruct { ident, .. }) => {
                    self.heads.insert((module.to_vec(), ident.to_string()), None);
                }
                Item::Enum(item) if is_public(&item.vis) => {
                    let head = format!("enum {}", self.name(module, &item.ident, &item.generics, &item.attrs));
                    let variants = item.variants.iter().map(tidy).collect();
                    self.add_type(module, item.ident.to_string(), head, variants);
                }
                Item::Enum(syn::ItemEnum { ident, .. }) => {
                    self.heads.insert((module.to_vec(), ident.to_string()), None);
                }
                Item::Trait(item) if is_public(&item.vis) => {
                    let head = format!("trait {}", self.name(module, &item.ident, &item.generics, &item.attrs));
                    let bounds = &item.supertraits;
                    let head = if bounds.is_empty() { head } else { format!("{head}, needs {}", tidy(bounds)) };
                    let members = item.items.iter().map(|item| match item {
                        TraitItem::Fn(method) => tidy(&method.sig),
                        other => tidy(other),
                    });
                    self.add_type(module, item.ident.to_string(), head, members.collect());
                }
                Item::Trait(item) => drop(self.private_traits.insert(item.ident.to_string())),
                Item::Fn(item) if is_public(&item.vis) => {
                    let signature = tidy(&item.sig);
                    let path = public_path(module, &item.sig.ident.to_string());
                    self.add(format!("fn {path}: {}{signature}", conditions(&item.attrs)));
                }
                Item::Type(item) if is_public(&item.vis) => {
                    let (path, of) = (public_path(module, &item.ident.to_string()), tidy(&item.ty));
                    self.add(format!("type {path}{} = {of}", tidy(&item.generics)));
                }
                Item::Const(item) if is_public(&item.vis) => {
                    self.add(format!("const {}: {}", public_path(module, &item.ident.to_string()), tidy(&item.ty)));
                }
                Item::Static(item) if is_public(&item.vis) => {
                    self.add(format!("static {}: {}", public_path(module, &item.ident.to_string()), tidy(&item.ty)));
                }
                // What a macro makes is public if its input says so, or its rules.
                Item::Macro(item) => {
                    let (path, text) = (tidy(&item.mac.path), tidy(&item.mac.tokens));
                    let is_type = item.ident.is_none() && ["open_enum", "tagged_union"].contains(&path.as_str());
                    if is_type || PUBLIC.iter().any(|start| text.contains(start)) {
                        let rules = item.ident.as_ref().map(|name| format!(" {name}")).unwrap_or_default();
                        self.add(format!("{path}!{rules} {text}"));
                    }
                }
                _ => {}
            }
        }
    }

    /// Adds the public methods and the traits of the types that were declared.
    pub fn implement(&mut self, module: &Module, items: &[Item]) {
        for item in items.iter().filter(|item| !is_for_tests(attributes(item))) {
            match item {
                Item::Mod(inner) if inner.ident != "builder" => {
                    if let Some((_, items)) = &inner.content {
                        self.implement(module, items);
                    }
                }
                Item::Impl(item) => {
                    let syn::Type::Path(path) = &*item.self_ty else { continue };
                    let name = path.path.segments.last().unwrap().ident.to_string();
                    let Some(head) = self.head(module, &name) else { continue };
                    let members: Vec<String> = match &item.trait_ {
                        Some((of, _))
                            if self.private_traits.contains(&of.segments.last().unwrap().ident.to_string()) =>
                        {
                            continue;
                        }
                        Some((of, _)) => {
                            let of = tidy(of);
                            let (generics, own) = (tidy(&item.generics), tidy(path));
                            vec![format!("{}impl{generics} {of} for {own}", conditions(&item.attrs))]
                        }
                        None => item.items.iter().filter_map(|member| method(member, &item.attrs)).collect(),
                    };
                    self.blocks.entry(head).or_default().extend(members);
                }
                _ => {}
            }
        }
    }

    fn add(&mut self, head: String) {
        self.blocks.entry(head).or_default();
    }

    fn add_type(&mut self, module: &Module, name: String, head: String, fields: Vec<String>) {
        self.heads.insert((module.to_vec(), name), Some(head.clone()));
        self.fields.insert(head.clone(), fields);
        self.add(head);
    }

    /// The type of this name: of the same file, or else of the file with the longest path in common.
    fn head(&self, module: &Module, name: &str) -> Option<String> {
        let all = self.heads.iter().filter(|((_, known), _)| known == name);
        let common = |other: &[String]| other.iter().zip(module).take_while(|(a, b)| a == b).count();
        all.max_by_key(|((other, _), _)| common(other)).and_then(|(_, head)| head.clone())
    }

    /// `error::Error<T>: Clone Debug`, with what it derives.
    fn name(&self, module: &Module, name: &syn::Ident, generics: &syn::Generics, attributes: &[Attribute]) -> String {
        let mut derived: Vec<String> = Vec::new();
        let mut marks = conditions(attributes);
        for attribute in attributes {
            if attribute.path().is_ident("derive") {
                let list = attribute.meta.require_list().unwrap();
                derived.extend(list.tokens.to_string().split(',').map(|name| name.trim().replace(' ', "")));
            } else if attribute.path().is_ident("non_exhaustive") {
                marks.push_str("#[non_exhaustive]");
            }
        }
        let derived = if derived.is_empty() { String::new() } else { format!(": {}", derived.join(" ")) };
        let text = format!("{}{}{derived} {marks}", public_path(module, &name.to_string()), tidy(generics));
        text.trim_end().to_owned()
    }
}

/// The path by which users name an item: the shortest of those that have most in common with its module.
fn public_path(module: &Module, name: &str) -> String {
    if module == ["types"] {
        return name.to_owned();
    }
    let common = |path: &&String| path.split("::").zip(module).take_while(|(a, b)| a == b).count();
    let all = exports::EXPORTED.iter().map(|path| (*path).to_owned()).collect::<Vec<_>>();
    let known = all.iter().filter(|path| path.rsplit("::").next() == Some(name));
    let best = known.max_by_key(|path| (common(path), std::cmp::Reverse(path.len())));
    let room = module.first().map(|room| format!("{room}::")).unwrap_or_default();
    best.cloned().unwrap_or(format!("{room}{name}"))
}

/// A public method or constant of a type.
fn method(member: &ImplItem, of_block: &[Attribute]) -> Option<String> {
    let (visibility, attributes, text) = match member {
        ImplItem::Fn(method) => (&method.vis, &method.attrs, tidy(&method.sig).replace("(mut self", "(self")),
        ImplItem::Const(item) => (&item.vis, &item.attrs, format!("const {}: {}", item.ident, tidy(&item.ty))),
        // Such as the options that every builder has.
        ImplItem::Macro(item) => return Some(tidy(&item.mac)),
        _ => return None,
    };
    let is_shown = is_public(visibility) && !is_for_tests(attributes);
    is_shown.then(|| format!("{}{}{text}", conditions(of_block), conditions(attributes)))
}

/// The `cfg` and `deprecated` of an item.
fn conditions(attributes: &[Attribute]) -> String {
    let names = ["cfg", "deprecated"];
    let shown = attributes.iter().filter(|attribute| names.iter().any(|name| attribute.path().is_ident(name)));
    shown.map(|attribute| format!("{} ", tidy(attribute))).collect()
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// `cfg(test)`, or `any(test, fuzzing)`.
fn is_for_tests(attributes: &[Attribute]) -> bool {
    let mut conditions = attributes.iter().filter(|attribute| attribute.path().is_ident("cfg"));
    conditions.any(|attribute| {
        let text = attribute.to_token_stream().to_string();
        text.split(|c: char| !c.is_alphanumeric()).any(|word| word == "test" || word == "fuzzing")
    })
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Const(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Struct(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        _ => &[],
    }
}
