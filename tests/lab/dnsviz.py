#!/usr/bin/python3
"""dnsviz.py DANEWATCH SCENE..., inside the lab: does `dnsviz probe -A` see at each address of each name server what danewatch sees,
the same serial and the same TLSA records?

Of a name server that answers nothing of use both must say so. dnsviz finds the lab's root where it looks for that of the world, in
a mount namespace of its own.
"""

import base64
import json
import os
import subprocess
import sys
import tempfile

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype

HINTS = '/usr/share/dnsviz/hints/named.root'
TYPES = ('SOA', 'TLSA')


def seen_by_danewatch(scene):
    """{(address, type): records or serial, None where nothing of use was answered}"""
    run = subprocess.run([sys.argv[1], 'check', '--json', f'{scene}.lab'], capture_output=True, text=True, check=False, timeout=120)
    found = {}
    owner = f'_25._tcp.mx.{scene}.lab'
    for server in json.loads(run.stdout)['servers']:
        if server['zone'] != f'{scene}.lab':
            continue
        for kind in TYPES:
            replies = [reply for reply in server['replies'] if reply['type'] == kind and reply['transport'] == 'udp' and
                       reply['name'] in (server['zone'], owner)]
            useful = [reply for reply in replies if reply['rcode'] == 'NOERROR' and reply['authoritative']]
            found[server['address'], kind] = None
            if useful:
                found[server['address'], kind] = useful[0]['serial'] if kind == 'SOA' else sorted(useful[0]['data'])
    return found


def said(message, kind):
    known = (dns.rcode.NOERROR, dns.rcode.NXDOMAIN) if kind == 'SOA' else (dns.rcode.NOERROR,)
    if message.rcode() not in known or not message.flags & dns.flags.AA:
        return None
    wanted = dns.rdatatype.from_text(kind)
    records = [record for rrset in message.answer + message.authority for record in rrset if rrset.rdtype == wanted]
    if kind == 'SOA':
        return records[0].serial if records else None
    return sorted(f'{record.usage} {record.selector} {record.mtype} {record.cert.hex()}' for record in records)


def seen_by_dnsviz(scene):
    owner = f'_25._tcp.mx.{scene}.lab'
    with tempfile.NamedTemporaryFile(suffix='.json') as file:
        run = subprocess.run(
            ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', 'mount --bind "$1" "$2" && shift 2 && exec "$@"', 'sh',
             os.environ['DANEWATCH_ROOT_HINTS'], HINTS, 'dnsviz', 'probe', '-A', '-n', '-a', f'{scene}.lab', '-R', ','.join(TYPES),
             '-o', file.name, owner], capture_output=True, text=True, check=False, timeout=120)
        if run.returncode != 0:
            sys.exit(f'dnsviz: {run.stderr}')
        seen = json.load(open(file.name, encoding='utf-8'))
    found = {}
    for query in seen[f'{owner}.']['queries']:
        for address, clients in query['responses'].items():
            for reply in clients.values():
                message = dns.message.from_wire(base64.b64decode(reply['message'])) if reply.get('message') else None
                value = said(message, query['qtype']) if message else None
                found[address, query['qtype']] = value
    return found


def main():
    wrong = []
    told_apart = 0
    for scene in sys.argv[2:]:
        ours, theirs = seen_by_danewatch(scene), seen_by_dnsviz(scene)
        if not ours:
            wrong.append(f'{scene}: danewatch asked nobody')
        told_apart += len({str(value) for (_, kind), value in ours.items() if kind == 'TLSA'}) > 1
        for key in sorted(ours.keys() | theirs.keys()):
            if ours.get(key, 'not asked') != theirs.get(key, 'not asked'):
                wrong.append(f'{scene} {key}: danewatch {ours.get(key, "not asked")}, dnsviz {theirs.get(key, "not asked")}')
    if not told_apart:
        wrong.append('no scene has name servers that differ')
    if wrong:
        sys.exit('\n'.join(wrong))


main()
