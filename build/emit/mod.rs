//! From the generator's types and the operations to the crate's code: types that decode what servers send,
//! builders that end in the crate's own `send`, and the operation table.

pub mod builders;
pub mod decoder;
pub mod docs;
pub mod layout;
pub mod operations;
pub mod paths;
pub mod structs;
pub mod table;
pub mod unions;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::fault::{Fault, Result};
use super::generate::Generated;
use super::lower::Lowering;

/// The whole code, for one `include!` at a module of the crate.
pub fn code(lowering: &Lowering, generated: Generated, document: &Value, sha256: &str) -> Result<String> {
    let made = Made::read(generated)?;
    let types = structs::emit(lowering, &made);
    let enums = unions::enums(lowering);
    let unions = unions::unions(lowering);
    let builders = builders::emit(lowering, &made);
    let operations = operations::emit(lowering, &made)?;
    let methods = operations::methods(lowering);
    let table = table::emit(lowering, &made, document, sha256)?;
    let code: TokenStream = quote! {
        /// The contract's types, by their schema names.
        ///
        /// Null, absent and empty decode alike, enums and unions are open, and `Debug` shows no secret. Those that
        /// requests are made of have a builder: `types::X::builder()`.
        pub mod types {
            #types
            #enums
            #unions
            /// Builders of the structs that requests are made of.
            pub mod builder {
                #builders
            }
        }
        /// Builders of the operations: what a method of the client gives, and what `send()` ends.
        pub mod operation {
            #operations
        }
        #methods
        #table
    };
    Ok(layout::lines(code))
}

/// What the generator made, taken apart.
pub struct Made {
    /// The structs of `types`, their paths written in full.
    pub structs: Vec<syn::ItemStruct>,
    /// Aliases and other items of `types` that are kept as they are.
    pub others: Vec<syn::Item>,
    /// By builder name: each argument with the type that its setter takes.
    pub arguments: Vec<(String, Vec<(String, syn::Type)>)>,
    /// By builder name: what the generator's `send` gives.
    pub answers: Vec<(String, syn::Type)>,
}

impl Made {
    fn read(generated: Generated) -> Result<Self> {
        let mut file = generated.file;
        let mut made = Self { structs: Vec::new(), others: Vec::new(), arguments: Vec::new(), answers: Vec::new() };
        let types = take_module(&mut file.items, "types")?;
        let builders = take_module(&mut file.items, "builder")?;
        let names: Vec<String> = types.iter().filter_map(item_name).collect();
        let mut full = paths::Full { names: &names };
        for mut item in types {
            full.item(&mut item);
            match item {
                syn::Item::Struct(item) => made.structs.push(item),
                // Impls are made anew; the builders and the error stand in modules.
                syn::Item::Impl(_) | syn::Item::Mod(_) => {}
                other => made.others.push(other),
            }
        }
        for mut item in builders {
            full.item(&mut item);
            match item {
                syn::Item::Struct(item) => {
                    let fields = item.fields.iter().filter_map(|field| {
                        let name = field.ident.as_ref()?.to_string();
                        Some((name, paths::value_type(&field.ty)?))
                    });
                    made.arguments.push((item.ident.to_string(), fields.collect()));
                }
                syn::Item::Impl(item) => {
                    if let (Some(name), Some(answer)) = (paths::last_name(&item.self_ty), send_answer(&item)) {
                        made.answers.push((name, answer));
                    }
                }
                _ => {}
            }
        }
        Ok(made)
    }

    /// The type of one argument of an operation's builder.
    pub fn argument(&self, builder: &str, name: &str) -> Option<&syn::Type> {
        let (_, arguments) = self.arguments.iter().find(|(known, _)| known == builder)?;
        arguments.iter().find(|(known, _)| known == name).map(|(_, ty)| ty)
    }

    /// What the generator's `send` of an operation gives.
    pub fn answer(&self, builder: &str) -> Option<&syn::Type> {
        self.answers.iter().find(|(known, _)| known == builder).map(|(_, ty)| ty)
    }

    pub fn is_struct(&self, name: &str) -> bool {
        self.structs.iter().any(|item| item.ident == name)
    }
}

fn take_module(items: &mut Vec<syn::Item>, name: &str) -> Result<Vec<syn::Item>> {
    let index = items.iter().position(|item| matches!(item, syn::Item::Mod(module) if module.ident == name));
    let index = index.ok_or_else(|| Fault::new("generator", format!("its code has no module {name}")))?;
    match items.remove(index) {
        syn::Item::Mod(syn::ItemMod { content: Some((_, items)), .. }) => Ok(items),
        _ => Err(Fault::new("generator", format!("its module {name} is empty"))),
    }
}

fn item_name(item: &syn::Item) -> Option<String> {
    match item {
        syn::Item::Struct(item) => Some(item.ident.to_string()),
        syn::Item::Enum(item) => Some(item.ident.to_string()),
        syn::Item::Type(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// `T` of `send(self) -> Result<ResponseValue<T>, _>`.
fn send_answer(item: &syn::ItemImpl) -> Option<syn::Type> {
    item.items.iter().find_map(|item| match item {
        syn::ImplItem::Fn(function) if function.sig.ident == "send" => match &function.sig.output {
            syn::ReturnType::Type(_, ty) => {
                paths::argument_of(paths::argument_of(ty, "Result")?, "ResponseValue").cloned()
            }
            syn::ReturnType::Default => None,
        },
        _ => None,
    })
}
