"""Costs of `danewatch serve` with many scheduled targets; run inside the lab's bulk world:

    danewatch-lab --bulk 10000 --silent 5 -- python3 tests/bench/serve.py DANEWATCH 10000

Prints one JSON object. Needs nothing but Python."""

import http.client
import json
import os
import select
import subprocess
import sys
import tempfile
import threading
import time

PORT = 19115
PROBES = 500


def ask(path, headers=None):
    """(seconds to the first octet of the body, seconds to its last, status, body)"""
    connection = http.client.HTTPConnection('127.0.0.1', PORT, timeout=60)
    begin = time.monotonic()
    connection.request('GET', path, headers=headers or {})
    response = connection.getresponse()
    body = [response.read(1)]
    first = time.monotonic() - begin
    body.append(response.read())
    whole = time.monotonic() - begin
    connection.close()
    return first, whole, response.status, b''.join(body)


def wait(seconds):
    select.select([], [], [], seconds)


def memory_kb(pid, field):
    with open(f'/proc/{pid}/status', encoding='ascii') as file:
        return next(int(line.split()[1]) for line in file if line.startswith(field + ':'))


def cpu_seconds(pid):
    with open(f'/proc/{pid}/stat', encoding='ascii') as file:
        fields = file.read().rsplit(')', 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')


def series(body, begin):
    return sum(1 for line in body.splitlines() if line.startswith(begin))


def wait_until_all_known(count):
    end = time.monotonic() + 600
    while True:
        body = ask('/metrics')[3]
        if series(body, b'probe_success{') == count:
            return body
        if time.monotonic() > end:
            raise SystemExit('not every target has a report after ten minutes')
        wait(2)


def concurrent_probes():
    """Seconds until the last of many requests to /probe is answered, and how many came to what status."""
    statuses = []
    lock = threading.Lock()

    def one(number):
        status = ask(f'/probe?target=d{number + 1}.bulk.lab', {'X-Prometheus-Scrape-Timeout-Seconds': '30'})[2]
        with lock:
            statuses.append(status)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(PROBES)]
    begin = time.monotonic()
    for thread in threads:
        thread.start()
    slowest = 0
    while any(thread.is_alive() for thread in threads):
        slowest = max(slowest, ask('/-/healthy')[1])
        wait(0.05)
    for thread in threads:
        thread.join()
    return {'requests': PROBES, 'seconds': round(time.monotonic() - begin, 2), 'answered_200': statuses.count(200),
            'slowest_other_request_s': round(slowest, 3)}


def measure(pid, count, kb_before):
    body = wait_until_all_known(count)
    cpu, begin = cpu_seconds(pid), time.monotonic()
    first, whole = [], []
    for _ in range(100):
        one, all_of_it, _, _ = ask('/metrics')
        first.append(one)
        whole.append(all_of_it)
    cpu_scrapes = cpu_seconds(pid) - cpu
    zipped = ask('/metrics', {'Accept-Encoding': 'gzip'})
    cpu, begin = cpu_seconds(pid), time.monotonic()
    wait(30)
    share = (cpu_seconds(pid) - cpu) / (time.monotonic() - begin)
    rss = memory_kb(pid, 'VmRSS')
    first.sort()
    whole.sort()
    return {'bench': 'serve', 'targets': count, 'series': series(body, b'') - series(body, b'#'), 'body_octets': len(body),
            'first_octet_p99_ms': round(first[98] * 1000, 1), 'whole_body_p99_ms': round(whole[98] * 1000, 1),
            'scrape_cpu_ms': round(cpu_scrapes * 10, 1), 'gzip_octets': len(zipped[3]), 'gzip_whole_ms': round(zipped[1] * 1000, 1),
            'rss_kb': rss, 'rss_kb_per_target': round((rss - kb_before) / count, 1), 'cpu_share': round(share, 3),
            'probes': concurrent_probes()}


def main():
    binary, count = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, 'danewatch.yml')
        with open(path, 'w', encoding='ascii') as file:
            file.write('defaults: {interval: 5m}\nlimits: {in_flight: 200, per_provider: 200, probes: 600}\ntargets:\n')
            file.writelines(f'  - d{number}.bulk.lab\n' for number in range(1, count + 1))
        with subprocess.Popen([binary, 'serve', '--config.file', path], stderr=subprocess.PIPE, text=True) as process:
            try:
                for line in process.stderr:
                    if line.endswith('ready\n'):
                        break
                figures = measure(process.pid, count, memory_kb(process.pid, 'VmRSS'))
            finally:
                process.terminate()
    print(json.dumps(figures))


main()
