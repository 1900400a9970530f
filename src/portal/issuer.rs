//! Who signed the certificate that a portal shows, for an error that has to name an authority.
//!
//! It looks once more, by a connection that trusts nobody: it ends with the certificate, before anything could be sent.

use std::net::{TcpStream, ToSocketAddrs};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, Error, SignatureScheme};
use x509_parser::prelude::{FromDer, X509Certificate};

use super::endpoint::Endpoint;

/// It only makes an error better, so nobody waits for it.
const LIMIT: Duration = Duration::from_secs(2);

/// Returns the name of the authority that signed the portal's certificate, where that can be seen.
pub fn issuer(endpoint: &Endpoint) -> Option<String> {
    let (host, port) = (endpoint.url().host_str()?, endpoint.url().port_or_known_default()?);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let address = (host, port).to_socket_addrs().ok()?.next()?;
    let mut stream = TcpStream::connect_timeout(&address, LIMIT).ok()?;
    stream.set_read_timeout(Some(LIMIT)).ok()?;
    stream.set_write_timeout(Some(LIMIT)).ok()?;
    let seen = Arc::new(Look { issuer: Mutex::default() });
    let config = ClientConfig::builder().dangerous().with_custom_certificate_verifier(Arc::<Look>::clone(&seen));
    let name = ServerName::try_from(host.to_owned()).ok()?;
    let mut connection = ClientConnection::new(Arc::new(config.with_no_client_auth()), name).ok()?;
    // It ends in the error that ends the look.
    while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
    seen.issuer.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Looks at a certificate, and accepts none.
#[derive(Debug)]
struct Look {
    issuer: Mutex<Option<String>>,
}

impl ServerCertVerifier for Look {
    fn verify_server_cert(
        &self,
        certificate: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        // The last one that was sent is nearest to what would have to be trusted.
        *self.issuer.lock().unwrap_or_else(PoisonError::into_inner) = issuer_of(others.last().unwrap_or(certificate));
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

/// Returns the name of the issuer in a certificate: the common name, else the organization.
fn issuer_of(certificate: &[u8]) -> Option<String> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let issuer = certificate.issuer();
    let mut names = issuer.iter_common_name().chain(issuer.iter_organization()).filter_map(|name| name.as_str().ok());
    names.find(|name| !name.trim().is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::issuer_of;

    #[test]
    fn what_is_no_certificate_has_no_issuer() {
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
