//! Finds out who signed a portal's certificates, for an error that names the authority, and for `optra doctor`.
//!
//! It opens a separate connection that trusts nobody and ends after the certificate, before anything could be sent.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate, X509Name};

use super::endpoint::Endpoint;

/// Short, because the result only improves an error message.
const LIMIT: Duration = Duration::from_secs(2);

/// A certificate of a portal.
#[derive(Debug, PartialEq, Eq)]
pub struct Certificate {
    pub subject: Option<String>,
    pub issuer: Option<String>,
    pub not_after: Option<Timestamp>,
}

/// Returns the name of the authority that signed the portal's certificate, if it can be found out.
pub fn issuer(endpoint: &Endpoint) -> Option<String> {
    // The last certificate sent is closest to the root that would have to be trusted.
    issuer_of(read_chain(endpoint)?.last()?)
}

/// Returns the portal's certificate chain, its own certificate first; empty if it cannot be read.
pub fn certificates(endpoint: &Endpoint) -> Vec<Certificate> {
    read_chain(endpoint).unwrap_or_default().iter().filter_map(|certificate| read(certificate)).collect()
}

fn read_chain(endpoint: &Endpoint) -> Option<Vec<Vec<u8>>> {
    let (host, port) = (endpoint.url().host_str()?, endpoint.url().port_or_known_default()?);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = (host, port).to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&address, LIMIT).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    stream.set_write_timeout(Some(LIMIT)).ok()?;
    // An error means that a provider is installed already; without one, no client can be created.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let seen = Arc::new(ChainRecorder { chain: Mutex::default() });
    let config =
        ClientConfig::builder().dangerous().with_custom_certificate_verifier(Arc::<ChainRecorder>::clone(&seen));
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let mut connection = ClientConnection::new(Arc::new(config.with_no_client_auth()), name).ok()?;
    // The handshake ends with the verifier's error.
    while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
    Some(std::mem::take(&mut *seen.chain.lock().unwrap_or_else(PoisonError::into_inner)))
}

/// A verifier that records the chain and rejects it.
#[derive(Debug)]
struct ChainRecorder {
    chain: Mutex<Vec<Vec<u8>>>,
}

impl ServerCertVerifier for ChainRecorder {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let chain = std::iter::once(certificate).chain(others).map(|one| one.to_vec()).collect();
        *self.chain.lock().unwrap_or_else(PoisonError::into_inner) = chain;
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(CertificateError::UnknownIssuer.into())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let schemes = |provider: &Arc<CryptoProvider>| provider.signature_verification_algorithms.supported_schemes();
        CryptoProvider::get_default().map(schemes).unwrap_or_default()
    }
}

/// Returns the issuer's common name in a certificate, or else its organization.
fn issuer_of(certificate: &[u8]) -> Option<String> {
    read(certificate)?.issuer
}

fn read(certificate: &[u8]) -> Option<Certificate> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let not_after = Timestamp::from_second(certificate.validity().not_after.timestamp()).ok();
    Some(Certificate { subject: name(certificate.subject()), issuer: name(certificate.issuer()), not_after })
}

fn name(name: &X509Name<'_>) -> Option<String> {
    let mut names = name.iter_common_name().chain(name.iter_organization()).filter_map(|name| name.as_str().ok());
    names.find(|name| !name.trim().is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::issuer_of;

    #[test]
    fn an_invalid_certificate_has_no_issuer() {
        for text in [
            &b""[..],
            b"\x30",
            b"\x30\x05ab",
            b"\x30\x84\xff\xff\xff\xff",
            b"\x30\x80",
            b"\x30\x02\x30\x00",
            &[0xff; 40],
        ] {
            assert_eq!(issuer_of(text), None);
        }
    }

    #[test]
    fn a_certificate_is_named_by_its_issuers_common_name_else_by_the_organization() {
        let issued = |parts: &[(rcgen::DnType, &str)]| {
            let mut params = rcgen::CertificateParams::default();
            params.distinguished_name = rcgen::DistinguishedName::new();
            for (part, text) in parts {
                params.distinguished_name.push(part.clone(), *text);
            }
            let key = rcgen::KeyPair::generate().unwrap();
            issuer_of(params.self_signed(&key).unwrap().der())
        };
        let (common, organization) = (rcgen::DnType::CommonName, rcgen::DnType::OrganizationName);
        let both = [(organization.clone(), "Société"), (common.clone(), "An authority")];
        assert_eq!(issued(&both).as_deref(), Some("An authority"));
        assert_eq!(issued(&[(organization, "Société"), (common, " ")]).as_deref(), Some("Société"));
        assert_eq!(issued(&[]), None);
    }
}
