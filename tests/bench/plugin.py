"""What one check_dane costs, compared with check_smtp -S against the same server in the same run; JSON, one line each.

Run inside the lab: danewatch-lab good -- python3 plugin.py CHECK_DANE ADDRESS, the address of mx.good.lab. CPU time of the process and its threads; the two
take turns, so that whatever else the machine does hits both. `cold`: danewatch asks the lab's name servers itself and
validates from the root down. `forwarder`: it asks an unbound with a warm cache, and still validates everything itself.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 120
PORT = 5335
CHECK_SMTP = '/usr/lib/nagios/plugins/check_smtp'


def cpu_ms(command):
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f'status {os.waitstatus_to_exitcode(status)}: {" ".join(command)}')
    return (usage.ru_utime + usage.ru_stime) * 1000


def compare(name, ours, theirs):
    cpu_ms(ours), cpu_ms(theirs)  # page cache
    pairs = [(cpu_ms(ours), cpu_ms(theirs)) for _ in range(RUNS)]
    mine, other = (statistics.median(column) for column in zip(*pairs))
    print(json.dumps({'bench': 'plugin', 'way': name, 'runs': RUNS, 'check_dane_cpu_ms': round(mine, 2),
                      'check_smtp_cpu_ms': round(other, 2), 'ratio': round(mine / other, 2)}), flush=True)


def start_unbound(folder):
    config = folder / 'unbound.conf'
    config.write_text(f"""server:
  interface: 127.0.0.1@{PORT}
  do-not-query-localhost: no
  chroot: ""
  username: ""
  directory: "{folder}"
  pidfile: ""
  use-syslog: no
  trust-anchor-file: "{os.environ['DANEWATCH_TRUST_ANCHOR']}"
  root-hints: "{os.environ['DANEWATCH_ROOT_HINTS']}"
""")
    process = subprocess.Popen(['/usr/sbin/unbound', '-d', '-c', config], stderr=subprocess.DEVNULL)
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with socket.socket() as client:
            if client.connect_ex(('127.0.0.1', PORT)) == 0:
                return process
    process.kill()
    sys.exit('unbound does not start')


def main():
    built, host = sys.argv[1:]
    smtp = [CHECK_SMTP, '-H', host, '-S']
    with tempfile.TemporaryDirectory() as folder:
        # Written in one go, as a package's files are: what a linker wrote lies scattered in the page cache (3 %).
        check_dane = shutil.copy2(built, folder)
        compare('cold', [check_dane, '-H', 'good.lab'], smtp)
        unbound = start_unbound(Path(folder))
        try:
            compare('forwarder', [check_dane, '-H', 'good.lab', '--forwarder', f'127.0.0.1@{PORT}'], smtp)
        finally:
            unbound.terminate()
            unbound.wait()


main()
