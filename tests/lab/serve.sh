#!/bin/sh
# The demo of `./dev run serve`, inside the lab. The socket it listens on was opened outside (danewatch-lab --listen), so
# that a browser there reaches it.
printf 'Status page: %s\nMetrics:     %smetrics\n' "$DANEWATCH_LAB_URL" "$DANEWATCH_LAB_URL"
printf 'Every 10 seconds danewatch looks at nine domains of the private internet; rollover.lab changes its key all the time.\n'
printf 'Ctrl-C ends it.\n'
exec danewatch serve --config.file "$(dirname "$0")/serve.yml"
