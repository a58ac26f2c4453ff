#!/usr/bin/python3
"""rollover.py DANEWATCH, inside the lab: a change of keys in the scene `rollover-late`, step by step, by what `danewatch rollover` says.

The secondary name server gets a change of the zone only when it is told to: until then the gate says "not yet", with its name.
"""

import datetime
import json
import os
import re
import subprocess
import sys
import tempfile
import time

SCENE = 'rollover-late'
TARGET = f'{SCENE}.lab'
TTL = 5
PATIENCE = 20  # seconds until a name server has loaded a zone


def stage(line):
    with open(os.environ['DANEWATCH_LAB_STAGE'], 'w', encoding='ascii') as stream:
        stream.write(line + '\n')


def danewatch(*words):
    return subprocess.run([sys.argv[1], *words], capture_output=True, text=True, timeout=120, check=False)


def rollover(*words):
    run = danewatch('rollover', *words, TARGET)
    print(f'{" ".join(words[:2])}: {run.returncode}: {run.stdout}{run.stderr}', end='')
    return run


def wait_for(status, text, *words):
    """The zone is loaded a moment after the name server was told to."""
    end = time.monotonic() + PATIENCE
    while True:
        run = rollover(*words)
        if run.returncode == status and re.search(text, run.stdout):
            return run
        if time.monotonic() > end:
            sys.exit(f'{words}: expected {status} and {text}')


def expect(status, text, *words):
    run = rollover(*words)
    if run.returncode != status or not re.search(text, run.stdout):
        sys.exit(f'{words}: expected {status} and {text}')
    return run


def shown_key():
    report = json.loads(danewatch('check', '--json', TARGET).stdout)
    return report['hosts'][0]['endpoints'][0]['chain'][0]['spki_sha256']


def seconds(text):
    return datetime.datetime.fromisoformat(text.replace('Z', '+00:00')).timestamp()


def last_name_server(state, record):
    """When memory says that the last of them was first seen with the record."""
    history = json.loads(danewatch('history', '--state', state, '--json', TARGET).stdout)
    return max(seconds(each['first_seen']) for server in history['name_servers'] for each in server['records']
               if each['record'] == record)


def deploy_when_it_may_be(state, given):
    command = [sys.argv[1], 'rollover', 'gate', 'deploy', '--wait', '--timeout', '100s', *given, TARGET]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as waiting:
        first = waiting.stderr.readline()
        if f'ns2.{TARGET}' not in first or 'at the earliest' not in first:
            sys.exit(f'progress: {first}')
        stage(f'copy {SCENE} 1')
        out, progress = waiting.communicate(timeout=110)
    now = time.time()
    print(f'waited: {first}{progress}{out}', end='')
    if waiting.returncode != 0 or out != 'yes\n' or 'had them' not in progress:
        sys.exit(f'{waiting.returncode}')
    if now < last_name_server(state, given[1]) + 2 * TTL:
        sys.exit('too early')


def main():
    with tempfile.TemporaryDirectory() as folder:
        state = f'{folder}/state.db'
        old = shown_key()
        stage(f'servers {SCENE} switched')
        new = shown_key()
        stage(f'servers {SCENE} settled')
        given = ['--next', f'3 1 1 {new}', '--state', state]
        expect(0, f'^yes\n_25._tcp.mx.{TARGET}. IN TLSA 3 1 1 {new}\n$', 'gate', 'publish', *given)
        expect(2, '^no: .* is not published', 'gate', 'deploy', *given)

        stage(f'{SCENE} published')
        late = rf'^not yet: not before \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ at the earliest: .*ns2\.{TARGET} \(\S+\) does not have'
        wait_for(1, late, 'gate', 'deploy', *given)
        expect(0, '^yes: it is done: .*ns2', 'gate', 'publish', *given)
        expect(2, '^no: .*still shows the key in use', 'gate', 'remove', *given)
        expect(0, 'rumoured.*\n? *.*ns2', 'status', *given)
        deploy_when_it_may_be(state, given)

        stage(f'servers {SCENE} switched')
        wait_for(0, f'^yes\n_25._tcp.mx.{TARGET}. IN TLSA 3 1 1 {old}\n$', 'gate', 'remove', *given)
        stage(f'{SCENE} removed')
        stage(f'copy {SCENE} 1')
        wait_for(0, '^yes: it is done\n$', 'gate', 'remove', *given)
        plan = json.loads(expect(0, '', 'plan', *given, '--json').stdout)
        if not plan['keeps_the_key'] or {step['state'] for step in plan['steps']} != {'done'}:
            sys.exit(f'{plan}')


main()
