#!/usr/bin/python3
"""ends.py LAB DANEWATCH SCENES: whatever the lab's real servers have started ends with the lab, however it ends."""

import os
import select
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 30  # seconds
EXPECTED = {'master', 'dovecot', 'anvil', 'postgres', 'knotd'}  # Postfix's master leaves its session


def network_of(pid):
    try:
        return os.readlink(f'/proc/{pid}/ns/net')
    except OSError:
        return None


def name_of(pid):
    try:
        return Path(f'/proc/{pid}/comm').read_text(encoding='utf-8').strip()
    except OSError:
        return ''


def members(network):
    return [int(entry) for entry in os.listdir('/proc') if entry.isdigit() and network_of(entry) == network]


def wait_for_the_end_of(network):
    end = time.monotonic() + PATIENCE
    while left := members(network):
        if time.monotonic() > end:
            sys.exit(f'still there: {[name_of(pid) for pid in left]}')
        try:
            one = os.pidfd_open(left[0])
        except ProcessLookupError:
            continue
        select.select([one], [], [], PATIENCE)
        os.close(one)


def run(lab, danewatch, scenes, finish):
    command = [lab, '--danewatch', danewatch, '--quiet', '--scenes', scenes, 'rollover-before', 'mailbox', 'database',
               'zsk-retired', '--', '/bin/sh', '-c', 'echo there; read line']
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        line = child.stdout.readline()
        if not line and child.wait() == 3:
            return 3  # it has said why
        assert line == b'there\n', line
        network = network_of(child.pid)
        assert network != network_of(os.getpid())
        names = {name_of(pid) for pid in members(network)}
        assert names >= EXPECTED, EXPECTED - names
        finish(child)
        child.wait(timeout=PATIENCE)
        wait_for_the_end_of(network)
    finally:
        child.kill()
        child.wait()
    return 0


def main():
    return run(*sys.argv[1:], lambda child: child.stdin.close()) or run(*sys.argv[1:], lambda child: child.kill())


sys.exit(main())
