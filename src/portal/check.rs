//! Checks what a portal supports for each of our operations, without executing any.

use std::sync::Arc;

use super::compat::{CompatDocument, Evidence, Negotiation, Paging, Suggestion, probe};
use super::error::{Error, Failure};
use super::handle::Portal;
use super::operation::Operation;
use super::operations::operations;

/// The result for one operation.
#[derive(Debug)]
pub struct Checked {
    /// `keys.generate`
    pub operation: String,
    pub verdict: Verdict,
    /// The fields that the portal lacks, or what the operation cannot do without.
    pub missing: Vec<String>,
    /// Root fields of the portal that share a word with what is missing.
    pub similar: Vec<String>,
    /// Why the operation does not work, in one sentence.
    pub why: Option<String>,
    /// The same, without repeating the name of the operation.
    pub gap: Option<String>,
    /// `None` if the portal accepted our document unchanged.
    pub evidence: Option<Evidence>,
    /// A suggested binding.
    pub suggestion: Option<Suggestion>,
}

/// Whether an operation fits the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Works,
    /// Works without some fields, or with one page only.
    Partial,
    /// Works with the user's own document.
    Bound,
    Unsupported,
}

impl Portal {
    /// Checks all our operations, and caches the documents that fit. An error says nothing about the operations.
    pub fn check(&self) -> Result<Vec<Checked>, Error> {
        let mut checked = Vec::new();
        let mut mutates = None;
        for operation in operations() {
            let mut found = self.check_operation(operation)?;
            if operation.is_mutation() && found.verdict != Verdict::Unsupported {
                let mutates = match mutates {
                    Some(known) => known,
                    None => *mutates.insert(self.mutates()?),
                };
                if !mutates {
                    found = unsupported(operation, self.unsupported(operation, vec!["Mutation".to_owned()], None));
                }
            }
            checked.push(found);
        }
        Ok(checked)
    }

    /// Returns true if the portal has mutations at all. Some servers without mutations accept any; a server with
    /// mutations refuses this one, which does not exist.
    fn mutates(&self) -> Result<bool, Error> {
        match self.probe("mutation { optraProbe }") {
            Ok(()) => Ok(false),
            Err(error) if matches!(error.failure(), Failure::Refused(_)) => Ok(true),
            Err(error) => Err(error),
        }
    }

    /// Fails if the portal cannot do the operation, as far as that is known without executing it. Sends no probe to a
    /// portal that has matched the contract so far, so that the check costs nothing there.
    pub(super) fn ensure_fits(&self, operation: Operation) -> Result<(), Error> {
        let binding = self.binding(operation)?;
        let is_in_doubt = binding.is_some() || self.deviates();
        match is_in_doubt && self.cache().get(operation).is_none() {
            true => self.accepted(operation, binding).map(drop),
            false => Ok(()),
        }
    }

    fn check_operation(&self, operation: Operation) -> Result<Checked, Error> {
        let binding = match self.binding(operation) {
            Ok(binding) => binding,
            Err(error) => return Ok(unsupported(operation, error)),
        };
        let is_bound = binding.is_some();
        match self.accepted(operation, binding) {
            Ok(document) => Ok(checked(operation, is_bound, document.as_deref())),
            Err(error) if matches!(error.failure(), Failure::ReadOnly { .. }) || error.is_unsupported() => {
                Ok(unsupported(operation, error))
            }
            Err(error) => Err(error),
        }
    }

    /// Negotiates a document that the portal accepts for an operation, without executing it; `None` means our own
    /// document.
    fn accepted(
        &self,
        operation: Operation,
        binding: Option<Arc<CompatDocument>>,
    ) -> Result<Option<Arc<CompatDocument>>, Error> {
        let mut negotiation = Negotiation::new(operation, binding, None);
        let form = |document: &str| probe(document).unwrap_or_default();
        self.negotiate(&mut negotiation, form, |negotiation| {
            let document = negotiation.document();
            self.probe(document.map_or(operation.document, |document| &document.document))?;
            Ok(document.cloned())
        })
    }
}

fn checked(operation: Operation, is_bound: bool, document: Option<&CompatDocument>) -> Checked {
    let missing = document.map(|document| document.omitted.clone()).unwrap_or_default();
    let paging = document.map(|document| document.paging.clone()).unwrap_or_default();
    let verdict = match paging {
        _ if is_bound => Verdict::Bound,
        Paging::Ours | Paging::None if missing.is_empty() => Verdict::Works,
        _ => Verdict::Partial,
    };
    let (why, suggestion) = match paging {
        Paging::Other { arguments, suggestion } => {
            let why = format!("one page only: the portal pages by {}", arguments.join(", "));
            (Some(why), suggestion)
        }
        Paging::Unknown => (Some("it is unknown whether there is more than one page".to_owned()), None),
        Paging::Counted => (Some("one page only, with the total count".to_owned()), None),
        Paging::Ours | Paging::None => (None, None),
    };
    let (operation, evidence) = (operation.word.to_owned(), document.map(|document| document.evidence));
    Checked { operation, verdict, missing, similar: Vec::new(), gap: why.clone(), why, evidence, suggestion }
}

fn unsupported(operation: Operation, error: Error) -> Checked {
    let (operation, verdict, why) = (operation.word.to_owned(), Verdict::Unsupported, error.to_string());
    let (gap, missing, similar, suggestion) = match error.into_failure() {
        Failure::Unsupported(lacking) => (lacking.gap(), lacking.lacks, lacking.similar, lacking.suggestion),
        _ => (why.clone(), Vec::new(), Vec::new(), None),
    };
    Checked { operation, verdict, missing, similar, why: Some(why), gap: Some(gap), evidence: None, suggestion }
}
