"""What `danewatch serve` costs with many scheduled targets; run inside the lab's bulk world:

    danewatch-lab --bulk 10000 --silent 5 -- python3 tests/bench/serve.py DANEWATCH 10000

Prints one JSON object; status 1 and a list `missed` where a figure is over its budget. Needs nothing but Python. Every
target is known before anything is measured; scrapes and pages are asked for while scheduled runs go on."""

import http.client
import json
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor

PORT = 19115
PROBES = 500
SCRAPES = 200
IDLE_READERS = 300
KB_OF_AN_IDLE_READER = 500
LONG_PATHS = ['/metrics', '/', '/api/v1/sd', '/api/v1/reports', '/config']
SILENT_PERCENT = 5  # of the world: nobody answers there
LULL = 60  # seconds over which the CPU share is measured
BUDGET = {'first_octet_p99_ms': 250, 'whole_body_p99_ms': 1500, 'rss_kb_per_target': 50}


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


def p99_ms(seconds):
    return round(sorted(seconds)[len(seconds) * 99 // 100 - 1] * 1000, 1)


def wait_until_all_known(count):
    end = time.monotonic() + 600
    while True:
        body = ask('/metrics')[3]
        if sum(line.startswith(b'probe_success{') for line in body.splitlines()) == count:
            return body
        if time.monotonic() > end:
            raise SystemExit('not every target has a report after ten minutes')
        wait(2)


def scrapes(pid):
    cpu = cpu_seconds(pid)
    replies = [ask('/metrics')[:2] for _ in range(SCRAPES)]
    cpu = cpu_seconds(pid) - cpu
    zipped = ask('/metrics', {'Accept-Encoding': 'gzip'})
    return {'scrapes': SCRAPES, 'first_octet_p99_ms': p99_ms([first for first, _ in replies]),
            'whole_body_p99_ms': p99_ms([whole for _, whole in replies]), 'scrape_cpu_ms': round(cpu / SCRAPES * 1000, 1),
            'gzip_octets': len(zipped[3]), 'gzip_whole_ms': round(zipped[1] * 1000, 1)}


def pages():
    """The status page with every target on it, and what it does to somebody else's scrape."""
    with ThreadPoolExecutor(1) as other:
        page = other.submit(ask, '/')
        first = [ask('/-/healthy')[1]]
        while not page.done():
            first.append(ask('/-/healthy')[1])
    _, whole, _, body = page.result()
    return {'overview_octets': len(body), 'overview_whole_ms': round(whole * 1000, 1),
            'other_request_meanwhile_ms': round(max(first) * 1000, 1)}


def concurrent_probes():
    """Seconds until the last of many requests to /probe that came at once is answered."""
    together = threading.Barrier(PROBES + 1)

    def one(number):
        together.wait()
        path = f'/probe?target=d{number + 1}.bulk.lab'
        _, whole, status, body = ask(path, {'X-Prometheus-Scrape-Timeout-Seconds': '30'})
        return whole, status, b'\nprobe_success 1\n' in body

    with ThreadPoolExecutor(PROBES) as pool:
        replies = [pool.submit(one, number) for number in range(PROBES)]
        together.wait()
        others = []
        while not all(reply.done() for reply in replies):
            others.append(ask('/-/healthy')[1])
            wait(0.05)
        results = [reply.result() for reply in replies]
    return {'requests': PROBES, 'seconds': round(max(whole for whole, _, _ in results), 2),
            'answered_200': sum(status == 200 for _, status, _ in results),
            'successes': sum(success for _, _, success in results), 'other_request_meanwhile_ms': round(max(others) * 1000, 1)}


def who_does_not_read(pid):
    """Clients that ask for everything and read nothing: what each holds, and what they do to somebody else's request."""
    before = memory_kb(pid, 'VmRSS')
    clients = []
    for number in range(IDLE_READERS):
        client = socket.create_connection(('127.0.0.1', PORT))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        client.sendall(f'GET {LONG_PATHS[number % len(LONG_PATHS)]} HTTP/1.1\r\nHost: h\r\n\r\n'.encode())
        clients.append(client)
    others = [ask('/-/healthy')[1] for _ in range(20)]
    more = memory_kb(pid, 'VmRSS') - before
    for client in clients:
        client.close()
    return {'clients': IDLE_READERS, 'kb_each': round(more / IDLE_READERS, 1), 'other_request_meanwhile_ms': round(max(others) * 1000, 1)}


def missed(figures):
    over = [name for name, most in BUDGET.items() if figures[name] > most]
    if figures['probes']['answered_200'] != PROBES:
        over.append('answered_200')
    if figures['probes']['successes'] != PROBES - PROBES * SILENT_PERCENT // 100:
        over.append('successes')
    if figures['who_does_not_read']['kb_each'] > KB_OF_AN_IDLE_READER:
        over.append('who_does_not_read')
    return over


def measure(pid, count, kb_before):
    begin = time.monotonic()
    body = wait_until_all_known(count)
    until_known = time.monotonic() - begin
    figures = {'bench': 'serve', 'targets': count, 'cpus': os.cpu_count(), 'all_known_after_s': round(until_known, 1),
               'series': sum(not line.startswith(b'#') for line in body.splitlines()), 'body_octets': len(body)}
    figures |= scrapes(pid)
    cpu, begin = cpu_seconds(pid), time.monotonic()
    wait(LULL)
    figures['cpu_share'] = round((cpu_seconds(pid) - cpu) / (time.monotonic() - begin), 3)
    figures |= pages()
    rss = memory_kb(pid, 'VmRSS')
    figures |= {'rss_kb': rss, 'rss_kb_per_target': round(rss / count, 1),
                'rss_kb_per_target_without_base': round((rss - kb_before) / count, 1)}
    figures['who_does_not_read'] = who_does_not_read(pid)
    figures['probes'] = concurrent_probes()
    figures['peak_rss_kb'] = memory_kb(pid, 'VmHWM')
    figures['missed'] = missed(figures)
    return figures


def main():
    binary, count = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, 'danewatch.yml')
        with open(path, 'w', encoding='ascii') as file:
            file.write('defaults: {interval: 5m, detail: summary}\ntargets:\n')
            file.writelines(f'  - d{number}.bulk.lab\n' for number in range(1, count + 1))
            # Every domain of the bulk world is served from a few address blocks.
            file.write(f'limits: {{in_flight: 200, per_provider: 200, probes: {PROBES}}}\n')
        with subprocess.Popen([binary, 'serve', '--config.file', path, '--web.listen-address', f'127.0.0.1:{PORT}'],
                              stderr=subprocess.PIPE, text=True) as process:
            try:
                if not any(line.endswith('ready\n') for line in process.stderr):
                    raise SystemExit('danewatch did not start')
                figures = measure(process.pid, count, memory_kb(process.pid, 'VmRSS'))
            finally:
                process.terminate()
    print(json.dumps(figures))
    sys.exit(1 if figures['missed'] else 0)


main()
