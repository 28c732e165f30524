//! The subject of a relationship.

use std::fmt;

/// Who has a relation: one subject by its id, or everybody who has a relation to another object.
///
/// ```
/// use ory_sdk::input::Subject;
///
/// assert_eq!(Subject::from("ada"), Subject::id("ada"));
/// assert_eq!(Subject::set("Group", "staff", "members").to_string(), "Group:staff#members");
/// ```
///
/// Operations and bodies take it with their setter `subject`, and `types::Relationship` returns it from its method `subject`.
/// An id may be any text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Subject {
    /// One subject.
    Id(String),
    /// All subjects that have the relation to the object.
    Set {
        /// The namespace of the object.
        namespace: String,
        /// The object.
        object: String,
        /// The relation. Empty means the object itself.
        relation: String,
    },
}

impl Subject {
    /// One subject.
    pub fn id(id: impl Into<String>) -> Self {
        Self::Id(id.into())
    }

    /// All subjects that have this relation to this object.
    pub fn set(namespace: impl Into<String>, object: impl Into<String>, relation: impl Into<String>) -> Self {
        Self::Set { namespace: namespace.into(), object: object.into(), relation: relation.into() }
    }

    /// The two forms on the wire: the id, or namespace, object and relation.
    pub(crate) fn forms(self) -> (Option<String>, Option<[String; 3]>) {
        match self {
            Self::Id(id) => (Some(id), None),
            Self::Set { namespace, object, relation } => (None, Some([namespace, object, relation])),
        }
    }
}

impl From<&str> for Subject {
    fn from(id: &str) -> Self {
        Self::id(id)
    }
}

impl From<String> for Subject {
    fn from(id: String) -> Self {
        Self::Id(id)
    }
}

impl From<uuid::Uuid> for Subject {
    fn from(id: uuid::Uuid) -> Self {
        Self::Id(id.to_string())
    }
}

/// As Ory writes subjects: `ada`, `Group:staff#members`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => f.write_str(id),
            Self::Set { namespace, object, relation } if relation.is_empty() => write!(f, "{namespace}:{object}"),
            Self::Set { namespace, object, relation } => write!(f, "{namespace}:{object}#{relation}"),
        }
    }
}
