//! Every setting by each of its names, for `optra help environment`.

/// One line of the table of settings.
pub struct Setting {
    pub option: &'static str,
    pub variable: &'static str,
    /// The key in `config.toml`.
    pub key: &'static str,
    pub meaning: &'static str,
}

/// The table of settings. The option overrides the variable, and the variable overrides the file.
pub const SETTINGS: [Setting; 35] = [
    setting("", "OPTRA_API_KEY", "", "the key; no store is touched"),
    setting("", "OPTRA_API_KEY_ID", "profiles.NAME.key_id", "its id in the portal, if the portal does not tell it"),
    setting("--portal", "OPTRA_PORTAL_URL", "profiles.NAME.portal", "the portal's API base URL"),
    setting("", "OPTRA_API_URL", "", "the same, as the portal sets it inside a skill"),
    setting("--profile", "OPTRA_PROFILE", "profile", "the profile in use"),
    setting("", "", "profiles.NAME.organization", "the organization's name at the login; for `auth list`"),
    setting("", "", "profiles.NAME.store", "keyring, file, command or none"),
    setting("", "", "profiles.NAME.former_store", "the store before the logout; a hint names it"),
    setting("", "", "profiles.NAME.command", "the program that prints the key"),
    setting("--sandbox", "", "", "the portal inside this program"),
    setting("--output", "OPTRA_OUTPUT", "", "table, json, ndjson, csv, tsv, yaml, geojson or sarif"),
    setting("--output-file", "", "", "the file that the result is written to, whole or not at all"),
    setting("--no-headers", "", "", "rows without the line of names"),
    setting("--jq", "", "", "a filter in the jq language for the result"),
    setting("--template", "", "", "a line for each item, in the Jinja language"),
    setting("--timeout", "OPTRA_TIMEOUT", "", "the limit of one request"),
    setting("--retries", "OPTRA_RETRIES", "", "how often a failed read is retried"),
    setting("", "OPTRA_STORE_TIMEOUT", "", "the limit of a keyring or a key's command"),
    setting("--cacert", "OPTRA_CACERT", "", "the certificate authorities to trust; also SSL_CERT_FILE"),
    setting("--client-cert", "OPTRA_CLIENT_CERT", "", "the certificate that is shown to the portal"),
    setting("--client-key", "OPTRA_CLIENT_KEY", "", "its private key, where that is in another file"),
    setting("--header", "OPTRA_HEADERS", "", "headers for an access proxy: NAME=env:VARIABLE,NAME=file:PATH"),
    setting("--no-config", "", "", "as if there were no config.toml"),
    setting("", "", "version", "the format version of `config.toml`; 1 if missing"),
    setting("", "OPTRA_CONFIG_DIR", "", "where config.toml is"),
    setting("--read-only", "OPTRA_READ_ONLY", "profiles.NAME.read_only", "no mutation leaves this machine"),
    setting("--reason", "OPTRA_REASON", "", "why keys are changed, for `keys log`"),
    setting("--no-input", "CI", "", "no questions"),
    setting("--quiet", "", "", "results, warnings and errors only"),
    setting("--verbose", "", "", "each request on stderr; -vv with its contents"),
    setting("", "TRACEPARENT", "", "the trace that the run is part of, sent on to the portal; also TRACESTATE"),
    setting("--no-pager", "OPTRA_PAGER", "", "the pager for a long list; also PAGER; empty for none"),
    setting("", "OPTRA_ACCESSIBLE", "accessible", "nothing moves, and rows are blocks of `name: value`"),
    setting("--color", "NO_COLOR", "", "colour; also CLICOLOR_FORCE, and TERM=dumb"),
    setting("", "HTTPS_PROXY", "", "the proxy; also ALL_PROXY and NO_PROXY"),
];

const fn setting(option: &'static str, variable: &'static str, key: &'static str, meaning: &'static str) -> Setting {
    Setting { option, variable, key, meaning }
}
