"""danewatch doctor in the lab: danewatch-lab good -- doctor.py DANEWATCH. Whole worlds that lie are small relays here."""

import json
import os
import select
import socket
import subprocess
import sys
import threading

PORT = 5390
DANEWATCH = sys.argv[1]
failures = []


def doctor(*words):
    """(exit status, {topic: (severity, text)})"""
    result = subprocess.run([DANEWATCH, 'doctor', '--json', *words], capture_output=True, text=True, check=False, timeout=60)
    if result.stderr:
        failures.append(f'{words}: stderr: {result.stderr}')
    items = json.loads(result.stdout)['items'] if result.stdout else []
    return result.returncode, {item['topic']: (item['severity'], item['text']) for item in items}


def expect(words, status, **topics):
    got_status, got = doctor(*words)
    if got_status != status:
        failures.append(f'{words}: status {got_status}, not {status}: {got}')
    for topic, (severity, piece) in topics.items():
        item = got.get(topic.replace('_', ' '))
        if item is None or item[0] != severity or piece not in item[1]:
            failures.append(f'{words}: {topic}: {item}, not {severity}, ... {piece} ...')


def root_server():
    with open(os.environ['DANEWATCH_ROOT_HINTS'], encoding='ascii') as hints:
        return next(line.split()[-1] for line in hints if ' A ' in line.replace('\t', ' '))


class Relay:
    """A forwarder for `. DNSKEY` that hands questions to the lab's root as `change` makes them; None: no answer."""

    def __init__(self, port, change, tcp=False):
        self.udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.udp.bind(('127.0.0.1', port))
        self.tcp = socket.create_server(('127.0.0.1', port)) if tcp else None
        self.change = change
        self.root = (root_server(), 53)
        self.stop_read, self.stop_write = os.pipe()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()

    def run(self):
        upstream = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        asked = {}
        while True:
            ready = select.select([self.udp, upstream, self.stop_read], [], [])[0]
            if self.stop_read in ready:
                upstream.close()
                return
            if self.udp in ready:
                question, client = self.udp.recvfrom(4096)
                asked[question[:2]] = client
                changed = self.change(question)
                if changed is not None:
                    upstream.sendto(changed, self.root)
            if upstream in ready:
                answer = upstream.recv(65535)
                self.udp.sendto(answer, asked[answer[:2]])

    def close(self):
        os.write(self.stop_write, b'x')
        self.thread.join()
        self.udp.close()
        if self.tcp:
            self.tcp.close()


def without_edns(question):
    """The OPT record is the last 11 octets of a question that danewatch or libunbound sends."""
    return question[:10] + b'\0\0' + question[12:-11] if question[11] else question


def main():
    forwarder = ('--forwarder', f'127.0.0.1@{PORT}')
    expect(['mx.good.lab'], 0, trust_anchor=('ok', 'proves the DNS root'), DNS_by_UDP=('ok', 'bytes with EDNS arrive'),
           DNS_by_TCP=('ok', 'answers'), clock=('ok', 'the validity of the root'), port_25=('ok', 'mx.good.lab takes connections'))
    expect(['good.lab'], 0, port_25=('ok', 'mx.good.lab takes connections'),
           TLS_reports=('info', 'good.lab does not ask other mail servers for TLS reports'))
    expect(['lab'], 3, port_25=('unknown', 'lab has no address'))
    expect(['127.0.0.1'], 2, port_25=('critical', '127.0.0.1 refuses connections'))
    expect(['--at', '2045-01-01T00:00:00Z'], 3, clock=('unknown', 'ended 2038-01-01'), trust_anchor=('unknown', 'clock is wrong'))
    expect(['--at', '2001-01-01T00:00:00Z'], 3, clock=('unknown', 'signatures begin'), trust_anchor=('unknown', 'clock is wrong'))
    expect(['--trust-anchor', '/usr/share/dns/root.key'], 3, trust_anchor=('unknown', 'does not prove the DNS root'))
    expect(forwarder, 3, trust_anchor=('unknown', f'The forwarder 127.0.0.1@{PORT} does not answer'))
    for change, tcp, status, topics in (
            (lambda question: None, True, 3, {'trust_anchor': ('unknown', 'does not answer')}),
            (without_edns, False, 3, {'trust_anchor': ('unknown', 'answers without DNSSEC signatures')}),
            (lambda question: question, False, 1, {'trust_anchor': ('ok', 'proves'), 'DNS_by_UDP': ('ok', 'arrive'),
                                                   'DNS_by_TCP': ('warning', 'refuses TCP')})):
        relay = Relay(PORT, change, tcp)
        try:
            expect(forwarder, status, **topics)
        finally:
            relay.close()
    for failure in failures:
        print(failure)
    sys.exit(1 if failures else 0)


main()
