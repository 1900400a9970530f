//! What a portal can do for each operation of ours, found out without running any.

use super::Portal;
use super::error::{Error, Reason};
use super::fit::{Fitted, Learned, Operation, PROBE, Paging, Proposal, is_mutation, probe};
use super::operations::OPERATIONS;
use super::send::RawRequest;

/// What was found out of one operation.
#[derive(Debug)]
pub struct Checked {
    /// `keys.generate`
    pub operation: String,
    pub verdict: Verdict,
    /// The fields that the portal does not give, or what the operation cannot do without.
    pub missing: Vec<String>,
    /// Root fields of the portal's that share a word with what is missing.
    pub alike: Vec<String>,
    /// Why it does not work, in one sentence.
    pub why: Option<String>,
    /// None where the portal took the whole document at once.
    pub learned: Option<Learned>,
    /// A binding that looks right.
    pub proposal: Option<Proposal>,
}

/// Whether an operation fits the portal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Works,
    /// Without some fields, or with one page for the whole.
    Fewer,
    /// With the user's own document.
    Bound,
    Cannot,
}

impl Portal {
    /// Checks every operation of ours, and remembers what fits. An error is one that says nothing of the operations.
    pub fn check(&self) -> Result<Vec<Checked>, Error> {
        let mut checked = Vec::new();
        let mut mutates = None;
        for operation in OPERATIONS.iter().copied() {
            let mut found = self.check_operation(operation)?;
            if is_mutation(operation.document) && found.verdict != Verdict::Cannot {
                let mutates = match mutates {
                    Some(known) => known,
                    None => *mutates.insert(self.mutates()?),
                };
                if !mutates {
                    found = cannot(operation.word.to_owned(), self.unfit(operation, vec!["Mutation".to_owned()], None));
                }
            }
            checked.push(found);
        }
        Ok(checked)
    }

    /// Returns true if the portal has mutations at all. Without them some servers accept any; with them they refuse
    /// nonsense.
    fn mutates(&self) -> Result<bool, Error> {
        let nonsense = probe("mutation { optraProbe }").unwrap_or_default();
        match self.exchange(PROBE, &RawRequest { query: &nonsense, variables: None, operation: Some(PROBE) }) {
            Ok(reply) => Ok(self.open(&reply)?.0.is_none_or(|data| data.get() == "null")),
            Err(error) => Err(error),
        }
    }

    fn check_operation(&self, operation: Operation) -> Result<Checked, Error> {
        let word = operation.word.to_owned();
        let binding = match self.bindings.recall(operation) {
            Ok(binding) => binding,
            Err(error) => return Ok(cannot(word, error)),
        };
        if let Some(binding) = binding {
            return match self.probe(operation, Some(&binding)) {
                Err(Error::Refused(refusal)) if refusal.is_of_the_document() => {
                    Ok(cannot(word.clone(), Error::BindingRefused { operation: word, refusal }))
                }
                Err(error @ Error::ReadOnly(_)) => Ok(cannot(word, error)),
                Err(error) => Err(error),
                Ok(_) => Ok(checked(word, Verdict::Bound, Some(&binding))),
            };
        }
        let form = |document: &str| probe(document).unwrap_or_default();
        match self.adapt_anew(operation, form, |fitted| self.probe(operation, fitted)) {
            Ok(None) => Ok(checked(word, Verdict::Works, None)),
            Ok(Some(fitted)) => {
                let is_less = !fitted.left_out.is_empty() || !matches!(fitted.paging, Paging::Ours | Paging::None);
                Ok(checked(word, if is_less { Verdict::Fewer } else { Verdict::Works }, Some(&fitted)))
            }
            Err(error @ Error::ReadOnly(_)) => Ok(cannot(word, error)),
            Err(error) if error.reason() == Some(Reason::Invalid) => Ok(cannot(word, error)),
            Err(error) => Err(error),
        }
    }

    /// Asks whether the portal would accept a document; nothing of it is run. Returns what was accepted.
    fn probe(&self, operation: Operation, fitted: Option<&Fitted>) -> Result<Option<Fitted>, Error> {
        let document = fitted.map_or(operation.document, |fitted| &fitted.document);
        let Some(query) = probe(document) else { return Err(self.bad_answer("no probe can be made")) };
        let reply = self.exchange(PROBE, &RawRequest { query: &query, variables: None, operation: Some(PROBE) })?;
        let (data, refusal) = self.open(&reply)?;
        match data.filter(|data| data.get() != "null") {
            Some(_) => Ok(fitted.cloned()),
            None => Err(Error::Refused(refusal)),
        }
    }
}

fn checked(operation: String, verdict: Verdict, fitted: Option<&Fitted>) -> Checked {
    let (alike, learned) = (Vec::new(), fitted.map(|fitted| fitted.learned));
    let missing = fitted.map(|fitted| fitted.left_out.clone()).unwrap_or_default();
    let (why, proposal) = match fitted.map(|fitted| &fitted.paging) {
        Some(Paging::Other { arguments, proposal }) => {
            let why = format!("one page only: the portal pages by {}", arguments.join(", "));
            (Some(why), proposal.clone())
        }
        Some(Paging::Unknown) => (Some("whether there is more than one page cannot be told".to_owned()), None),
        Some(Paging::Ours | Paging::None) | None => (None, None),
    };
    Checked { operation, verdict, missing, alike, why, learned, proposal }
}

fn cannot(operation: String, error: Error) -> Checked {
    let why = Some(error.to_string());
    let (missing, alike, proposal) = match error {
        Error::Unfit(lacking) => (lacking.lacks, lacking.alike, lacking.proposal),
        _ => Default::default(),
    };
    Checked { operation, verdict: Verdict::Cannot, missing, alike, why, learned: None, proposal }
}
