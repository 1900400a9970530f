//! Over TLS: whom the client trusts, and what a proxy sees.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::thread;

use snapbox::{assert_data_eq, str};

use crate::harness::{Certificates, Home, PortalJs};

fn at_tls(certificates: &Certificates) -> (Home, PortalJs) {
    let (cert, key) = (certificates.certificate(), certificates.key());
    let portal = PortalJs::start(&["--tls-cert", cert.to_str().unwrap(), "--tls-key", key.to_str().unwrap()]);
    let mut home = Home::new();
    home.portal(&portal.url, PortalJs::KEY);
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
  because: invalid peer certificate: UnknownIssuer
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
    let (mut home, portal) = (Home::new(), PortalJs::start(&[]));
    home.portal(&portal.url, PortalJs::KEY);
    for variable in ["HTTP_PROXY", "http_proxy", "ALL_PROXY"] {
        home.line("devices list").env(variable, "http://127.0.0.1:1").run().ok();
    }
}
