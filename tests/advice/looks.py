"""What danewatch and posttls-finger say of a target, and whether one answer is worse than another.

Each is a point on two scales: is it delivered (2 by every way, 1 by some, 0 not at all), and is an attacker kept out (2, 1, 0)?
Whoever trades one for the other has not mended anything, so worse means: less on either scale."""

import json
import os
import re
import socket
import subprocess
from contextlib import nullcontext
from pathlib import Path
from threading import Lock
from typing import NamedTuple

SEVERITIES = ['ok', 'info', 'unknown', 'warning', 'critical']

IMPACTS = {'protected': (2, 2), 'partly-protected': (2, 1), 'unprotected': (2, 0), 'partly-deferred': (1, 2),
           'deferred': (0, 2), 'undeliverable': (0, 0)}

VERDICTS = {'authenticated': (2, 2), 'unusable': (2, 1), 'not-applicable': (2, 0), 'mismatch': (0, 2), 'tls-missing': (0, 2),
            'protocol-error': (0, 2), 'dns-bogus': (0, 2), 'dns-error': (0, 2), 'tempfail': (0, 2), 'unknown': (0, 0),
            'no-service': (0, 0)}

NOWHERE = {'nxdomain', 'no-address'}

FINGER = {'verified': (2, 2), 'unusable': (2, 1), 'unprotected': (2, 0), 'mismatch': (0, 2), 'no TLS': (0, 2), 'nowhere': (0, 0),
          'nothing': (0, 0)}


class Look(NamedTuple):
    scene: str
    target: str
    args: tuple = ()
    trust: str = ''

    def __str__(self):
        return ' '.join([self.target, *self.args])


class Seen(NamedTuple):
    report: dict
    finger: dict  # a word of FINGER by address; empty: not asked


def environment(look):
    return {**os.environ, 'SSL_CERT_FILE': look.trust} if look.trust else None


def balancers():
    """{scene: (a lock, its addresses and ports)} of the scenes where each connection meets another server."""
    world = json.loads(Path(os.environ['DANEWATCH_LAB_WORLD']).read_text(encoding='utf-8'))
    found = {}
    for each in world['endpoints']:
        if each['takes_turns']:
            found.setdefault(each['scene'], (Lock(), []))[1].append((each['address'], each['port']))
    return found


BALANCERS = balancers()


def begin_again(places):
    """The next connection meets the first server: the lab's load balancers begin again when somebody leaves without TLS."""
    for place in places:
        with socket.create_connection(place, timeout=30) as connection:
            connection.sendall(b'QUIT\r\n')
            while connection.recv(4096):
                pass


def run(command, look, anew=True):
    """Whoever looks at a load balancer looks alone and, with `anew`, meets the same servers as the last one who did."""
    lock, places = BALANCERS.get(look.scene, (nullcontext(), []))
    with lock:
        if anew:
            begin_again(places)
        return subprocess.run(command, capture_output=True, text=True, errors='replace', check=False, timeout=120, env=environment(look))


def danewatch(program, look):
    patience = [] if '--timeout' in look.args else ['--timeout', '60s']
    words = [program, 'check', '--json', *patience, look.target, *look.args]
    got = run(words, look)
    try:
        return json.loads(got.stdout)
    except ValueError as error:
        raise RuntimeError(f'{" ".join(words)}: no report: {got.stdout}{got.stderr}') from error


def finger_word(text):
    for word, phrases in (('verified', ['Verified TLS connection established']),
                          ('unusable', ['all TLSA records unusable', 'no usable TLSA records found']),
                          ('mismatch', [': server certificate verification failed']),
                          ('unprotected', ['TLS connection established']),
                          ('no TLS', [' (TLSA): OK']),
                          ('nowhere', ['no data record of requested type', 'Host not found'])):
        if any(phrase in text for phrase in phrases):
            return word
    return 'nothing'


def address_in(text):
    """The one it connected to: Postfix takes one of a host's at random."""
    found = re.search(r'TLS connection established to \S+?\[([0-9a-fA-F.:]+)\]:', text)
    return found[1] if found else ''


def finger(look, report):
    """{address: word} of posttls-finger, where it can be asked about the same: SMTP, and no further words."""
    if report['service'] not in ('smtp', 'submission') or look.args or '/' in look.target or look.target.startswith('_'):
        return {}
    host, _, port = look.target.partition(':')
    if not host.isascii():
        return {}
    command = ['posttls-finger', '-c', '-v', '-t', '10', '-T', '10', f'[{host}]:{port}' if port else host]
    addresses = {each['address'] for each in report['hosts'][0]['endpoints']} if report['hosts'] else set()
    words = {}
    for _ in range(max(1, 4 * (len(addresses) - 1))):
        got = run(command, look, anew=False)
        text = got.stdout + got.stderr
        if 'DNS record count limit' in text:
            return {}  # it takes a hundred of them, at random
        words[address_in(text)] = finger_word(text)
        if len(words) >= len(addresses):
            break
    return words


def look_at(program, look):
    report = danewatch(program, look)
    return Seen(report, finger(look, report))


def point(verdict, reason):
    return (0, 0) if reason in NOWHERE else VERDICTS[verdict]


def hosts(report):
    """{(host, port): point}, and the target itself where it led to no host."""
    if not report['hosts']:
        return {(report['target'], 0): point(report['verdict'], report['reason'])}
    return {(host['host'], host['port']): point(host['verdict'], host['reason']) for host in report['hosts']}


def endpoints(report):
    """{(host, port, address): {view: point}}"""
    found = {}
    for host in report['hosts']:
        for each in host['endpoints']:
            key = (host['host'], host['port'], each['address'])
            found.setdefault(key, {})[each['view']] = point(each['verdict'], each['reason'])
    return found


def is_less(after, before):
    return after[0] < before[0] or after[1] < before[1]


def severity(report):
    """Without that of records which may be another port's or host's: they harm nobody here, and danewatch says so."""
    def is_others(finding):
        return any(step['shared'] for remedy in finding['remedies'] for step in remedy['steps'])
    own = [finding['severity'] for finding in report['findings'] if not is_others(finding)]
    if report['verdict'] != 'authenticated' or len(own) == len(report['findings']):
        return report['severity']
    return max(['ok', *own], key=SEVERITIES.index)


def worse(before, after, halfway=False):
    """What is worse than it was, a sentence each. Halfway through a remedy something may be left over."""
    old, new = before.report, after.report
    said = []
    if not halfway and SEVERITIES.index(severity(new)) > SEVERITIES.index(severity(old)):
        said.append(f'severity {old["severity"]} became {new["severity"]}: {new["summary"]}')
    if old['impact'] and (not new['impact'] or is_less(IMPACTS[new['impact']], IMPACTS[old['impact']])):
        said.append(f'impact {old["impact"]} became {new["impact"]}')
    there = hosts(new)
    for key, was in hosts(old).items():
        if key in there and is_less(there[key], was):
            said.append(f'{key[0]}:{key[1]}: {was} became {there[key]}: {new["summary"]}')
        if key not in there:
            said.append(f'{key[0]}:{key[1]} is not looked at any more: {new["summary"]}')
    now = endpoints(new)
    for key, views in endpoints(old).items():
        name = f'{key[2]} ({key[0]}:{key[1]})'
        if key not in now:
            said.append(f'{name} is not there any more')
            continue
        for view, was in views.items():
            if view in now[key] and is_less(now[key][view], was):
                said.append(f'{name}, {view} view: {was} became {now[key][view]}')
    for address, word in before.finger.items():
        then = after.finger.get(address, after.finger.get(''))
        if then and is_less(FINGER[then], FINGER[word]):
            said.append(f'posttls-finger, {address or "nowhere"}: {word} became {then}')
    return said
