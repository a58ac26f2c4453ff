#!/usr/bin/python3
"""glue.py, inside the lab with the scenes glue and good: a zone names name servers at this machine and in a private network. Somebody
listens there, and is not asked. DANEWATCH names the program."""

import select
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import BINARY, Served  # noqa: E402

LOOPBACK = ['127.0.0.1', '127.8.9.10', '::1']
PRIVATE = ['10.0.0.1', '192.168.3.4', 'fd00::1']


def listener(address, kind):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    heard = socket.socket(family, kind)
    heard.bind((address, 53))
    if kind == socket.SOCK_STREAM:
        heard.listen()
    return heard


class Glue(unittest.TestCase):
    def setUp(self):
        for address in PRIVATE:
            host = [f'{address}/128', 'dev', 'lo', 'nodad'] if ':' in address else [f'{address}/32', 'dev', 'lo']
            subprocess.run(['ip', 'address', 'replace', *host], check=True)
        self.ears = {listener(address, kind): address for address in LOOPBACK + PRIVATE
                     for kind in (socket.SOCK_DGRAM, socket.SOCK_STREAM)}

    def tearDown(self):
        for ear in self.ears:
            ear.close()

    def asked(self):
        """Who was: what was sent to this machine has arrived when its sender has gone on."""
        ready, _, _ = select.select(list(self.ears), [], [], 0)
        return sorted({self.ears[ear] for ear in ready})

    def test_check_does_not_ask_this_machine(self):
        done = subprocess.run([BINARY, 'check', '--timeout', '20s', 'inside.glue.lab'], capture_output=True, text=True, check=False)
        self.assertEqual([address for address in self.asked() if address in LOOPBACK], [], done.stdout)
        self.assertNotIn('authenticated', done.stdout)

    def test_a_request_to_probe_leads_to_global_name_servers_alone(self):
        with Served(dns='') as server:
            text = server.text('/probe?target=inside.glue.lab', headers={'X-Prometheus-Scrape-Timeout-Seconds': '20'})
            self.assertIn('\nprobe_success 0\n', text)
            self.assertIn('\nprobe_success 1\n', server.text('/probe?target=good.lab'))
            told = server.text('/probe?target=inside.glue.lab&debug=true', headers={'X-Prometheus-Scrape-Timeout-Seconds': '20'})
            self.assertIn('only those with global addresses were asked', told)
            self.assertNotIn('global addresses', server.text('/probe?target=good.lab&debug=true'))
        self.assertEqual(self.asked(), [], text)


if __name__ == '__main__':
    unittest.main()
