//! Whether everything is declared that a text refers to.

use std::collections::HashMap;

use super::OplError;
use super::lexer::Token;
use super::parser::{Document, Need, Parser};

/// What is wrong with a text: the first fault of its grammar, or all names that it does not declare.
pub(crate) fn check(text: &str) -> Vec<OplError> {
    match Parser::new(text).parse() {
        Err(fault) => vec![fault],
        Ok(document) => {
            let declared = Declared::new(&document);
            document.needs.iter().filter_map(|need| declared.missing(need)).collect()
        }
    }
}

/// The relations of each namespace, with the namespaces of their subjects.
struct Declared<'a>(HashMap<&'a str, HashMap<&'a str, &'a [String]>>);

impl<'a> Declared<'a> {
    fn new(document: &'a Document) -> Self {
        let namespaces = document.namespaces.iter().map(|namespace| {
            let relations = namespace.relations.iter();
            (namespace.name.as_str(), relations.map(|one| (one.name.as_str(), one.types.as_slice())).collect())
        });
        Self(namespaces.collect())
    }

    fn missing(&self, need: &Need) -> Option<OplError> {
        match need {
            Need::Namespace(name) => {
                let why = || at(name, format!("namespace {:?} was not declared", name.text));
                (!self.0.contains_key(name.text.as_str())).then(why)
            }
            Need::Relation { namespace, relation } => self.not_declared(namespace, &relation.text, relation),
            Need::RelationOfTypes { namespace, relation, of_each } => {
                let types = self.0.get(namespace.as_str())?.get(relation.text.as_str())?;
                types.iter().find_map(|each| self.not_declared(each, of_each, relation))
            }
        }
    }

    /// A namespace that is missing itself is told by its own name.
    fn not_declared(&self, namespace: &str, relation: &str, place: &Token) -> Option<OplError> {
        let is_declared = self.0.get(namespace)?.contains_key(relation);
        let why = || at(place, format!("namespace {namespace:?} did not declare relation {relation:?}"));
        (!is_declared).then(why)
    }
}

fn at(token: &Token, message: String) -> OplError {
    OplError { message, place: Some((token.start, token.end)) }
}
