//! Relationships, and what follows from them.

use std::collections::BTreeSet;

use crate::input::Subject;

/// A subject has a relation to an object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relationship {
    pub set: SubjectSet,
    pub subject: Subject,
}

/// All subjects that have a relation to an object.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct SubjectSet {
    pub namespace: String,
    pub object: String,
    pub relation: String,
}

/// What relationships must match. A part that is `None` matches all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filter {
    pub namespace: Option<String>,
    pub object: Option<String>,
    pub relation: Option<String>,
    pub subject: Option<Subject>,
}

/// A node of the tree of a subject set.
pub(crate) enum Tree {
    /// A set with its subjects.
    Union(SubjectSet, Vec<Self>),
    /// A subject that is not followed further.
    Leaf(Subject),
}

/// All relationships, in the order in which they were written.
#[derive(Default)]
pub(crate) struct Relationships {
    rows: Vec<Relationship>,
    /// The namespaces, unless every name is one.
    namespaces: Option<Vec<String>>,
}

impl Relationships {
    /// From now on, only these namespaces are known.
    pub(crate) fn set_namespaces(&mut self, names: Vec<String>) {
        self.namespaces = Some(names);
    }

    pub(crate) fn knows(&self, namespace: &str) -> bool {
        match &self.namespaces {
            Some(names) => names.iter().any(|name| name == namespace),
            None => !namespace.is_empty(),
        }
    }

    /// The known namespaces, or those that relationships name if every name is one.
    pub(crate) fn namespaces(&self) -> Vec<String> {
        let named = || self.rows.iter().map(|row| &row.set.namespace).collect::<BTreeSet<_>>().into_iter().cloned();
        self.namespaces.clone().unwrap_or_else(|| named().collect())
    }

    /// Adds a relationship. One that is there already is there twice then, as in Keto.
    pub(crate) fn insert(&mut self, row: Relationship) {
        self.rows.push(row);
    }

    pub(crate) fn remove(&mut self, filter: &Filter) {
        self.rows.retain(|row| !filter.matches(row));
    }

    pub(crate) fn find<'a>(&'a self, filter: &'a Filter) -> impl Iterator<Item = &'a Relationship> {
        self.rows.iter().filter(|row| filter.matches(row))
    }

    /// The subjects that are written for a set.
    fn subjects<'a>(&'a self, set: &'a SubjectSet) -> impl Iterator<Item = &'a Subject> {
        self.rows.iter().filter(move |row| row.set == *set).map(|row| &row.subject)
    }

    /// Whether the subject is in the set, or in one that it contains, `depth` sets deep at most.
    pub(crate) fn allows(&self, set: &SubjectSet, subject: &Subject, depth: usize) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![set.clone()];
        for _ in 0..=depth {
            let mut next = Vec::new();
            for set in open {
                if self.subjects(&set).any(|found| found == subject) {
                    return true;
                }
                next.extend(self.subjects(&set).filter_map(SubjectSet::of));
                seen.insert(set);
            }
            next.retain(|set| !seen.contains(set));
            open = next;
        }
        false
    }

    /// Everybody in the set, as a tree of at most `depth` levels. `None` if nothing is written for it.
    pub(crate) fn tree(&self, set: &SubjectSet, depth: usize) -> Option<Tree> {
        self.subjects(set).next()?;
        Some(self.node(set, depth, &mut Vec::new()))
    }

    /// A set that is cut by the depth, has no subjects or contains itself is a leaf.
    fn node(&self, set: &SubjectSet, depth: usize, above: &mut Vec<SubjectSet>) -> Tree {
        if depth <= 1 || above.contains(set) || self.subjects(set).next().is_none() {
            return Tree::Leaf(set.clone().into());
        }
        above.push(set.clone());
        let children = self.subjects(set).map(|subject| match SubjectSet::of(subject) {
            Some(inner) => self.node(&inner, depth - 1, above),
            None => Tree::Leaf(subject.clone()),
        });
        let children = children.collect();
        above.pop();
        Tree::Union(set.clone(), children)
    }
}

impl Filter {
    /// The filter that matches exactly one relationship.
    pub(crate) fn only(row: &Relationship) -> Self {
        Self {
            namespace: Some(row.set.namespace.clone()),
            object: Some(row.set.object.clone()),
            relation: Some(row.set.relation.clone()),
            subject: Some(row.subject.clone()),
        }
    }

    fn matches(&self, row: &Relationship) -> bool {
        let fits = |wanted: &Option<String>, found: &str| wanted.as_deref().is_none_or(|wanted| wanted == found);
        fits(&self.namespace, &row.set.namespace)
            && fits(&self.object, &row.set.object)
            && fits(&self.relation, &row.set.relation)
            && self.subject.as_ref().is_none_or(|wanted| *wanted == row.subject)
    }
}

impl SubjectSet {
    /// The set, if the subject is one.
    fn of(subject: &Subject) -> Option<Self> {
        match subject {
            Subject::Id(_) => None,
            Subject::Set { namespace, object, relation } => {
                Some(Self { namespace: namespace.clone(), object: object.clone(), relation: relation.clone() })
            }
        }
    }
}

impl From<SubjectSet> for Subject {
    fn from(SubjectSet { namespace, object, relation }: SubjectSet) -> Self {
        Self::Set { namespace, object, relation }
    }
}
