//! Resolves host names with the system's resolver; for plain http, accepts only addresses of this machine.
//!
//! The check is on the addresses that are connected to: a host name does not say where it leads.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::thread;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::oneshot;

/// Resolves with the system's resolver.
pub struct Resolver {
    /// True if no other machine may be connected to.
    pub loopback_only: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let (host, loopback_only) = (name.as_str().to_owned(), self.loopback_only);
        Box::pin(async move {
            let found = look_up_on_thread(host.clone()).await?;
            if let Some(other) = found.iter().find(|address| loopback_only && !address.ip().is_loopback()) {
                let problem =
                    format!("`{host}` is {}, which is another machine: plain http goes to this one only", other.ip());
                return Err(io::Error::other(problem).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

/// Looks up a name on its own thread, because a lookup may outlast the connection timeout. If no thread can be
/// started, looks the name up here: a missed timeout is better than a key that nobody can revoke.
async fn look_up_on_thread(host: String) -> io::Result<Vec<SocketAddr>> {
    let (answer, answered) = oneshot::channel();
    let name = host.clone();
    let started = thread::Builder::new().spawn(move || drop(answer.send(look_up(&name))));
    if started.is_err() {
        return look_up(&host);
    }
    answered.await.unwrap_or_else(|_| Err(io::Error::other("the look-up of the name broke off")))
}

fn look_up(host: &str) -> io::Result<Vec<SocketAddr>> {
    Ok((host, 0).to_socket_addrs()?.collect())
}

#[cfg(test)]
mod tests {
    use super::Resolver;
    use reqwest::dns::Resolve;

    fn resolve(host: &str, loopback_only: bool) -> Result<usize, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let resolving = Resolver { loopback_only }.resolve(host.parse().unwrap());
        runtime.block_on(resolving).map(Iterator::count).map_err(|error| error.to_string())
    }

    #[test]
    fn plain_http_goes_only_to_addresses_of_this_machine() {
        assert!(resolve("localhost", true).unwrap() > 0);
        // The system's resolver accepts a number as an address.
        let told = resolve("192.0.2.7", true).unwrap_err();
        assert!(told.contains("is 192.0.2.7, which is another machine"), "{told}");
        assert_eq!(resolve("192.0.2.7", false), Ok(1));
    }
}
