#!/usr/bin/python3
"""serve_demo.py LAB DANEWATCH: the demo of `./dev run serve` is seen from outside of the lab, and lives."""

import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

SCENES = ['rollover', 'good', 'stale', 'agile', 'one-bad-address', 'unsigned', 'expired-zone', 'no-starttls', 'web']
PATIENCE = 90  # seconds


def wait_for(what, condition):
    end = time.monotonic() + PATIENCE
    while not (value := condition()):
        if time.monotonic() > end:
            sys.exit(f'waited in vain for {what}')
        time.sleep(0.2)
    return value


def get(url):
    with urllib.request.urlopen(url, timeout=30) as reply:
        return reply.read().decode('utf-8')


def main():
    lab, danewatch = sys.argv[1:3]
    script = Path(__file__).resolve().parent / 'serve.sh'
    # Each act lasts longer than the demo's ten seconds between two looks, so that none is missed.
    child = subprocess.Popen([lab, '--danewatch', danewatch, '--turn', '12', '--listen', '127.0.0.1:0', *SCENES, '--', script],
                             stdout=subprocess.PIPE, text=True)
    try:
        line = child.stdout.readline()
        if not line and child.wait() == 3:
            return 3  # namespaces are forbidden here, it has said why
        url = re.fullmatch(r'Status page: (http://127\.0\.0\.1:\d+/)\n', line)[1]
        for scene in SCENES:
            wait_for(f'a look at {scene}', lambda: 'Last run' in get(f'{url}targets/{scene}.lab'))
        assert re.search(r'<h2><a href="/targets/agile\.lab">', get(url))
        page = f'{url}targets/rollover.lab'
        for word in ('warning', 'critical', 'ok'):
            wait_for(f'a run of rollover.lab that ended {word}', lambda: re.search(f'<td[^>]*>{word}</td>', get(page)))
    finally:
        child.terminate()
        child.wait(timeout=30)
    return 0


sys.exit(main())
