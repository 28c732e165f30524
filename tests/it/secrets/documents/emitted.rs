//! Reads the code that the build emits for a document: its types, and what their `Debug` shows.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use quote::ToTokens;

/// The types of a document.
#[derive(Default)]
pub struct Emitted {
    pub structs: BTreeMap<String, Vec<Field>>,
    /// The tag of each union, and the value and type of each variant.
    pub unions: BTreeMap<String, (String, Vec<(String, String)>)>,
    pub enums: BTreeSet<String>,
    /// The code of each type, without docs and builders.
    code: BTreeMap<String, String>,
    /// The types that each type names.
    names: BTreeMap<String, BTreeSet<String>>,
}

pub struct Field {
    /// The name on the wire.
    pub wire: String,
    pub ty: syn::Type,
    /// Whether it keeps all unknown keys.
    pub rest: bool,
    /// Whether `Debug` shows only the kind and size of the value.
    pub measured: bool,
}

impl Field {
    /// Whether `Debug` shows a text of this field.
    pub fn shows_text(&self) -> bool {
        !self.measured && self.is_text()
    }

    /// Whether the field is a text, or holds texts, that is not a `Secret`.
    pub fn is_text(&self) -> bool {
        holds_text(&self.ty)
    }
}

fn holds_text(ty: &syn::Type) -> bool {
    match named(ty) {
        (name, _) if name == "String" => true,
        (name, arguments) if name == "BTreeMap" || name == "Map" => holds_text(&arguments[1]),
        (_, arguments) => arguments.iter().any(holds_text),
    }
}

/// The last name of a type's path, and its arguments.
pub fn named(ty: &syn::Type) -> (String, Vec<syn::Type>) {
    let syn::Type::Path(path) = ty else { panic!("a type without a name") };
    let last = path.path.segments.last().unwrap();
    let arguments = match &last.arguments {
        syn::PathArguments::AngleBracketed(all) => all.args.iter().collect(),
        _ => Vec::new(),
    };
    let arguments = arguments.into_iter().filter_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty.clone()),
        _ => None,
    });
    (last.ident.to_string(), arguments.collect())
}

impl Emitted {
    pub fn read(code: &str) -> Self {
        let file = syn::parse_file(code).unwrap();
        let types = module(&file.items, "types");
        let mut emitted = Self::default();
        for item in types {
            if let Some(name) = type_of(item) {
                let text = without_docs(item.to_token_stream()).to_string();
                emitted.code.entry(name).or_default().push_str(&text);
            }
        }
        for (name, text) in &emitted.code {
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
            let named = words.filter(|word| emitted.code.contains_key(*word)).map(str::to_owned);
            emitted.names.insert(name.clone(), named.collect());
        }
        let mut fields: BTreeMap<String, BTreeMap<String, syn::Type>> = BTreeMap::new();
        for item in types {
            match item {
                syn::Item::Struct(item) => {
                    let of =
                        item.fields.iter().map(|field| (field.ident.clone().unwrap().to_string(), field.ty.clone()));
                    fields.insert(item.ident.to_string(), of.collect());
                }
                syn::Item::Macro(item) => emitted.call(&item.mac),
                _ => {}
            }
        }
        let bodies = |of: &'static str| types.iter().filter_map(move |item| implementation(item, of));
        let written: BTreeMap<String, String> =
            bodies("Serialize").map(|(name, body)| (name, body.to_token_stream().to_string())).collect();
        for (name, body) in bodies("Redact") {
            let of = shown(&body).into_iter().map(|(wire, ident, measured)| {
                let rest = written[&name].contains(&format!("beside (serializer , & self . {ident})"));
                Field { wire, ty: fields[&name][&ident].clone(), rest, measured }
            });
            emitted.structs.insert(name.clone(), of.collect());
        }
        assert_eq!(emitted.structs.len(), fields.len(), "every struct says what it shows");
        for builder in module(types, "builder").iter().chain(module(&file.items, "ops")) {
            if let Some((name, body)) = implementation(builder, "Debug") {
                let body = body.to_token_stream().to_string();
                let shows_nothing = body.contains("finish_non_exhaustive") && !body.contains("field");
                assert!(shows_nothing, "builder {name}: {body}");
            }
        }
        emitted
    }

    /// The names of all types.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.structs.keys().chain(self.unions.keys()).chain(&self.enums)
    }

    /// A type and those that it names, directly or through others.
    fn reached(&self, name: &str) -> BTreeSet<&String> {
        let (mut open, mut reached) = (vec![name], BTreeSet::new());
        while let Some(name) = open.pop() {
            let (name, names) = self.names.get_key_value(name).unwrap();
            if reached.insert(name) {
                open.extend(names.iter().map(String::as_str));
            }
        }
        reached
    }

    /// A number that is the same for a type of another document if its code and that of all types in it are the same.
    pub fn identity(&self, name: &str) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.reached(name).into_iter().for_each(|name| (name, &self.code[name]).hash(&mut hasher));
        hasher.finish()
    }

    /// The code of these types and of all types in them.
    pub fn code_of(&self, names: &[String]) -> String {
        let reached: BTreeSet<&String> = names.iter().flat_map(|name| self.reached(name)).collect();
        reached.into_iter().map(|name| self.code[name].as_str()).collect()
    }

    /// Reads a call of `tagged_union!` or `open_enum!`.
    fn call(&mut self, call: &syn::Macro) {
        let words: Vec<TokenTree> = without_attributes(call.tokens.clone());
        let name = words[0].to_string();
        if call.path.segments.last().unwrap().ident == "open_enum" {
            self.enums.insert(name);
            return;
        }
        let tag = words.iter().find_map(literal).unwrap();
        let TokenTree::Group(group) = words.last().unwrap() else { panic!("a union without variants: {name}") };
        let variants = without_attributes(group.stream());
        let variants = variants.split(|word| word.to_string() == ",").filter(|variant| !variant.is_empty());
        let variants = variants.map(|variant| match variant {
            [_, TokenTree::Group(target), _, value] => (literal(value).unwrap(), target.stream().to_string()),
            other => panic!("not a variant of {name}: {other:?}"),
        });
        self.unions.insert(name.clone(), (tag, variants.collect()));
    }
}

fn module<'a>(items: &'a [syn::Item], name: &str) -> &'a [syn::Item] {
    let found = items.iter().find_map(|item| match item {
        syn::Item::Mod(module) if module.ident == name => module.content.as_ref(),
        _ => None,
    });
    &found.unwrap_or_else(|| panic!("no module {name}")).1
}

/// The type that an item defines or implements something for. Builders and what returns them are left out: the code of
/// their `Debug` shows nothing, which is checked, and they take long to compile.
fn type_of(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Type(item) => Some(item.ident.to_string()),
        syn::Item::Macro(item) => Some(without_attributes(item.mac.tokens.clone())[0].to_string()),
        syn::Item::Impl(item) => {
            let returns_builder =
                |item: &syn::ImplItem| matches!(item, syn::ImplItem::Fn(method) if method.sig.ident == "builder");
            let is_kept = item.trait_.is_some() || !item.items.iter().any(returns_builder);
            is_kept.then(|| named(&item.self_ty).0)
        }
        _ => None,
    }
}

/// Code without `#[doc = ".."]`.
fn without_docs(tokens: TokenStream) -> TokenStream {
    let mut kept: Vec<TokenTree> = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(group) if group.stream().to_string().starts_with("doc =") => drop(kept.pop()),
            TokenTree::Group(group) => {
                let inner = without_docs(group.stream());
                kept.push(TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner)));
            }
            token => kept.push(token),
        }
    }
    kept.into_iter().collect()
}

/// The type that an item implements this trait for, and the body of the only method.
fn implementation(item: &syn::Item, of: &str) -> Option<(String, syn::Block)> {
    let syn::Item::Impl(item) = item else { return None };
    let (path, _) = item.trait_.as_ref()?;
    let method = item.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(method) => Some(method.block.clone()),
        _ => None,
    });
    (path.segments.last()?.ident == of).then(|| Some((named(&item.self_ty).0, method?)))?
}

/// What `redacted_object(f, "Type", &[("wire", &self.field), ("wire", &Measured(&self.field))])` shows: the name on the
/// wire, the field, and whether it is measured.
fn shown(body: &syn::Block) -> Vec<(String, String, bool)> {
    let syn::Stmt::Expr(syn::Expr::Call(call), _) = &body.stmts[0] else { panic!("not a call") };
    let syn::Expr::Reference(list) = &call.args[2] else { panic!("not a list") };
    let syn::Expr::Array(list) = &*list.expr else { panic!("not a list") };
    let pairs = list.elems.iter().map(|pair| {
        let syn::Expr::Tuple(pair) = pair else { panic!("not a pair") };
        let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(wire), .. }) = &pair.elems[0] else { panic!("no name") };
        let value = referenced(&pair.elems[1]);
        let (value, measured) = match value {
            syn::Expr::Call(call) => (referenced(&call.args[0]), true),
            other => (other, false),
        };
        let syn::Expr::Field(syn::ExprField { member: syn::Member::Named(field), .. }) = value else {
            panic!("no field")
        };
        (wire.value(), field.to_string(), measured)
    });
    pairs.collect()
}

fn referenced(value: &syn::Expr) -> &syn::Expr {
    let syn::Expr::Reference(reference) = value else { panic!("not a reference") };
    &reference.expr
}

fn without_attributes(tokens: TokenStream) -> Vec<TokenTree> {
    let is_attribute = |word: &TokenTree| match word {
        TokenTree::Punct(sign) => sign.as_char() == '#',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Bracket,
        _ => false,
    };
    tokens.into_iter().filter(|word| !is_attribute(word)).collect()
}

fn literal(word: &TokenTree) -> Option<String> {
    let TokenTree::Literal(_) = word else { return None };
    syn::parse_str::<syn::LitStr>(&word.to_string()).ok().map(|text| text.value())
}
