"""What it costs `danewatch check` to ask each name server by itself; run inside the lab with tests/bench/servers.yaml:

    danewatch-lab --scenes tests/bench/servers.yaml -- python3 tests/bench/servers.py DANEWATCH

Two name servers with two addresses each, by UDP and TCP. Checks with and without in turns; CPU and elapsed time of one check. Prints
one JSON object; status 1 and a list `missed` where a figure is over its budget. Needs nothing but Python."""

import json
import resource
import statistics
import subprocess
import sys
import time

TARGET = 'two-by-two.lab'
ROUNDS = 5
CHECKS = 10  # of each in a round
BUDGET = {'more_s': 2}


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def check(word):
    """(CPU, elapsed seconds) of one, as the mean of a few."""
    cpu, begun = spent(), time.monotonic()
    for _ in range(CHECKS):
        run = subprocess.run([sys.argv[1], 'check', '--json', '--servers', word, TARGET], capture_output=True, check=False, timeout=60)
        report = json.loads(run.stdout)
        if report['verdict'] != 'authenticated' or len(report.get('servers', [])) != (4 if word == 'yes' else 0):
            sys.exit(f'--servers {word}: {run.stdout.decode()}')
    return (spent() - cpu) / CHECKS, (time.monotonic() - begun) / CHECKS


def main():
    seen = {'no': [], 'yes': []}
    for _ in range(ROUNDS):
        for word, figures in seen.items():
            figures.append(check(word))
    cpu = {word: statistics.median(cpu for cpu, _ in figures) for word, figures in seen.items()}
    elapsed = {word: statistics.median(time for _, time in figures) for word, figures in seen.items()}
    result = {'bench': 'servers', 'addresses': 4, 'cpu_ms_without': round(cpu['no'] * 1000, 1),
              'cpu_ms_with': round(cpu['yes'] * 1000, 1), 'cpu_ratio': round(cpu['yes'] / cpu['no'], 3),
              'more_s': round(elapsed['yes'] - elapsed['no'], 4)}
    missed = [name for name, most in BUDGET.items() if result[name] > most]
    if missed:
        result['missed'] = missed
    print(json.dumps(result))
    sys.exit(1 if missed else 0)


main()
