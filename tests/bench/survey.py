#!/usr/bin/python3
"""survey.py DANEWATCH BENCH, inside the lab's bulk world: what a survey costs, beside bare lookups and `check --file` of the
same names. One line of JSON: ratios are of one run, because machines differ and are noisy."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DANEWATCH, BENCH = sys.argv[1:3]
NAMES = os.environ['DANEWATCH_LAB_TARGETS']


def measured(command):
    """Seconds, CPU seconds, peak memory in kB of one command."""
    began = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1, 2, 3):
        sys.exit(f'{command}: {status}')
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss


def main():
    count = len(Path(NAMES).read_text().split())
    some = min(count, 5000)
    with tempfile.TemporaryDirectory() as folder:
        few = Path(folder) / 'few'
        few.write_text('\n'.join(Path(NAMES).read_text().split()[:some]) + '\n')
        lookup = json.loads(subprocess.run([BENCH, 'lookups', str(some)], capture_output=True, text=True, check=True).stdout)
        seconds, cpu, memory = measured([DANEWATCH, 'survey', '--in', NAMES, '--out', f'{folder}/out'])
        check_seconds, check_cpu, _ = measured([DANEWATCH, 'check', '--json', '--jobs', '256', '--file', str(few)])
        size = sum(path.stat().st_size for path in Path(f'{folder}/out').glob('*.zst'))
    print(json.dumps({'bench': 'survey', 'domains': count, 'seconds': round(seconds, 1), 'domains_per_second': round(count / seconds, 1),
                      'cpu_us_per_domain': round(cpu / count * 1e6), 'mx_lookup_cpu_us': lookup['mx_lookup_cpu_us'],
                      'cpu_ratio_to_lookup': round(cpu / count * 1e6 / lookup['mx_lookup_cpu_us'], 2),
                      'check_domains_per_second': round(some / check_seconds, 1),
                      'check_cpu_us_per_domain': round(check_cpu / some * 1e6),
                      'rate_ratio_to_check': round(count / seconds / (some / check_seconds), 2),
                      'peak_rss_kb': memory, 'bytes_per_domain': round(size / count)}))


main()
