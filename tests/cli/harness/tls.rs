//! A throw-away authority and a certificate of its making for loopback, as PEM files that last as long as this value.
//! It must not be trusted by anything that is not told to, and nothing of it is kept.

use std::fs;
use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
};
use tempfile::TempDir;

pub struct Certificates {
    folder: TempDir,
}

impl Certificates {
    pub fn new() -> Self {
        let mut authority = CertificateParams::default();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        authority.distinguished_name.push(DnType::CommonName, "optra test authority");
        authority.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let authority_key = KeyPair::generate().expect("a key pair");
        let authority_certificate = authority.self_signed(&authority_key).expect("an authority");
        let issuer = Issuer::new(authority, authority_key);

        let names = vec!["localhost".to_owned(), "127.0.0.1".to_owned()];
        let mut server = CertificateParams::new(names).expect("valid names");
        server.distinguished_name.push(DnType::CommonName, "localhost");
        server.use_authority_key_identifier_extension = true;
        server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        let server_key = KeyPair::generate().expect("a key pair");
        let server_certificate = server.signed_by(&server_key, &issuer).expect("a certificate");

        let folder = tempfile::Builder::new().prefix("optra-tls-").tempdir().expect("a temporary directory");
        for (name, pem) in [
            ("ca.pem", authority_certificate.pem()),
            ("cert.pem", server_certificate.pem()),
            ("key.pem", server_key.serialize_pem()),
        ] {
            fs::write(folder.path().join(name), pem).expect("a PEM file");
        }
        Self { folder }
    }

    /// Returns the authority's certificate, for the side that shall trust the server.
    pub fn authority(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Returns the server's certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    /// Returns the server's private key.
    pub fn key(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}
