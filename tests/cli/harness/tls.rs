//! A throw-away certificate authority and its certificates for loopback, as PEM files that live as long as this value.
//! Nothing may trust it that is not told to, and nothing of it is kept.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    SanType,
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

        let folder = tempfile::Builder::new().prefix("optra-tls-").tempdir().expect("a temporary directory");
        let write = |name: &str, pem: String| {
            let path = folder.path().join(name);
            fs::write(&path, pem).expect("a PEM file");
            fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("owner-only");
        };
        write("ca.pem", authority_certificate.pem());
        let with = |change: fn(&mut CertificateParams)| {
            let mut params = server();
            change(&mut params);
            params
        };
        for (name, server) in [
            ("", server()),
            ("expired-", with(|params| params.not_after = rcgen::date_time_ymd(2020, 1, 2))),
            ("other-", with(|params| params.subject_alt_names = names(&["portal.example"]))),
            ("client-", with(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth])),
        ] {
            let key = KeyPair::generate().expect("a key pair");
            write(&format!("{name}cert.pem"), server.signed_by(&key, &issuer).expect("a certificate").pem());
            write(&format!("{name}key.pem"), key.serialize_pem());
        }
        for (name, is_ca) in [("self-", IsCa::ExplicitNoCa), ("self-ca-", IsCa::Ca(BasicConstraints::Unconstrained))] {
            let key = KeyPair::generate().expect("a key pair");
            let mut own = server();
            (own.is_ca, own.use_authority_key_identifier_extension) = (is_ca, false);
            write(&format!("{name}cert.pem"), own.self_signed(&key).expect("a certificate").pem());
            write(&format!("{name}key.pem"), key.serialize_pem());
        }
        Self { folder }
    }

    /// Returns a file: `cert.pem`, `key.pem`, or those of an invalid certificate, such as `expired-cert.pem`.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Returns the authority's certificate, for the client.
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

fn server() -> CertificateParams {
    let mut server = CertificateParams::default();
    server.subject_alt_names = names(&["localhost", "127.0.0.1"]);
    server.distinguished_name.push(DnType::CommonName, "localhost");
    server.use_authority_key_identifier_extension = true;
    server.not_before = rcgen::date_time_ymd(2020, 1, 1);
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    server
}

fn names(names: &[&str]) -> Vec<SanType> {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    CertificateParams::new(names).expect("valid names").subject_alt_names
}
