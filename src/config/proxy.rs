//! Names the proxy that the environment sets for a host, so that an error can say where a request went.
//!
//! It only names the proxy: the HTTP client decides itself which one it uses.

use super::variable::variable;

/// Returns the proxy for an https host and the variable that sets it, without a user name or a password.
pub fn proxy_for(host: &str) -> Option<String> {
    let first = |names: &[&'static str]| names.iter().find_map(|name| Some((*name, variable(name).ok()??)));
    let (name, url) = first(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])?;
    let excepted = first(&["NO_PROXY", "no_proxy"]).map(|(_, list)| list).unwrap_or_default();
    let is_excepted = |entry: &str| {
        let entry = entry.trim().trim_start_matches('.');
        entry == "*" || (!entry.is_empty() && (host == entry || host.ends_with(&format!(".{entry}"))))
    };
    if excepted.split(',').any(is_excepted) {
        return None;
    }
    let (scheme, rest) = url.split_once("://").unwrap_or(("http", &url));
    // A password may contain a slash, although a URL should not have one there.
    let behind = rest.rsplit_once('@').map_or(rest, |(_, behind)| behind);
    let bare = behind.split(['/', '?', '#']).next().unwrap_or_default();
    Some(format!("{scheme}://{bare} (`{name}`)"))
}
