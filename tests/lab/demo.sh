#!/bin/sh
# The demo of `./dev run`, inside the lab: a line for each domain, then all about the one with a left-over record.

# Ends the demo unless danewatch ends with the status that these domains deserve.
expect() {
  deserved=$1
  shift
  "$@"
  status=$?
  [ "$status" = "$deserved" ] && return
  echo "demo: exit status $status, should be $deserved" >&2
  exit 1
}

expect 2 danewatch check good.lab stale.lab agile.lab one-bad-address.lab unsigned.lab expired-zone.lab \
  no-starttls.lab web.lab:443
printf '\n$ danewatch check stale.lab\n\n'
expect 1 danewatch check stale.lab
printf '\nYour own domain: ./dev run check example.org\n'
