#!/bin/sh
# Looks for keys that should be rotated, revoked or named, and leaves the findings as SARIF. Ends with 1 if there are some, with more if
# it could not look: then there is no file.
#
#   OPTRA_PORTAL_URL, OPTRA_API_KEY   the portal, and a key to it, from the CI system's secrets
#   AUDIT_TO         the file; optra.sarif without it
#   AUDIT_MAX_AGE    the age that a key may have; 90d without it
set -eu
to=${AUDIT_TO:-optra.sarif}
: "${OPTRA_PORTAL_URL:?the address of the portal}" "${OPTRA_API_KEY:?a key}"
rm -f "$to"
code=0
optra keys audit --read-only --max-age "${AUDIT_MAX_AGE:-90d}" --require-name -o sarif --output-file "$to" || code=$?
case $code in
  0) echo "No key has to be looked after." ;;
  1) echo "There are findings: $to" >&2 ;;
  *) echo "audit.sh: the keys could not be looked at; optra explain $code" >&2 ;;
esac
exit $code
