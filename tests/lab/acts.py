#!/usr/bin/python3
"""acts.py DANEWATCH, inside the lab: the scene `rollover` plays its acts, and danewatch sees each of them."""

import json
import os
import subprocess
import sys
import time

PATIENCE = 20  # seconds until a name server has loaded a zone

ACTS = [
    ('settled', 'authenticated', 'ok', ['current']),
    ('published', 'authenticated', 'warning', ['current', 'unmatched']),
    ('switched', 'authenticated', 'warning', ['current', 'unmatched']),
    ('wrong-one-deleted', 'mismatch', 'critical', ['unmatched']),
    ('repaired', 'authenticated', 'ok', ['current']),
]


def seen():
    run = subprocess.run([sys.argv[1], 'check', '--json', 'rollover.lab'], capture_output=True, text=True, timeout=60)
    report = json.loads(run.stdout)
    records = report['hosts'][0]['tlsa'] if report['hosts'] else []
    shown = report['hosts'][0]['endpoints'][0]['chain'][0]['spki_sha256']
    return (report['verdict'], report['severity'], sorted(r['state'] for r in records)), shown


def wait_for(expected):
    end = time.monotonic() + PATIENCE
    while (now := seen())[0] != expected and time.monotonic() < end:
        pass  # a check takes time enough
    if now[0] != expected:
        sys.exit(f'expected {expected}, got {now[0]}')
    return now[1]


def main():
    keys = {}
    for act, verdict, severity, states in ACTS:
        with open(os.environ['DANEWATCH_LAB_STAGE'], 'w', encoding='ascii') as stage:
            stage.write(f'rollover {act}\n')
        keys[act] = wait_for((verdict, severity, states))
        print(f'{act}: {verdict}')
    if keys['settled'] != keys['published'] or keys['switched'] != keys['repaired'] or keys['settled'] == keys['repaired']:
        sys.exit(f'the server showed {keys}')


main()
