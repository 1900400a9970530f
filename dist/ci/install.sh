#!/bin/sh
# Installs one release of optra for a job of a CI system, after its checksum was compared. Prints the folder that it is in.
#
#   OPTRA_RELEASES   the address below which releases lie: https://forge.example/optra/releases/download
#   OPTRA_VERSION    which one: 0.1.0
#   OPTRA_SHA256     the checksum of its archive for this machine. Whoever can replace the archive can replace SHA256SUMS beside it, so
#                    write it down where you write down the version; without it, only SHA256SUMS is compared, and that is said
#   INSTALL_TO       the folder; $HOME/.local/bin without it
set -eu
releases=${OPTRA_RELEASES:?the address of the releases} version=${OPTRA_VERSION:?the version, such as 0.1.0}
to=${INSTALL_TO:-$HOME/.local/bin}
fail() { echo "install.sh: $*" >&2; exit 1; }

case $releases in https://* | http://127.0.0.1:*) ;; *) fail "$releases is not https" ;; esac
case $(uname -sm) in
  'Linux x86_64') target=x86_64-unknown-linux-musl ;;
  'Linux aarch64') target=aarch64-unknown-linux-musl ;;
  'Darwin arm64') target=aarch64-apple-darwin ;;
  'Darwin x86_64') target=x86_64-apple-darwin ;;
  *) fail "there is no archive for $(uname -sm)" ;;
esac

name=optra-$version-$target
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
get() { curl --fail --silent --show-error --location --retry 3 --proto '=https,http' --proto-redir '=https' --output "$work/$1" "$releases/v$version/$1" || fail "cannot get $1"; }
get "$name.tar.gz"

if [ -n "${OPTRA_SHA256:-}" ]; then
  wanted=$OPTRA_SHA256
else
  echo "install.sh: OPTRA_SHA256 is not set, so the archive is only compared with what lies beside it" >&2
  get SHA256SUMS
  wanted=$(awk -v name="$name.tar.gz" '$2 == name { print $1 }' "$work/SHA256SUMS")
fi
if command -v sha256sum >/dev/null; then sum='sha256sum'; else sum='shasum -a 256'; fi
found=$($sum "$work/$name.tar.gz" | cut -d' ' -f1)
{ [ -n "$wanted" ] && [ "$found" = "$wanted" ]; } || fail "the checksum of $name.tar.gz is $found, and should be ${wanted:-in SHA256SUMS}"

tar -xzf "$work/$name.tar.gz" -C "$work"
mkdir -p "$to"
mv -f "$work/$name/optra" "$to/optra"
[ "$("$to/optra" --version)" = "optra $version" ] || fail "what was installed is not version $version"
# In GitHub's Actions later steps find it.
[ -z "${GITHUB_PATH:-}" ] || echo "$to" >> "$GITHUB_PATH"
echo "$to"
