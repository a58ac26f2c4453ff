#!/usr/bin/python3
"""secondary.py DANEWATCH, inside the lab with the scene `secondary`: a real Knot is the primary name server of a zone and a real NSD its
secondary. Transfers stop, a record is published, transfers go on: danewatch says which of them lags and how, and memory tells from
when to when they differed.
"""

import contextlib
import datetime
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / 'advice'))
from zones import Zones, serial_at, tell  # noqa: E402

ORIGIN = 'secondary.lab'
PATIENCE = 30


def until(what, condition):
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            sys.exit(f'never: {what}')


def addresses(zones):
    """{name: address} of the two, as the zone above has them."""
    above = (zones.dir / 'lab.zone').read_text(encoding='utf-8')
    return dict(re.findall(rf'^(ns[12])\.{re.escape(ORIGIN)}\.\s+\d+\s+IN\s+A\s+(\S+)$', above, re.M))


class Primary:
    """Knot, with the zone as the lab signs it."""

    def __init__(self, folder, own, secondary):
        self.folder, self.address = folder, own
        self.config = folder / 'knot.conf'
        self.config.write_text(
            f'server:\n  rundir: {folder}\n  listen: {own}@53\n  udp-workers: 1\n  tcp-workers: 1\n  background-workers: 1\n'
            f'  nsid: primary\nlog:\n  - target: stderr\n    any: info\n'
            f'database:\n  storage: {folder}\n  kasp-db-max-size: 20M\n  journal-db-max-size: 20M\n  timer-db-max-size: 1M\n'
            f'remote:\n  - id: secondary\n    address: {secondary}@53\n    via: {own}\n'
            f'acl:\n  - id: transfer\n    address: {secondary}\n    action: transfer\n'
            f'zone:\n  - domain: {ORIGIN}\n    file: {folder}/zone\n    zonefile-sync: -1\n    zonefile-load: whole\n'
            f'    journal-content: none\n    notify: secondary\n    acl: transfer\n', encoding='ascii')
        self.process = None

    def take(self, zone):
        (self.folder / 'zone').write_bytes(zone.read_bytes())
        if self.process is None:
            log = open(self.folder / 'knot.log', 'wb')
            self.process = subprocess.Popen(['/usr/sbin/knotd', '-c', self.config], stdout=log, stderr=log)
        else:
            self.process.send_signal(signal.SIGHUP)


class Secondary:
    """NSD, with the zone as Knot hands it over. Its first process is the one that fetches zones; others answer."""

    def __init__(self, folder, own, primary):
        config = folder / 'nsd.conf'
        config.write_text(
            f'server:\n  ip-address: {own}\n  zonesdir: "{folder}"\n  username: ""\n  pidfile: "{folder}/nsd.pid"\n  database: ""\n'
            f'  xfrdfile: ""\n  zonelistfile: ""\n  xfrdir: "{folder}"\n  server-count: 1\n  rrl-ratelimit: 0\n'
            f'  nsid: "ascii_secondary"\nremote-control:\n  control-enable: no\n'
            f'zone:\n  name: "{ORIGIN}"\n  request-xfr: AXFR {primary}@53 NOKEY\n  allow-notify: {primary} NOKEY\n'
            f'  outgoing-interface: {own}\n', encoding='ascii')
        log = open(folder / 'nsd.log', 'wb')
        self.process = subprocess.Popen(['/usr/sbin/nsd', '-d', '-c', config], stdout=log, stderr=log)

    def stop_transfers(self):
        self.process.send_signal(signal.SIGSTOP)

    def resume_transfers(self):
        self.process.send_signal(signal.SIGCONT)


class Play:
    def __init__(self, folder):
        self.zones = Zones()
        self.folder = folder
        found = addresses(self.zones)
        self.ns1, self.ns2 = found['ns1'], found['ns2']
        for name in ('knot', 'nsd'):
            (folder / name).mkdir()
        self.primary = Primary(folder / 'knot', self.ns1, self.ns2)
        self.secondary = Secondary(folder / 'nsd', self.ns2, self.ns1)
        self.state = folder / 'state.db'

    def publish(self, lines):
        """At the primary; whether the secondary hears of it is another matter."""
        self.zones.publish({ORIGIN: lines})
        self.primary.take(self.zones.dir / f'{ORIGIN}.zone')
        until('the primary has the zone', lambda: serial_at(self.ns1, ORIGIN) == self.zones.serial)

    def look(self):
        run = subprocess.run([sys.argv[1], 'check', '--json', '--state', self.state, ORIGIN], capture_output=True, text=True, check=False,
                             timeout=60)
        if run.stderr:
            sys.exit(run.stderr)
        report = json.loads(run.stdout)
        return report, {finding['code']: finding for finding in report['findings']}

    def events(self):
        run = subprocess.run([sys.argv[1], 'history', '--state', self.state, '--json', ORIGIN], capture_output=True, text=True, check=True,
                             timeout=60)
        return [event for event in json.loads(run.stdout)['events'] if event['code'].startswith('server-')]


def expect(condition, what):
    if not condition:
        sys.exit(str(what))


def at(event):
    return datetime.datetime.fromisoformat(event['at'].replace('Z', '+00:00')).timestamp()


def play(folder):
    show = Play(folder)
    lines = show.zones.first[ORIGIN]
    show.publish(lines)
    until('the secondary has the zone', lambda: serial_at(show.ns2, ORIGIN) == show.zones.serial)
    report, found = show.look()
    expect(report['verdict'] == 'authenticated' and not any(code.startswith('server') for code in found), report['findings'])
    expect({server['nsid'] for server in report['servers']} == {'primary', 'secondary'}, report['servers'])

    show.secondary.stop_transfers()
    next_record = f'_25._tcp.mx.{ORIGIN}. 5 IN TLSA 3 1 1 {"ab" * 32}'
    before = int(time.time())
    show.publish([*lines, next_record])
    report, found = show.look()
    expect(serial_at(show.ns2, ORIGIN) == show.zones.serial - 1, 'the secondary has heard of it')
    differs = found.get('server-differs', {})
    expect(f'ns2.{ORIGIN} ({show.ns2})' in differs.get('text', ''), report['findings'])
    expect('ns1' in differs['fix'] and 'transfer' in differs['fix'], differs)
    until('it differs still, seconds later', lambda: 'server-differs' in show.look()[1] and int(time.time()) >= before + 2)
    show.secondary.resume_transfers()
    until('the secondary has the new zone', lambda: serial_at(show.ns2, ORIGIN) == show.zones.serial)
    report, found = show.look()
    after = int(time.time())
    expect('server-differs' not in found and report['verdict'] == 'authenticated', report['findings'])
    events = show.events()
    expect([event['code'] for event in events] == ['server-differs', 'server-agrees'], events)
    first, second = events
    expect(all(show.ns2 in json.dumps(event) for event in events), events)
    expect(before <= at(first) < at(second) <= after, (before, events, after))
    return show


def main():
    folder = Path(os.environ['DANEWATCH_LAB_WORLD']).parent / 'secondary'
    folder.mkdir()
    show = None
    try:
        show = play(folder)
    finally:
        for log in ('knot/knot.log', 'nsd/nsd.log'):
            with contextlib.suppress(OSError):
                if show is None:
                    print((folder / log).read_text(encoding='utf-8', errors='replace')[-3000:])


main()
