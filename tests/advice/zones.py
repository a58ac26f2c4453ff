"""The zones of a running lab of scenes, which can be changed: danewatch-lab signs them again with the keys they have."""

import json
import os
import socket
import subprocess
import time
from pathlib import Path

PATIENCE = 60  # seconds until a name server has loaded its zones
A_MOMENT = 3  # seconds until it is told again
SIGNER_TYPES = {'RRSIG', 'NSEC', 'NSEC3', 'NSEC3PARAM', 'DNSKEY'}


class Unloadable(ValueError):
    """A record that no name server loads: the lab's answers with it are made up, and no zone holds it."""


def canonical(line):
    """(owner, type, data) of a zone line, however it is spelled; the TTL is nobody's business."""
    words = line.lower().split()
    owner, rest = words[0].rstrip('.'), words[1:]
    if rest[0].isdigit():
        rest = rest[1:]
    if rest[0] == 'in':
        rest = rest[1:]
    data = rest[1:]
    if rest[0] == 'tlsa':
        data = [*data[:3], ''.join(data[3:])]
    return owner, rest[0].upper(), ' '.join(data)


def changed(lines, steps):
    """The zone's lines after steps ('add' | 'remove', line). What is removed must be there, what is added joins its set."""
    result = list(lines)
    for do, line in steps:
        key = canonical(line)
        there = [each for each in result if canonical(each) == key]
        if do == 'remove':
            if not there and '\\#' in line:
                raise Unloadable(line)
            if not there:
                raise ValueError(f'not in the zone: {line}')
            result = [each for each in result if canonical(each) != key]
        elif not there:
            beside = [each for each in result if canonical(each)[:2] == key[:2]]
            ttl = beside[0].split()[1] if beside else '300'
            result.append(f'{key[0]}. {ttl} IN {key[1]} {key[2]}')
    return result


def serial_at(server, origin):
    """The serial of the zone as this name server tells it, None: no answer."""
    query = b'\x4c\x61\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00'
    for label in origin.split('.'):
        query += bytes([len(label)]) + label.encode('ascii')
    query += b'\x00\x00\x06\x00\x01'
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(1)
        try:
            udp.sendto(query, (server, 53))
            answer = udp.recv(65535)
        except OSError:
            return None
    at = len(query)
    if len(answer) < at + 12 or answer[6:8] == b'\x00\x00':
        return None
    length = int.from_bytes(answer[at + 10:at + 12], 'big')  # after a pointer to the name
    data = answer[at + 12:at + 12 + length]
    return int.from_bytes(data[-20:-16], 'big')


def forget(zone):
    """The resolver of the lab asks again for everything in the zone."""
    conf = Path(os.environ['DANEWATCH_LAB_WORLD']).parent / 'unbound' / 'unbound.conf'
    subprocess.run(['unbound-control', '-c', conf, 'flush_zone', zone], check=True, stdout=subprocess.DEVNULL, timeout=30)


def tell(line):
    with open(os.environ['DANEWATCH_LAB_STAGE'], 'w', encoding='ascii') as stage:
        stage.write(line + '\n')


class Zones:
    def __init__(self):
        world = json.loads(Path(os.environ['DANEWATCH_LAB_WORLD']).read_text(encoding='utf-8'))
        self.checks, self.endpoints = world['checks'], world['endpoints']
        self.servers = {zone['origin']: zone['server'] for zone in world['zones']}
        self.acts = world['acts']
        self.dir = Path(os.environ['DANEWATCH_LAB_WORLD']).parent
        self.serial = 1
        self.now = {origin: self.first_lines(origin) for origin in self.servers if origin not in ('.', 'lab')}
        self.first = {origin: list(lines) for origin, lines in self.now.items()}

    def first_lines(self, origin):
        text = (self.dir / f'{origin}.zone').read_text(encoding='utf-8')
        lines = [line for line in text.splitlines() if line and not line.startswith(';')]
        return [line for line in lines if canonical(line)[1] not in SIGNER_TYPES]

    def zone_of(self, line):
        owner = canonical(line)[0]
        above = [origin for origin in self.now if owner == origin or owner.endswith('.' + origin)]
        return max(above, key=len) if above else None

    def after(self, steps, state):
        """The state {origin: lines} after the steps; ValueError where they cannot be carried out."""
        result = dict(state)
        for do, line in steps:
            origin = self.zone_of(line)
            if origin is None:
                raise ValueError(f'in no zone of the lab: {line}')
            result[origin] = changed(result.get(origin, self.first[origin]), [(do, line)])
        return result

    def turn(self, scene, act):
        """The scene's servers show what the act says; its zone stays."""
        tell(f'servers {scene} {act}')

    def publish(self, states):
        """Has the zones {origin: lines} loaded, waits until they are, and has the resolver forget what they were."""
        self.serial += 1
        for origin, lines in states.items():
            soa = lines[0].split()
            soa[-5] = str(self.serial)
            (self.dir / f'{origin}.lines').write_text('\n'.join([' '.join(soa), *lines[1:]]) + '\n', encoding='utf-8')
            self.now[origin] = lines
        waiting, end = set(states), time.monotonic() + PATIENCE
        while waiting:
            for origin in waiting:
                tell(f'zone {origin} {self.dir / origin}.lines')
            waiting = self.not_loaded(waiting, time.monotonic() + A_MOMENT)
            if time.monotonic() > end:
                raise RuntimeError(f'not loaded: {sorted(waiting)}')
        if states:
            forget('lab')

    def not_loaded(self, origins, until):
        """A name server that is told again and again while it loads may miss a word."""
        while origins and time.monotonic() < until:
            origins = {origin for origin in origins if serial_at(self.servers[origin], origin) != self.serial}
        return origins
