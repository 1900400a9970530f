# List the recipes
default:
    @just --list

# Check format, lints and all tests, as CI does
check:
    tests/run

# Rewrite what is generated: completions and the outputs in the tests
update:
    SNAPSHOTS=overwrite cargo test

# Fail every call of the system with every error, in every command; hours. `just torture 2/8` makes the second of eight parts
torture part="1/1":
    OPTRA_TORTURE={{part}} cargo test --test cli -- torture keys::failing

# Build the binary that is shipped
release:
    cargo build --release
