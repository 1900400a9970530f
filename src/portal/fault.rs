//! Explains in plain words what is wrong with the certificate of a portal. It trusts nobody and reads no file.

use std::error::Error as _;
use std::io;

use jiff::Timestamp;
use rustls::{AlertDescription, CertificateError, PeerIncompatible};

/// What is wrong with TLS before a request is read, in plain words.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("its certificate is signed by {}", signer(.0.as_deref()))]
    UnknownIssuer(Option<String>),
    #[error("its certificate has expired{}", when(*.0))]
    Expired(Option<u64>),
    #[error("its certificate is not valid yet{}", when(*.0))]
    NotYet(Option<u64>),
    #[error("its certificate is for another name{}", names(.0))]
    OtherName(Vec<String>),
    #[error("its certificate was revoked")]
    Revoked,
    #[error("its certificate is that of an authority (CA:TRUE), which is not accepted for a server")]
    Authority,
    #[error("its certificate is not for servers")]
    Purpose,
    #[error("its certificate cannot be used: {0}")]
    Other(String),
    #[error("it requires a client certificate")]
    WantsCertificate,
    #[error("the server there does not speak TLS")]
    NoTls,
    #[error("it speaks neither TLS 1.2 nor TLS 1.3, and older versions are broken")]
    OldTls,
    #[error("it and this client share no way to encrypt with TLS")]
    NoCipher,
}

fn signer(issuer: Option<&str>) -> String {
    match issuer {
        Some(name) => format!("`{name}`, which is not trusted here"),
        None => "no authority that is trusted here".to_owned(),
    }
}

fn when(seconds: Option<u64>) -> String {
    let time = seconds.and_then(|seconds| Timestamp::from_second(i64::try_from(seconds).ok()?).ok());
    time.map_or_else(String::new, |time| format!(" ({time})"))
}

fn names(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) }
}

/// Returns the TLS problem behind a failed request, if there is one.
pub fn fault(error: &reqwest::Error) -> Option<Fault> {
    of(find(error.source()?)?)
}

/// Finds a TLS error among the causes. One inside an I/O error is not in the source chain.
fn find<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e rustls::Error> {
    let wrapped = || find(error.downcast_ref::<io::Error>()?.get_ref()?);
    error.downcast_ref().or_else(wrapped).or_else(|| find(error.source()?))
}

fn of(error: &rustls::Error) -> Option<Fault> {
    let certificate = match error {
        rustls::Error::InvalidCertificate(certificate) => certificate,
        rustls::Error::AlertReceived(AlertDescription::CertificateRequired) => return Some(Fault::WantsCertificate),
        rustls::Error::InvalidMessage(_) => return Some(Fault::NoTls),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion)
        | rustls::Error::PeerIncompatible(PeerIncompatible::ServerDoesNotSupportTls12Or13) => {
            return Some(Fault::OldTls);
        }
        rustls::Error::AlertReceived(AlertDescription::HandshakeFailure | AlertDescription::InsufficientSecurity)
        | rustls::Error::PeerIncompatible(_) => return Some(Fault::NoCipher),
        _ => return None,
    };
    Some(match certificate {
        CertificateError::UnknownIssuer => Fault::UnknownIssuer(None),
        CertificateError::Expired => Fault::Expired(None),
        CertificateError::ExpiredContext { not_after, .. } => Fault::Expired(Some(not_after.as_secs())),
        CertificateError::NotValidYet => Fault::NotYet(None),
        CertificateError::NotValidYetContext { not_before, .. } => Fault::NotYet(Some(not_before.as_secs())),
        CertificateError::NotValidForName => Fault::OtherName(Vec::new()),
        CertificateError::NotValidForNameContext { presented, .. } => Fault::OtherName(presented.clone()),
        CertificateError::Revoked => Fault::Revoked,
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => Fault::Purpose,
        other => match format!("{other:?}") {
            // The verifier has no error variant for this.
            text if text.contains("CaUsedAsEndEntity") => Fault::Authority,
            _ => Fault::Other(other.to_string()),
        },
    })
}
