#!/usr/bin/python3
"""history.py DANEWATCH KILLS, inside the lab: `danewatch serve` on the scene `rollover`, whose acts go round all the time, is killed
at random moments. Each time the file is whole, and every event that was served before is in it; so is each file of evidence.
"""

import collections
import json
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from pathlib import Path

ACTS = ('published', 'switched', 'wrong-one-deleted', 'repaired', 'settled')
PATIENCE = 30


def turn_acts(stop):
    while not stop.is_set():
        for act in ACTS:
            Path(os.environ['DANEWATCH_LAB_STAGE']).write_text(f'rollover {act}\n', encoding='ascii')
            if stop.wait(0.7):
                return


class Serve:
    def __init__(self, folder):
        self.process = subprocess.Popen([sys.argv[1], 'serve', '--config.file', f'{folder}/danewatch.yml', '--web.listen-address',
                                         '127.0.0.1:0'], stderr=subprocess.PIPE)
        log = b''
        while b'ready\n' not in log:
            line = self.process.stderr.readline()
            if not line:
                sys.exit(f'ended: {log.decode()}')
            log += line
        if b'history' in log:
            sys.exit(log.decode())
        self.address = re.search(rb'listening on (\S+)', log)[1].decode()

    def metrics(self):
        with urllib.request.urlopen(f'http://{self.address}/metrics', timeout=PATIENCE) as answer:
            return answer.read().decode()

    def events(self):
        return collections.Counter({code: int(count) for code, count in
                                    re.findall(r'^dane_events_total\{code="([^"]+)"\} (\d+)$', self.metrics(), re.M)})

    def kill(self):
        self.process.kill()
        self.process.wait(PATIENCE)
        self.process.stderr.close()


def kept(file):
    connection = sqlite3.connect(file)
    try:
        if (said := connection.execute('PRAGMA integrity_check').fetchone()) != ('ok',):
            sys.exit(f'integrity_check: {said}')
        return collections.Counter(code for code, in connection.execute('SELECT code FROM event'))
    finally:
        connection.close()


def kill_often(folder, kills):
    """The number of events in the end."""
    chance = random.Random(1)
    before = collections.Counter()
    for _ in range(kills):
        server = Serve(folder)
        until = time.monotonic() + chance.random() * 1.2
        served = server.events()
        while time.monotonic() < until:
            served = server.events()
        server.kill()
        now = kept(f'{folder}/history.db')
        if missing := before + served - now:
            sys.exit(f'served and lost: {missing}')
        before = now
    return sum(before.values())


def since(text):
    return re.findall(r'^(dane_tlsa_record_first_seen_timestamp_seconds\{.*) (\S+)$', text, re.M)


def runs(text):
    return sum(int(count) for count in re.findall(r'^danewatch_probes_total\{.*\} (\d+)$', text, re.M))


def settled(server):
    """What is known of the records once nothing has changed for three runs: the zone is loaded, and all is on the disk."""
    end = time.monotonic() + PATIENCE
    known, begin = None, 0
    while time.monotonic() < end:
        text = server.metrics()
        if since(text) != known:
            known, begin = since(text), runs(text)
        elif known and runs(text) >= begin + 3:
            return known
    sys.exit(f'does not settle: {known}')


def restart_keeps(folder):
    """What was known of a record is known again at the first scrape after a kill."""
    server = Serve(folder)
    known = settled(server)
    first = dict(known)
    server.kill()
    server = Serve(folder)
    end = time.monotonic() + PATIENCE
    while not (known := since(server.metrics())) and time.monotonic() < end:
        pass
    with urllib.request.urlopen(f'http://{server.address}/api/v1/history/rollover.lab', timeout=PATIENCE) as answer:
        history = json.load(answer)
    with urllib.request.urlopen(f'http://{server.address}/api/v1/events?since=1d', timeout=PATIENCE) as answer:
        events = [json.loads(line) for line in answer.read().splitlines()]
    server.kill()
    if not history['records'] or not events or events[0]['schema'] != 'danewatch.event/1' or len(events) != len(history['events']):
        sys.exit(f'{history}, {events}')
    if not first or dict(known) != first:
        sys.exit(f'first seen: {first}, after the kill {known}')


def evidence_is_whole(folder):
    """What was kept of changes can be judged, whatever was killed while it was written; and the page leads to it."""
    server = Serve(folder)
    link = re.compile(r'href="(/api/v1/reports/rollover\.lab/evidence\?at=[0-9TZ:-]+)"')
    with urllib.request.urlopen(f'http://{server.address}/targets/rollover.lab', timeout=PATIENCE) as answer:
        links = link.findall(answer.read().decode())
    if not links:
        sys.exit('the page leads to no evidence')
    with urllib.request.urlopen(f'http://{server.address}{links[0]}', timeout=PATIENCE) as answer:
        served = answer.read()
    server.kill()
    files = sorted(Path(folder, 'evidence').glob('*/*.json'))
    if not 0 < len(files) <= 20 or served not in {file.read_bytes() for file in files}:
        sys.exit(f'{len(files)} files of evidence, and what is served is not one of them')
    for file in files:
        judged = subprocess.run([sys.argv[1], 'judge', file], capture_output=True, text=True, check=False)
        if judged.stderr or judged.returncode not in (0, 1, 2) or 'rollover.lab' not in judged.stdout:
            sys.exit(f'{file}: {judged}')


def main():
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, 'danewatch.yml').write_text(
            f'targets: [rollover.lab]\ndefaults: {{interval: 1s}}\nhistory: {{file: {folder}/history.db, evidence: {folder}/evidence}}\n', encoding='ascii')
        stop = threading.Event()
        acts = threading.Thread(target=turn_acts, args=(stop,))
        acts.start()
        try:
            events = kill_often(folder, int(sys.argv[2]))
        finally:
            stop.set()
            acts.join()
        if events == 0:
            sys.exit('nothing happened')
        print(f'{sys.argv[2]} kills, {events} events')
        restart_keeps(folder)
        evidence_is_whole(folder)


main()
