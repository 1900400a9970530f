//! Over TLS: whom the client trusts, and what a proxy sees.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::thread;

use snapbox::{assert_data_eq, str};

use crate::harness::{Certificates, Home, ReferenceServer};

fn at_tls(certificates: &Certificates) -> (Home, ReferenceServer) {
    let (cert, key) = (certificates.certificate(), certificates.key());
    let portal = ReferenceServer::start(&["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

#[test]
fn an_authority_is_trusted_where_it_is_named() {
    let certificates = Certificates::new();
    let (home, portal) = at_tls(&certificates);
    let authority = certificates.authority();
    let authority = authority.to_str().unwrap();
    assert_eq!(home.optra(["devices", "list", "-o", "ndjson", "--cacert", authority]).run().ok().ndjson().len(), 3);
    home.line("devices list").env("OPTRA_CACERT", authority).run().ok();
    assert_eq!(portal.requests().len(), 2);
}

#[test]
fn an_unknown_authority_is_refused_with_the_way_out() {
    let (home, portal) = at_tls(&Certificates::new());
    let session = home.run("devices list");
    assert_data_eq!(
        session.to_string().replace(&portal.url, "[PORTAL]"),
        str![[r#"
--- stderr
error: cannot reach the portal at [PORTAL]
  because: its certificate is signed by `optra test authority`, which is not trusted here
hint: The certificate is not signed by an authority that this system trusts: name that authority's certificate with `--cacert FILE`.
--- exit 8

"#]]
    );
    assert_eq!(portal.requests().len(), 0);
}

#[test]
fn a_certificate_file_that_is_none_is_named() {
    let (home, _portal) = at_tls(&Certificates::new());
    home.write("home/empty.pem", "");
    home.write("home/garbage.pem", "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n");
    for file in ["missing.pem", "empty.pem", "garbage.pem"] {
        let error = home.run(&format!("devices list -o json --cacert {file}")).exits(11).error();
        assert!(error["message"].as_str().unwrap().contains(&format!("`{file}`")), "{error}");
    }
}

#[test]
fn a_proxy_sees_where_to_and_nothing_else() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", proxy.local_addr().unwrap());
    let seen = thread::spawn(move || {
        let (stream, _) = proxy.accept().unwrap();
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
        reader.get_mut().write_all(b"HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n").unwrap();
        let mut rest = Vec::new();
        let _ = reader.read_to_end(&mut rest);
        head + &String::from_utf8_lossy(&rest)
    });
    let mut home = Home::new();
    home.portal("https://portal.invalid", "hunter2-of-the-proxy").set("HTTPS_PROXY", &address);
    home.run("devices list").exits(8);
    let seen = seen.join().unwrap();
    assert!(seen.starts_with("CONNECT portal.invalid:443 HTTP/1.1\r\n") && !seen.contains("hunter2"), "{seen}");
}

#[test]
fn no_proxy_stands_before_this_machine() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&[]));
    home.portal(&portal.url, ReferenceServer::KEY);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        home.line("devices list").env(variable, "http://127.0.0.1:1").run().ok();
    }
}

/// Starts a reference server that shows this certificate.
fn showing(certificates: &Certificates, name: &str, further: &[&str]) -> (Home, ReferenceServer) {
    let (cert, key) = (certificates.file(&format!("{name}cert.pem")), certificates.file(&format!("{name}key.pem")));
    let files = ["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let portal = ReferenceServer::start(&[&files, further].concat());
    let mut home = Home::new();
    home.portal(&portal.url, ReferenceServer::KEY);
    (home, portal)
}

#[test]
fn what_is_wrong_with_a_certificate_is_told_in_plain_words() {
    let certificates = Certificates::new();
    for (name, trusted, because, hint) in [
        ("expired-", "ca.pem", "its certificate has expired (2020-01-02T00:00:00Z)", "clock of this machine"),
        ("other-", "ca.pem", "its certificate is for another name: ", "Find out why: `optra doctor`"),
        ("self-ca-", "self-ca-cert.pem", "its certificate is that of an authority (CA:TRUE)", "with CA:FALSE"),
        ("self-", "ca.pem", "its certificate is signed by `localhost`, which is not trusted here", "--cacert FILE"),
    ] {
        let (home, portal) = showing(&certificates, name, &[]);
        let session = home.line("devices list").env("OPTRA_CACERT", certificates.file(trusted)).run();
        let said = session.exits(8).err();
        assert!(said.contains(because) && said.contains(hint), "{name}: {session}");
        assert!(portal.requests().is_empty());
    }
    // A plain HTTP server does not speak TLS.
    let (mut home, plain) = (Home::new(), ReferenceServer::start(&[]));
    home.portal(&plain.url.replace("http://", "https://"), ReferenceServer::KEY);
    let session = home.run("devices list");
    assert!(session.exits(8).err().contains("the server there does not speak TLS"), "{session}");
}

#[test]
fn a_certificate_that_signs_itself_is_trusted_where_it_is_named() {
    let certificates = Certificates::new();
    let (home, _portal) = showing(&certificates, "self-", &[]);
    for variable in ["OPTRA_CACERT", "SSL_CERT_FILE"] {
        home.line("devices list").env(variable, certificates.file("self-cert.pem")).run().ok();
    }
    let wrong = home.line("devices list").env("SSL_CERT_FILE", certificates.file("ca.pem"));
    wrong.env("OPTRA_CACERT", certificates.file("self-cert.pem")).run().ok();
}

#[test]
fn a_portal_that_asks_for_a_certificate_gets_the_one_that_was_named() {
    let certificates = Certificates::new();
    let authority = certificates.authority();
    let (mut home, portal) = showing(&certificates, "", &["--tls-client-ca", authority.to_str().unwrap()]);
    home.set("OPTRA_CACERT", &authority);
    let session = home.run("devices list");
    let said = session.exits(8).err();
    assert!(said.contains("it requires a client certificate") && said.contains("--client-cert FILE"), "{session}");
    let (cert, key) = (certificates.file("client-cert.pem"), certificates.file("client-key.pem"));
    let both = home.path("both.pem");
    fs::write(&both, fs::read_to_string(&key).unwrap() + &fs::read_to_string(&cert).unwrap()).unwrap();
    fs::set_permissions(&both, fs::Permissions::from_mode(0o600)).unwrap();
    let line = |cert: &Path, key: &str| home.run(&format!("devices list --client-cert {}{key}", cert.display()));
    line(&cert, &format!(" --client-key {}", key.display())).ok();
    line(&both, "").ok();
    home.line("devices list").env("OPTRA_CLIENT_CERT", &cert).env("OPTRA_CLIENT_KEY", &key).run().ok();
    assert_eq!(portal.requests().len(), 3);
    assert!(line(&cert, "").exits(11).err().contains("name the key's file with `--client-key FILE`"));
    assert!(line(Path::new("missing.pem"), "").exits(11).err().contains("`missing.pem`"));
    fs::set_permissions(&key, fs::Permissions::from_mode(0o644)).unwrap();
    let open = line(&cert, &format!(" --client-key {}", key.display()));
    assert!(open.exits(11).err().contains("can be read by others (mode 644); run `chmod 600 "), "{open}");
    home.run(&format!("devices list --client-key {}", key.display())).exits(11);
}

#[test]
fn an_access_proxy_gets_its_headers_and_nobody_else_sees_their_values() {
    let (mut home, portal) = (Home::new(), ReferenceServer::start(&[]));
    home.portal(&portal.url, ReferenceServer::KEY).set("CF_SECRET", "hunter2-of-the-access-proxy");
    let file = home.write("home/id", "client-id-7f3a9b2c1d4e\n");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
    let options = "--header CF-Access-Client-Secret=env:CF_SECRET --header CF-Access-Client-Id=file:id";
    let session = home.run(&format!("-vv devices list {options}"));
    assert!(!session.ok().err().contains("hunter2") && !session.err().contains("7f3a9b2c1d4e"), "{session}");
    let headers = "CF-Access-Client-Secret=env:CF_SECRET, CF-Access-Client-Id=file:id";
    home.line("keys list").env("OPTRA_HEADERS", headers).run().ok();
    for request in portal.requests() {
        assert_eq!(request.header("cf-access-client-secret"), Some("hunter2-of-the-access-proxy"));
        assert_eq!(request.header("cf-access-client-id"), Some("client-id-7f3a9b2c1d4e"));
        assert_eq!(request.header("api-secret"), Some(ReferenceServer::KEY));
    }
    let asked = portal.requests().len();
    for (option, code, said) in [
        ("api-secret=env:CF_SECRET", 2, "the client's own"),
        ("X-Token=hunter2-of-the-access-proxy", 2, "NAME=env:VARIABLE"),
        ("X-Token=hunter2", 2, "NAME=env:VARIABLE"),
        ("X-Token:hunter2", 2, "NAME=env:VARIABLE"),
        ("X-Token=env:NO_SUCH", 11, "`NO_SUCH` is not set"),
        ("X-Token=file:none", 11, "`none`"),
    ] {
        let session = home.run(&format!("devices list --header {option}"));
        assert!(session.exits(code).err().contains(said) && !session.err().contains("hunter2"), "{option}: {session}");
    }
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
    let session = home.run(&format!("devices list {options}"));
    assert!(session.exits(11).err().contains("can be read by others (mode 640); run `chmod 600 "), "{session}");
    assert_eq!(portal.requests().len(), asked);
    // The client certificate for one portal is not used for others.
    let home = Home::new();
    for profile in ["a", "b"] {
        let login = format!("auth login --profile {profile} --portal {} --store file --key-file -", portal.url);
        home.line(&login).stdin(ReferenceServer::KEY).run().ok();
    }
    let several = home.line("devices list --all-profiles --header X-Token=env:T").env("T", "hunter2").run();
    assert!(several.code != Some(0) && several.err().contains("`X-Token` is for one portal"), "{several}");
    assert!(portal.requests().iter().all(|request| request.header("x-token").is_none()));
}

#[test]
fn a_proxy_on_the_way_is_named_without_its_password() {
    let mut home = Home::new();
    home.portal("https://portal.invalid", ReferenceServer::KEY).set("HTTPS_PROXY", "http://user:hunter2@127.0.0.1:1");
    let session = home.run("devices list");
    let said = session.exits(8).err();
    assert!(
        said.contains("through the proxy http://127.0.0.1:1 (`HTTPS_PROXY`)") && !said.contains("hunter2"),
        "{session}"
    );
    let session = home.line("devices list").env("NO_PROXY", "other.example,.invalid").run();
    assert!(!session.exits(8).err().contains("proxy"), "{session}");
}
