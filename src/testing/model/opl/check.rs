//! Whether everything is declared that a text refers to.

use super::OplError;
use super::lexer::Token;
use super::parser::{Document, Namespace, Need, Parser};

/// What is wrong with a text: the first fault of its grammar, or all names that it does not declare.
pub(crate) fn check(text: &str) -> Vec<OplError> {
    match Parser::new(text).parse() {
        Err(fault) => vec![fault],
        Ok(document) => document.needs.iter().filter_map(|need| missing(&document, need)).collect(),
    }
}

fn missing(document: &Document, need: &Need) -> Option<OplError> {
    match need {
        Need::Namespace(name) => find(document, &name.text)
            .is_none()
            .then(|| at(name, format!("namespace {:?} was not declared", name.text))),
        Need::Relation { namespace, relation } => not_declared(document, namespace, &relation.text, relation),
        Need::RelationOfTypes { namespace, relation, of_each } => {
            let declared = find(document, namespace)?.relations.iter().find(|known| known.name == relation.text)?;
            declared.types.iter().find_map(|each| not_declared(document, each, of_each, relation))
        }
    }
}

/// A namespace that is missing itself is told by its own name.
fn not_declared(document: &Document, namespace: &str, relation: &str, place: &Token) -> Option<OplError> {
    let is_declared = find(document, namespace)?.relations.iter().any(|known| known.name == relation);
    let why = || at(place, format!("namespace {namespace:?} did not declare relation {relation:?}"));
    (!is_declared).then(why)
}

fn find<'a>(document: &'a Document, name: &str) -> Option<&'a Namespace> {
    document.namespaces.iter().find(|namespace| namespace.name == name)
}

fn at(token: &Token, message: String) -> OplError {
    OplError { message, place: Some((token.start, token.end)) }
}
