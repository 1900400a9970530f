# List the recipes
default:
    @just --list

# Check format, lints and all tests, as CI does
check:
    tests/run

# Check types and lints for Windows, macOS and musl, and run what wine can; `just platforms wine` does that part alone
platforms *parts:
    tests/platforms {{parts}}

# A green run without Debian packages: unit tests, and the sessions that need nothing but the program
quick:
    cargo test --bin optra
    cargo test --test cli -- book:: help:: sandbox:: structure::

# Rewrite what is generated: completions and the outputs in the tests
update:
    SNAPSHOTS=overwrite cargo test

# Fail every call of the system with every error, in every command; hours. `just torture 2/8` makes the second of eight parts
torture part="1/1":
    OPTRA_TORTURE={{part}} cargo test --test cli -- torture keys::failing keys::apply_killed keys::ephemeral

# Run every command under every fault of the network, at every request; twenty minutes
matrix:
    OPTRA_MATRIX=all cargo test --test cli matrix::

# Build the binary that is shipped
release:
    cargo build --release

# Break each promise of the documents in a copy, and see its tests fail; half an hour
broken-promises:
    OPTRA_BREAK=1 cargo test --test cli promises -- --nocapture

# Look for inputs of which a property does not hold: all targets for a minute each, or one for so many seconds
fuzz target="" seconds="60":
    tests/fuzz.sh "{{target}}" "{{seconds}}"

# Check licences, sources, doubles and advisories of what is linked; needs cargo-deny, and a network (or `--offline`)
supply *options:
    dist/supply {{options}}

# Make the packages of TARGETs in target/dist (this machine's, if none is named), and try what runs here; dist/build names targets
dist *targets:
    dist/all {{targets}}

# Show that two builds in two folders are equal byte for byte
reproducible *target:
    dist/reproducible {{target}}
