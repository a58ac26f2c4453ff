#!/usr/bin/python3
"""maze.py CHECK_DANE, inside the lab with the scenes maze and good: eight addresses show chains made to be dear, and nobody
else notices. DANEWATCH names the program."""

import re
import subprocess
import sys
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import BINARY, Served  # noqa: E402

TARGETS = 'defaults: {interval: 10s}\ntargets: [maze.lab, good.lab]\n'
CHECK_DANE = sys.argv[1]


def reason_of(text, target):
    found = re.search(rf'^dane_reason{{target="{target}",verdict="([^"]*)",reason="([^"]*)"}} 1$', text, re.M)
    return found and f'{found[1]}/{found[2]}'


class Maze(unittest.TestCase):
    def run_program(self, *command):
        return subprocess.run(command, capture_output=True, text=True, timeout=60)

    def test_check_says_which_limit(self):
        done = self.run_program(BINARY, 'check', '--timeout', '5s', 'maze.lab')
        self.assertIn('unknown/local-limit', done.stdout)
        self.assertIn('chain-too-costly', done.stdout)
        self.assertNotIn('unmatched', done.stdout)

    def test_the_plugin_says_so_in_its_time(self):
        done = self.run_program(CHECK_DANE, '-H', 'mx.maze.lab', '-p', '25', '--starttls', 'smtp', '-t', '10')
        self.assertIn('take more work than danewatch does for one chain', done.stdout)
        self.assertNotIn('CRITICAL', done.stdout)

    def test_serve_answers_others_and_ends(self):
        with Served(TARGETS, dns='') as server, ThreadPoolExecutor(16) as pool:
            dear = [pool.submit(server.text, '/probe?target=maze.lab') for _ in range(8)]
            fine = [pool.submit(server.text, '/probe?target=good.lab') for _ in range(8)]
            self.assertEqual(server.status('/metrics'), 200)
            for answer in fine:
                self.assertRegex(answer.result(), r'(?m)^dane_verdict.*"authenticated".* 1$')
            for answer in dear:
                self.assertNotRegex(answer.result(), r'(?m)^dane_verdict.*"mismatch".* 1$')
            server.until(lambda: reason_of(server.text('/metrics'), 'maze.lab') == 'unknown/local-limit')
            pool.submit(server.status, '/probe?target=maze.lab')
            status, _ = server.stop()
            self.assertEqual(status, 0)


if __name__ == '__main__':
    unittest.main(argv=sys.argv[:1])
