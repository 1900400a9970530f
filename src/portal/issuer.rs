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

use super::endpoint::Endpoint;

/// It only makes an error better, so nobody waits for it.
const LIMIT: Duration = Duration::from_secs(2);

/// The attributes of a name that say most: the common name, else the organization.
const COMMON_NAME: &[u8] = &[0x55, 4, 3];
const ORGANIZATION: &[u8] = &[0x55, 4, 10];

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

/// Returns the name of the issuer in a certificate (RFC 5280, 4.1).
fn issuer_of(certificate: &[u8]) -> Option<String> {
    let (_, certificate, _) = element(certificate)?;
    let (_, mut rest, _) = element(certificate)?;
    // The version may be left out.
    if let (0xa0, _, after) = element(rest)? {
        rest = after;
    }
    let (_, _, rest) = element(rest)?; // the serial number
    let (_, _, rest) = element(rest)?; // the algorithm
    let (_, name, _) = element(rest)?;
    attribute(name, COMMON_NAME).or_else(|| attribute(name, ORGANIZATION))
}

fn attribute(mut name: &[u8], wanted: &[u8]) -> Option<String> {
    while !name.is_empty() {
        let (_, set, rest) = element(name)?;
        let (_, pair, _) = element(set)?;
        let (_, kind, value) = element(pair)?;
        if kind == wanted {
            let (_, text, _) = element(value)?;
            return Some(String::from_utf8_lossy(text).into_owned()).filter(|text| !text.trim().is_empty());
        }
        name = rest;
    }
    None
}

/// Takes the first element of a DER text apart: its tag, its content, and what stands behind it.
fn element(text: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (tag, rest) = text.split_first()?;
    let (length, rest) = rest.split_first()?;
    let (length, rest) = match *length {
        short @ 0..=127 => (usize::from(short), rest),
        long @ 0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(long & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    let (content, rest) = rest.split_at_checked(length)?;
    Some((*tag, content, rest))
}

#[cfg(test)]
mod tests {
    use super::{element, issuer_of};

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
        assert_eq!(element(b"\x04\x81\x02abc"), Some((4, &b"ab"[..], &b"c"[..])));
    }
}
