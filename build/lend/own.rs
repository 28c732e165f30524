//! The crate's own contract, the source of what is lent.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::{Map, Value};

use crate::build::document::{self, References};
use crate::build::fault::Result;
use crate::build::operation::Operation;
use crate::build::operations;
use crate::build::read;
use crate::build::report::Report;
use crate::build::route;
use crate::build::size::Room;

pub const OWN: &str = include_str!("../../openapi.yaml");

/// The crate's own contract.
pub struct Own {
    pub schemas: Map<String, Value>,
    /// By method and path without the names of parameters.
    operations: BTreeMap<(String, String), Operation>,
}

impl Own {
    fn read() -> Result<Self> {
        let mut document = read::document(OWN)?;
        let references = References { document: &document, room: &mut Room::default() };
        let operations = operations::read(references, &mut Report::default())?.into_iter();
        let operations = operations.map(|own| ((own.method.clone(), route::unnamed(&own.path)), own)).collect();
        Ok(Self { schemas: std::mem::take(document::schemas(&mut document)?), operations })
    }

    /// Read once per process, because the tests compile many documents.
    pub fn get() -> Result<&'static Self> {
        static OWN: OnceLock<Result<Own>> = OnceLock::new();
        OWN.get_or_init(Self::read).as_ref().map_err(Clone::clone)
    }

    pub fn operation(&self, method: &str, path: &str) -> Option<&Operation> {
        self.operations.get(&(method.to_owned(), route::unnamed(&route::canonical(path))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two operations with one key would lend each other what is wrong for them.
    #[test]
    fn every_operation_is_found_by_its_own_path() {
        let document = read::document(OWN).unwrap();
        let references = References { document: &document, room: &mut Room::default() };
        let all = operations::read(references, &mut Report::default()).unwrap();
        let own = Own::get().unwrap();
        for operation in &all {
            let path = operation.path.replace('}', "_by_another_name}");
            assert_eq!(own.operation(&operation.method, &path).map(|found| &found.id), Some(&operation.id), "{path}");
        }
        assert_eq!(own.operations.len(), all.len());
    }
}
