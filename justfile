# List the recipes
default:
    @just --list

# Check format, lints and all tests, as CI does
check:
    tests/run

# Rewrite what is generated: completions and the outputs in the tests
update:
    SNAPSHOTS=overwrite cargo test

# Fail every call of the system with every error, in every verb that changes keys; a quarter of an hour
torture:
    OPTRA_TORTURE=1 cargo test --test cli keys::failing

# Build the binary that is shipped
release:
    cargo build --release

# Look for inputs of which a property does not hold: all targets for a minute each, or one for so many seconds
fuzz target="" seconds="60":
    tests/fuzz.sh "{{target}}" "{{seconds}}"
