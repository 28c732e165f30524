//! Emits one setter and one accessor for the subject of a relationship, which the wire has in two forms.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::field::wire_name;
use super::paths;
use crate::build::operation::Operation;

/// The names of the two forms, in a struct.
const FORMS: [&str; 2] = ["subject_id", "subject_set"];

/// The same in a query, where the set has three parts.
const PARTS: [&str; 4] = ["subject_id", "subject_set.namespace", "subject_set.object", "subject_set.relation"];

/// The type of the set, if the struct has both forms.
fn set_of(item: &syn::ItemStruct) -> Option<&syn::Type> {
    let [id, set] = FORMS.map(|name| item.fields.iter().find(|field| wire_name(field) == name));
    let id = paths::argument_of(&id?.ty, "Option")?;
    (paths::last_name(id).as_deref() == Some("String")).then_some(())?;
    paths::argument_of(&set?.ty, "Option")
}

/// The accessor of the struct.
pub fn of_struct(item: &syn::ItemStruct) -> Option<TokenStream> {
    let name = &item.ident;
    set_of(item)?;
    Some(quote! {
        impl #name {
            /// The subject, whichever way it is named.
            pub fn subject(&self) -> Option<crate::codegen::Subject> {
                match (&self.subject_set, &self.subject_id) {
                    (Some(set), _) => {
                        let [namespace, object, relation] = [
                            crate::codegen::text_of(&set.namespace),
                            crate::codegen::text_of(&set.object),
                            crate::codegen::text_of(&set.relation),
                        ]
                        .map(Option::unwrap_or_default);
                        Some(crate::codegen::Subject::Set { namespace, object, relation })
                    }
                    (None, Some(id)) => Some(crate::codegen::Subject::id(&**id)),
                    (None, None) => None,
                }
            }
        }
    })
}

/// The setter of the struct's builder.
pub fn of_builder(item: &syn::ItemStruct) -> Option<TokenStream> {
    let set = format_ident!("{}", paths::last_name(set_of(item)?)?);
    Some(quote! {
        /// Sets the subject: an id, or a set with `Subject::set`. It replaces `subject_id` and `subject_set`.
        pub fn subject(mut self, subject: impl Into<crate::codegen::Subject>) -> Self {
            let (id, set) = crate::codegen::Subject::forms(subject.into());
            self.subject_id = id.into();
            self.subject_set = match set {
                None => crate::codegen::Slot::Unset,
                Some([namespace, object, relation]) => {
                    let set = <crate::generated::types::builder::#set as Default>::default();
                    crate::codegen::Slot::of(set.namespace(namespace).object(object).relation(relation))
                }
            };
            self
        }
    })
}

/// The setter of an operation that has the subject in its query, and the check that only one form is set, as a whole.
pub fn of_operation(operation: &Operation) -> Option<(TokenStream, TokenStream)> {
    let field = |wire: &str| {
        let found = operation.parameters.iter().find(|parameter| parameter.wire == wire);
        found.map(|parameter| format_ident!("{}", parameter.name))
    };
    let [id, namespace, object, relation] = PARTS.map(field);
    let (id, namespace, object, relation) = (id?, namespace?, object?, relation?);
    let setter = quote! {
        /// Sets the subject: an id, or a set with `Subject::set`. It replaces what the four setters for its parts have set.
        pub fn subject(mut self, subject: impl Into<crate::codegen::Subject>) -> Self {
            let (id, set) = crate::codegen::Subject::forms(subject.into());
            let [namespace, object, relation] = set.map_or([None, None, None], |set| set.map(Some));
            self.#id = id.into();
            self.#namespace = namespace.into();
            self.#object = object.into();
            self.#relation = relation.into();
            self
        }
    };
    let [of_id, of_namespace, of_object, of_relation] = PARTS;
    let check = quote! {
        let _parts = [(#of_namespace, #namespace.is_set()), (#of_object, #object.is_set()), (#of_relation, #relation.is_set())];
        _draft.not_both((#of_id, #id.is_set()), ("subject_set", _parts.iter().any(|(_, is_set)| *is_set)));
        _draft.all_or_none(&_parts);
    };
    Some((setter, check))
}
