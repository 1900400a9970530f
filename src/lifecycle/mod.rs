//! The life cycle of a key: listing, telling which is in use, generating, delivering, rotating and revoking. Each file
//! answers one question.
//!
//! It takes its dependencies as arguments and returns results. It must not print, prompt or read configuration; verbs
//! do.

mod approval;
mod audit;
mod backup;
#[cfg(any(test, fuzzing))]
mod choices;
mod claim;
mod completeness;
mod condition;
mod content;
mod custody;
mod decide;
mod delivery;
mod desired;
mod ephemeral;
mod hook;
mod inventory;
mod issue;
mod issuer;
mod key_in_use;
#[cfg(any(test, fuzzing))]
mod model;
pub mod name;
mod obstacle;
mod plan;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod reconcile;
mod recovery;
mod revoke;
mod rotation;
mod session;
mod whereabouts;

pub use approval::{Signer, Signers, people};
pub use audit::{AuditPolicy, Finding, Rule, find};
pub use claim::{Whose, adopt, claim, has_arrived};
pub use completeness::{ensure_no_holes, incomplete};
pub use condition::{Condition, LastUse, Ternary, judge, last_activity, timestamp};
pub use content::Content;
pub use custody::{Custodian, Home};
pub use decide::decide;
pub use delivery::{Delivery, Profiles};
pub use desired::{Action, Allowed, Desired, Expiry, Situation, Step, UnderWay};
pub use ephemeral::{Abandoned, Elsewhere, LeasedKey, UNDER_WAY, abandoned, ensure_unique};
pub use hook::check as check_hook;
pub use inventory::Inventory;
pub use issue::{Issued, Request, roll_back_key};
pub use issuer::Issuer;
pub use key_in_use::{KeyInUse, Notes};
pub use plan::{Applicable, Plan};
pub use revoke::{Ended, RevokeTarget, revoke, revoke_all, verdict};
pub use rotation::{Broken, Rotating, finish};
pub use session::{Attempt, Event, Session, SystemClock};
pub use whereabouts::{User, Whereabout, Whereabouts, still_held};
