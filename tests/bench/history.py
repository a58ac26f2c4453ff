"""What memory costs `danewatch serve`; run inside the lab's bulk world:

    danewatch-lab --bulk 10000 -- python3 tests/bench/history.py DANEWATCH 10000

Two services look at the same targets, one with a history and one without, in turns. Prints one JSON object; status 1 and
a list `missed` where a figure is over its budget. Needs nothing but Python."""

import http.client
import json
import os
import re
import select
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PORT = 19115
TURNS = 3  # of each
LULL = 20  # seconds of scheduled runs in a turn
ASKED = 1000  # times in a turn, how long the probes' loop takes to turn to something new
BUDGET = {'loop_p99_ratio': 1.1, 'cpu_per_run_ratio': 1.05, 'restored_s': 2}


def ask(path):
    connection = http.client.HTTPConnection('127.0.0.1', PORT, timeout=60)
    connection.request('GET', path)
    body = connection.getresponse().read()
    connection.close()
    return body


def wait(seconds):
    select.select([], [], [], seconds)


def runs():
    return sum(int(count) for count in re.findall(rb'^danewatch_probes_total\{.*\} (\d+)$', ask('/metrics'), re.M))


def cpu_seconds(pid):
    fields = Path(f'/proc/{pid}/stat').read_text(encoding='ascii').rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def p99(seconds):
    return sorted(seconds)[len(seconds) * 99 // 100 - 1]


class Service:
    def __init__(self, binary, path):
        self.begun = time.monotonic()
        self.process = subprocess.Popen([binary, 'serve', '--config.file', path, '--web.listen-address', f'127.0.0.1:{PORT}'],
                                        stderr=subprocess.PIPE, text=True)
        if not any(line.endswith('ready\n') for line in self.process.stderr):
            raise SystemExit('danewatch did not start')

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()
        self.process.stderr.close()

    def wait_for_runs(self, count):
        while runs() < count:
            wait(0.5)

    def turn(self, count):
        """(seconds of CPU for a run, 99th percentile of the loop's latency in seconds)"""
        self.wait_for_runs(count)
        cpu, before = cpu_seconds(self.process.pid), runs()
        latencies = []
        end = time.monotonic() + LULL
        while time.monotonic() < end or len(latencies) < ASKED:
            begin = time.monotonic()
            ask('/probe?target=127.0.0.1:1')  # an address that policy refuses: the loop's own time and nothing else
            latencies.append(time.monotonic() - begin)
            wait(0.01)
        return (cpu_seconds(self.process.pid) - cpu) / (runs() - before), p99(latencies)


def configuration(folder, count, history):
    path = os.path.join(folder, 'danewatch.yml')
    targets = ''.join(f'  - d{number}.bulk.lab\n' for number in range(1, count + 1))
    Path(path).write_text(f'defaults: {{interval: 30s, detail: summary}}\ntargets:\n{targets}{history}'
                          'limits: {in_flight: 200, per_provider: 200}\n', encoding='ascii')
    return path


def measure(binary, count, folder):
    database = os.path.join(folder, 'history.db')
    with_it = configuration(folder, count, f'history: {{file: {database}}}\n')
    os.mkdir(os.path.join(folder, 'without'))
    without = configuration(os.path.join(folder, 'without'), count, '')
    turns = {with_it: [], without: []}
    for _ in range(TURNS):
        for path in (without, with_it):
            with Service(binary, path) as service:
                turns[path].append(service.turn(count))
    begun = time.monotonic()
    with Service(binary, with_it):
        restored = time.monotonic() - begun
    begun = time.monotonic()
    with Service(binary, without):
        started = time.monotonic() - begun
    ratio = lambda which: round(statistics.median(turn[which] for turn in turns[with_it]) /
                                statistics.median(turn[which] for turn in turns[without]), 3)
    figures = {'bench': 'history', 'targets': count, 'turns': TURNS, 'cpu_per_run_ratio': ratio(0), 'loop_p99_ratio': ratio(1),
               'loop_p99_ms': round(statistics.median(turn[1] for turn in turns[with_it]) * 1000, 2),
               'restored_s': round(restored - started, 2), 'octets_per_target': os.path.getsize(database) // count}
    figures['missed'] = [name for name, most in BUDGET.items() if figures[name] > most]
    return figures


def main():
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(sys.argv[1], int(sys.argv[2]), folder)
    print(json.dumps(figures))
    sys.exit(1 if figures['missed'] else 0)


main()
