#!/usr/bin/python3
"""in_lab.py, inside the lab's bulk world (danewatch-lab --bulk 10000 --silent 5): faults of the network around
`danewatch serve`. DANEWATCH names the program."""

import re
import subprocess
import sys
import time
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import Served  # noqa: E402

MEGABYTE = 1 << 20
SILENT_PERCENT = 5
ROUTES = [['-4', 'local', '45.64.0.0/12'], ['-6', 'local', '2a0e:b000::/32']]


def is_silent(number):
    return number * SILENT_PERCENT // 100 != (number - 1) * SILENT_PERCENT // 100


def targets(count, interval):
    return f'defaults: {{interval: {interval}}}\ntargets:\n' + ''.join(f'  - d{n}.bulk.lab\n' for n in range(1, count + 1))


def reasons(server):
    """{number of a target: "verdict/reason"}, and the seconds the scrape took."""
    begin = time.monotonic()
    text = server.text('/metrics')
    seconds = time.monotonic() - begin
    found = re.findall(r'^dane_reason\{target="d(\d+)\.bulk\.lab",verdict="([^"]*)",reason="([^"]*)"\} 1$', text, re.M)
    return {int(number): f'{verdict}/{reason}' for number, verdict, reason in found}, seconds


class ManyTargets(unittest.TestCase):
    def test_ten_thousand_of_which_five_percent_are_silent(self):
        limits = 'limits: {per_provider: 64}\n'
        with Served(targets(10000, '5m') + limits, dns='') as server:
            before = server.memory()
            slowest = 0
            while True:
                seen, seconds = reasons(server)
                slowest = max(slowest, seconds)
                silent = [number for number in seen if is_silent(number)]
                if len(seen) >= 1000 and len(silent) >= 20:
                    break
            wrong = {number: said for number, said in seen.items()
                     if said != ('tempfail/connect' if is_silent(number) else 'authenticated/')}
            self.assertEqual(wrong, {}, 'who is silent harms nobody else')
            self.assertLess(slowest, 5)
            self.assertLess(server.memory() - before, 200 * MEGABYTE)
            status, seconds = server.stop()
            self.assertEqual(status, 0)
            self.assertLess(seconds, 5)


class Strangers(unittest.TestCase):
    """What somebody else names in a request to /probe; targets of the configuration are the operator's own choice."""

    def test_a_name_does_not_lead_to_a_forbidden_address(self):
        allowed = 'allow_targets: ["*.bulk.lab", 10.0.0.0/8]\n'
        with Served('targets: [d2.bulk.lab]\n' + allowed, dns='') as server:
            text = server.text('/probe?target=d1.bulk.lab')
            self.assertIn('\ndane_reason{verdict="unknown",reason="refused-by-policy"} 1\n', text)
            self.assertIn('\nprobe_success 0\n', text)
            self.assertNotIn('dane_cert', text)
            self.assertEqual(server.status('/probe?target=d1.bulk.example'), 403)
            server.until(lambda: reasons(server)[0].get(2) == 'authenticated/')

    def test_where_nothing_is_said_the_internet_is_allowed_and_this_machine_is_not(self):
        with Served(dns='') as server:
            self.assertIn('\nprobe_success 1\n', server.text('/probe?target=d1.bulk.lab'))
            self.assertEqual(server.status('/probe?target=127.0.0.1:22'), 403)


class Network(unittest.TestCase):
    def route(self, action):
        for family, *route in ROUTES:
            subprocess.run(['ip', family, 'route', action, *route, 'dev', 'lo'], check=True)

    def test_gone_and_back_again(self):
        count = 100
        text = targets(count, '1s') + 'modules: {default: {timeout: 8s}}\nlimits: {in_flight: 200, per_provider: 200}\n'

        def wait_for(expected):
            # Who is looked at while the network goes away may stop at any step.
            allowed = re.compile('authenticated/|tempfail/[a-z]+|unknown/no-network')

            def reached():
                seen, _ = reasons(server)
                self.assertEqual([said for said in seen.values() if not allowed.fullmatch(said)], [])
                return Counter(seen.values()) == expected
            server.until(reached, 120)

        silent = sum(is_silent(number) for number in range(1, count + 1))
        healthy = {'authenticated/': count - silent, 'tempfail/connect': silent}
        with Served(text, dns='') as server:
            server.wait_for_log(rb'the DNS root is proven')
            wait_for(healthy)
            self.route('del')
            try:
                # Other options, and so nothing in the cache: as after the minute for which answers are kept.
                server.configure(text + 'resolver: {stubs: ["elsewhere.example=192.0.2.1"]}\n')
                self.assertEqual(server.status('/-/reload', method='POST'), 200)
                wait_for({'unknown/no-network': count})
                server.wait_for_log(rb'the DNS root cannot be proven')
                self.assertEqual(server.metric('danewatch_root_validated'), 0)
                self.assertEqual(server.status('/-/ready'), 200)
            finally:
                self.route('add')
            wait_for(healthy)
            server.wait_for_log(rb'the DNS root is proven(?s:.*)the DNS root is proven')
            self.assertEqual(server.metric('danewatch_root_validated'), 1)


if __name__ == '__main__':
    unittest.main()
