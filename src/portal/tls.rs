//! Certificates in files: whom the client trusts, and its own identity.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use reqwest::{Certificate, Identity};

use super::error::Error;
use crate::disk;

/// More than the trust roots of any system take.
const LARGEST: u64 = 16 << 20;

/// Reads the certificate authorities to trust.
pub fn authorities(path: &Path) -> Result<Vec<Certificate>, Error> {
    let unusable = unusable("the certificate file", path);
    let pem = read(path).map_err(&unusable)?;
    let certificates = Certificate::from_pem_bundle(&pem).context("it is not PEM").map_err(&unusable)?;
    if certificates.is_empty() {
        return Err(unusable(anyhow::Error::msg("it holds no certificate")));
    }
    Ok(certificates)
}

/// Reads the client's identity: a certificate and its private key, from one file or two.
pub fn identity(certificate: &Path, key: Option<&Path>) -> Result<Identity, Error> {
    let private = key.unwrap_or(certificate);
    let unusable_key = unusable("the client's private key", private);
    let file = fs::File::open(private).map_err(|error| unusable_key(error.into()))?;
    disk::refuse_readers(&file, 0o600).map_err(|refused| {
        let name = private.to_string_lossy();
        unusable_key(anyhow::anyhow!("it {refused}; run `chmod 600 {}`", shell_words::quote(&name)))
    })?;
    let unusable = unusable("the client certificate", certificate);
    let mut pem = read(certificate).map_err(&unusable)?;
    if let Some(key) = key {
        pem.push(b'\n');
        pem.extend(read(key).map_err(unusable_key)?);
    }
    let problem = "there is no certificate with its private key in it; name the key's file with `--client-key FILE`";
    Identity::from_pem(&pem).map_err(|_| unusable(anyhow::Error::msg(problem)))
}

fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let found = fs::metadata(path)?;
    anyhow::ensure!(found.len() <= LARGEST, "it is larger than {} MiB", LARGEST >> 20);
    Ok(fs::read(path)?)
}

fn unusable(what: &str, path: &Path) -> impl Fn(anyhow::Error) -> Error {
    let what = format!("{what} `{}`", path.display());
    move |cause| Error::setup(what.clone(), cause)
}
