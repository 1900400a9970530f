//! The address of a broker: a loopback port, or a Unix socket that only its owner can open.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::str::FromStr;

#[cfg(unix)]
use crate::interrupt;
use crate::interrupt::AtEnd;

/// The address of a broker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Address {
    /// A port on 127.0.0.1; 0 for any free one.
    Port(u16),
    /// A Unix socket, in a directory that only its owner can enter.
    Socket(PathBuf),
}

impl Default for Address {
    fn default() -> Address {
        Address::Port(0)
    }
}

impl FromStr for Address {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Address, &'static str> {
        const WANTED: &str = "it is 127.0.0.1:PORT or unix:PATH";
        if let Some(path) = text.strip_prefix("unix:") {
            return match (path, cfg!(unix)) {
                ("", _) => Err(WANTED),
                (_, false) => Err("there are no such sockets on this system"),
                (path, true) => Ok(Address::Socket(path.into())),
            };
        }
        let port = text.strip_prefix("127.0.0.1:").and_then(|port| port.parse().ok());
        port.map(Address::Port).ok_or(WANTED)
    }
}

/// A bound address, not yet registered with a runtime.
pub enum Bound {
    Port(TcpListener),
    #[cfg(unix)]
    Socket(std::os::unix::net::UnixListener),
}

/// Binds an address, and returns the URL for programs.
pub fn bind(address: &Address) -> io::Result<(Bound, String)> {
    match address {
        Address::Port(port) => {
            let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, *port))?;
            listener.set_nonblocking(true)?;
            let url = format!("http://{}", listener.local_addr()?);
            Ok((Bound::Port(listener), url))
        }
        Address::Socket(path) => socket(path),
    }
}

#[cfg(unix)]
fn socket(path: &Path) -> io::Result<(Bound, String)> {
    use std::fs::{Permissions, set_permissions, symlink_metadata};
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    use std::os::unix::net::{UnixListener, UnixStream};

    use crate::disk::{check_private, directory_of, make_directory, remove};

    let directory = directory_of(path);
    make_directory(directory)?;
    // The private directory protects the socket until its own mode is set.
    check_private(directory)
        .map_err(|refused| io::Error::other(format!("the directory `{}` {refused}", directory.display())))?;
    let is_socket = symlink_metadata(path).is_ok_and(|found| found.file_type().is_socket());
    // A socket that nobody listens on was left by a killed broker.
    if is_socket && UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused) {
        remove(path)?;
    }
    let listener = UnixListener::bind(path)?;
    set_permissions(path, Permissions::from_mode(0o600))?;
    listener.set_nonblocking(true)?;
    Ok((Bound::Socket(listener), format!("unix:{}", path.display())))
}

/// Removes the socket at the end of the run, unless another one is there by then.
#[cfg(unix)]
pub fn remove_at_end(address: &Address) -> Option<AtEnd> {
    use std::fs::symlink_metadata;
    use std::os::unix::fs::MetadataExt;
    let Address::Socket(path) = address else { return None };
    let path = path.clone();
    let found = |path: &Path| symlink_metadata(path).ok().map(|found| (found.dev(), found.ino()));
    let own = found(&path);
    Some(interrupt::at_end(move || {
        if own.is_some() && found(&path) == own {
            // A socket that stays is replaced by the next broker.
            let _ = crate::disk::remove(&path);
        }
    }))
}

#[cfg(not(unix))]
pub fn remove_at_end(_: &Address) -> Option<AtEnd> {
    None
}

#[cfg(not(unix))]
fn socket(_: &Path) -> io::Result<(Bound, String)> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(test)]
mod tests {
    use super::Address;

    #[test]
    fn an_address_is_of_this_machine() {
        assert_eq!("127.0.0.1:4000".parse(), Ok(Address::Port(4000)));
        let socket = "unix:/run/x.sock".parse();
        assert_eq!(socket.ok(), cfg!(unix).then(|| Address::Socket("/run/x.sock".into())));
        for other in ["", "4000", "0.0.0.0:4000", "localhost:1", "127.0.0.1:", "127.0.0.1:70000", "unix:", "[::1]:1"] {
            assert!(other.parse::<Address>().is_err(), "{other}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_socket_is_its_owners_alone() {
        use super::bind;
        use std::fs;
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("new/socket");
        let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let (bound, url) = bind(&Address::Socket(path.clone())).unwrap();
        assert_eq!(url, format!("unix:{}", path.display()));
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert!(bind(&Address::Socket(path.clone())).is_err(), "another program is listening there");
        drop(bound);
        bind(&Address::Socket(path.clone())).unwrap();

        fs::set_permissions(path.parent().unwrap(), fs::Permissions::from_mode(0o755)).unwrap();
        assert!(bind(&Address::Socket(path.clone())).is_err_and(|error| error.to_string().contains("directory")));
        let file = folder.path().join("file");
        fs::write(&file, "kept").unwrap();
        assert!(bind(&Address::Socket(file.clone())).is_err() && fs::read_to_string(&file).unwrap() == "kept");
    }
}
