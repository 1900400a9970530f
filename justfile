# List the recipes
default:
    @just --list

# Check format, lints and all tests, as CI does
check:
    tests/run

# Rewrite what is generated: completions and the outputs in the tests
update:
    SNAPSHOTS=overwrite cargo test

# Build the binary that is shipped
release:
    cargo build --release
