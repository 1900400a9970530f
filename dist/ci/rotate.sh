#!/bin/sh
# Replaces one key by a new one and hands its secret to the program that keeps it; for a while both work. A rotation that was cut off
# is gone on with first, if the folder of optra's state was kept from that job ($XDG_STATE_HOME/optra, else ~/.local/state/optra).
#
#   OPTRA_PORTAL_URL, OPTRA_API_KEY   the portal, and a key to it that is not the one that is replaced
#   ROTATE_KEY       the name of the key
#   ROTATE_TO        where the secret goes: command:'gh secret set REPORT_KEY', file:PATH (optra keys rotate --help)
#   ROTATE_GRACE     how long both work; 10m without it
set -eu
: "${OPTRA_PORTAL_URL:?the address of the portal}" "${OPTRA_API_KEY:?a key}"
key=${ROTATE_KEY:?the name of the key} to=${ROTATE_TO:?where its secret goes}

if [ "$(optra keys rotate --status -o json)" != null ]; then
  echo "A rotation was cut off; it is gone on with." >&2
  exec optra keys rotate --resume
fi
case $to in file:*) force=--force ;; *) force= ;; esac
# Without quotes: it is one word or none.
exec optra keys rotate "$key" --to "$to" $force --grace "${ROTATE_GRACE:-10m}" --yes --reason "${ROTATE_REASON:-nightly rotation}"
