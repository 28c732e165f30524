//! Emits the crate's code: types that decode what servers send, builders for operations, and the table of operations.
//!
//! Functions that are not generic are `#[inline]`. A program then compiles only those that it uses.

mod boxes;
mod decoder;
mod docs;
mod encoder;
mod examples;
mod field;
mod flow_trait;
mod layout;
mod lists;
mod made;
mod method_docs;
mod methods;
pub mod names_guide;
mod operation_builders;
mod paths;
mod reached;
mod rows;
mod rules;
mod setter;
mod struct_builders;
mod structs;
mod subject;
mod success;
pub mod table;
pub mod table_docs;
mod unions;

use proc_macro2::TokenStream;
use quote::quote;
use serde_json::Value;

use super::fault::Result;
use super::lower::Lowering;
pub use made::Made;

/// The code of types, builders and methods, for one `include!` in `crate::generated`. In the crate it names only
/// `crate::generated` and `crate::codegen`.
pub fn code(lowering: &Lowering, made: &Made, document: &Value) -> Result<String> {
    let types = structs::emit(lowering, made);
    let enums = unions::enums(lowering);
    let unions = unions::unions(lowering);
    let builders = struct_builders::emit(lowering, made);
    let operations = operation_builders::emit(lowering, made)?;
    let methods = methods::emit(lowering, made, document);
    // The crate's own type, by the name of Ory's schema.
    let json_patch = (!made.is_struct("JsonPatch")).then(|| {
        quote! {
            /// A JSON Patch: [`input::JsonPatch`](crate::input::JsonPatch).
            pub type JsonPatch = crate::codegen::JsonPatch;
        }
    });
    let code: TokenStream = quote! {
        /// The contract's types, named after their schemas.
        ///
        /// Null, absent and empty values decode alike, enums and unions are open, and `Debug` shows no secrets. Types
        /// that requests hold have a builder: `types::X::builder()`.
        pub mod types {
            #json_patch
            #types
            #enums
            #unions
            /// Builders for the structs that requests hold.
            pub mod builder {
                #builders
            }
        }
        /// Builders for the operations. A method of the client returns one, and `send()` ends it.
        pub mod ops {
            #operations
        }
        #methods
    };
    Ok(layout::lines(code))
}
