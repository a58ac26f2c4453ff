#!/usr/bin/python3
"""memory.py DANEWATCH CHECK_DANE, inside the lab: `check --state --changes` through the acts of the scene `rollover`.

Silent while nothing changes, a mail at every act; `history` and `changes` know it all afterwards. And `check_dane --state` says which
record is stale.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

PATIENCE = 20  # seconds until a name server has loaded a zone

# Act, and events that it must make. What depends on how long an act took is not asked for.
ACTS = [
    ('published', {'tlsa-added', 'verdict-changed'}),
    ('switched', {'key-changed'}),
    ('wrong-one-deleted', {'tlsa-removed', 'removed-too-early', 'verdict-changed'}),
    ('repaired', {'tlsa-added', 'tlsa-removed', 'verdict-changed'}),
]


def danewatch(*words):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=60, check=False)


def check(state):
    run = danewatch('check', '--state', state, '--changes', 'rollover.lab')
    if run.stderr:
        sys.exit(f'standard error: {run.stderr}')
    return run.stdout


def events(state):
    lines = danewatch('changes', '--state', state, '--json').stdout.splitlines()
    return [json.loads(line)['code'] for line in lines]


def mail_after(act, state):
    with open(os.environ['DANEWATCH_LAB_STAGE'], 'w', encoding='ascii') as stage:
        stage.write(f'rollover {act}\n')
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:  # a check takes time enough
        mail = check(state)
        if mail:
            return mail
    sys.exit(f'{act}: no mail')


def settled(state, wanted, known):
    """The zone and the server turn one after the other; a look may fall between."""
    end = time.monotonic() + PATIENCE
    while not wanted <= set(events(state)[known:]) and time.monotonic() < end:
        check(state)
    return wanted - set(events(state)[known:])


def plugin(state):
    run = subprocess.run([sys.argv[2], '-H', 'rollover.lab', '--state', state], capture_output=True, text=True, timeout=60, check=False)
    if run.returncode == 3:
        sys.exit(run.stdout)
    return run.stdout


def main():
    with tempfile.TemporaryDirectory() as folder:
        state = f'{folder}/state.db'
        for _ in range(3):
            if mail := check(state):
                sys.exit(f'a mail, and nothing changed: {mail}')
        remembered = {}
        for act, wanted in ACTS:
            known = len(events(state))
            mail = mail_after(act, state)
            if 'changed   ' not in mail or 'rollover.lab' not in mail:
                sys.exit(f'{act}: {mail}')
            if missing := settled(state, wanted, known):
                sys.exit(f'{act}: no {missing} in {events(state)[known:]}')
            if mail := check(state):
                sys.exit(f'{act}, told twice: {mail}')
            print(f'{act}: {", ".join(events(state)[known:])}')
            if act in ('published', 'switched'):
                remembered[act] = plugin(f'{folder}/service.db')
        if ': never matched what is shown; published since' not in remembered['published']:
            sys.exit(remembered['published'])
        if ': stale since ' not in remembered['switched']:
            sys.exit(remembered['switched'])
        if 'nothing is remembered of this run: --state ' not in plugin(folder):
            sys.exit('a folder took the memory')
        history = json.loads(danewatch('history', '--state', state, '--json', 'rollover.lab').stdout)
        if sorted(record['state'] for record in history['records']) != ['gone', 'gone', 'in-use']:
            sys.exit(f'records: {history["records"]}')


main()
