#!/usr/bin/python3
"""prometheus.py DANEWATCH SOURCE_DIRECTORY, inside the lab: a real Prometheus scrapes a live danewatch.

Its configuration and rules are those of dashboards/ with shorter times and the lab's targets. Every expression of the
dashboard has data, every rule is evaluated, and a record that is left behind is told by name until it is gone.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from scraped import EXPORTER, api, faster, get, wait_for  # noqa: E402

DANEWATCH, ROOT = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
SKIPPED = 77


def configuration():
    """The shipped way to scrape both /probe and /metrics."""
    text = (ROOT / 'dashboards' / 'prometheus-probe.yml').read_text('utf-8')
    for old, new in ((r'scrape_interval: 2m', 'scrape_interval: 4s'), (r'scrape_timeout: 30s', 'scrape_timeout: 4s'),
                     (r'- example\.org\n', '- good.lab\n'), (r'"mail\.example\.net:25"', '"mx.stale.lab:25"')):
        text, count = re.subn(old, new, text)
        assert count == 1, old
    return 'global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\n' + text + sharded()


def sharded():
    """The first job of the shipped file for many machines, of which there is one here."""
    text = (ROOT / 'dashboards' / 'prometheus-sharded.yml').read_text('utf-8')
    text = re.search(r'^  - job_name: danewatch-probe\n.*?(?=^  - job_name)', text, re.S | re.M)[0]
    for old, new in (('job_name: danewatch-probe', 'job_name: danewatch-sharded'), ('modulus: 4', 'modulus: 1'),
                     ('list.example.org', '127.0.0.1'), ('scrape_interval: 2m', 'scrape_interval: 4s'),
                     ('scrape_timeout: 30s', 'scrape_timeout: 4s')):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return '\n' + text


def check_metrics(path):
    run = subprocess.run(['promtool', 'check', 'metrics'], input=get(EXPORTER + path), capture_output=True, timeout=60)
    said = (run.stdout + run.stderr).decode().strip()
    if run.returncode != 0 or said:
        sys.exit(f'promtool check metrics of {path}: status {run.returncode}\n{said}')


def query(expression):
    for name, value in (('$job', '.*'), ('$target', '.*'), ('$__rate_interval', '30s')):
        expression = expression.replace(name, value)
    return api('query', query=expression)['result']


def dashboard():
    panels = json.loads((ROOT / 'dashboards' / 'danewatch.json').read_text('utf-8'))['panels']
    for panel in panels:
        for target in panel.get('targets', []):
            wait_for(f'data for "{panel["title"]}": {target["expr"]}', lambda: query(target['expr']))


def rules():
    """Every one evaluated without error; those that watch for what the lab's scenes show have something to show."""
    def evaluated():
        groups = api('rules')['groups']
        return groups and all(rule['health'] != 'unknown' for group in groups for rule in group['rules']) and groups
    for group in wait_for('an evaluation of every rule', evaluated):
        for rule in group['rules']:
            assert rule['health'] == 'ok' and not rule.get('lastError'), rule
            query(rule['query'])
            if rule['type'] == 'recording':
                wait_for(f'data for {rule["name"]}', lambda: query(rule['name']))


def alert(name, target):
    found = [each for each in api('alerts')['alerts']
             if each['labels']['alertname'] == name and each['labels'].get('target') == target and each['state'] == 'firing']
    return found[0] if found else None


def both_ways():
    """/metrics has the target as a label of its own, /probe by the documented relabelling."""
    scheduled = wait_for('a scheduled target', lambda: query('dane_reason{job="danewatch", target="stale.lab"}'))
    probed = wait_for('a probed target', lambda: query('dane_reason{job="danewatch-probe", target="mx.stale.lab:25"}'))
    assert scheduled[0]['metric']['instance'] == '127.0.0.1:19115', scheduled
    assert probed[0]['metric']['instance'] == 'mx.stale.lab:25', probed
    for series in (scheduled[0], probed[0]):
        assert series['metric']['verdict'] == 'authenticated', series
    listed = wait_for('a target of the list', lambda: query('probe_timeout_seconds{job="danewatch-sharded", target="in a hurry"}'))
    assert listed[0]['value'][1] == '3', ('the module that the list says', listed)
    assert listed[0]['metric']['instance'] == 'good.lab', listed
    wait_for('up', lambda: len(query('up{job!="danewatch-sharded"} == 1')) == 3)
    discovered = json.loads(get(f'{EXPORTER}/api/v1/sd'))
    assert 'stale.lab' in [target for group in discovered for target in group['targets']], discovered


def turn(act):
    with open(os.environ['DANEWATCH_LAB_STAGE'], 'w', encoding='ascii') as stage:
        stage.write(f'rollover {act}\n')


def left_behind():
    """The record that a look of our own calls unmatched."""
    run = subprocess.run([DANEWATCH, 'check', '--json', 'rollover.lab'], capture_output=True, text=True, timeout=60)
    records = json.loads(run.stdout)['hosts'][0]['tlsa']
    return [record['data'] for record in records if record['state'] == 'unmatched'] if len(records) == 2 else None


def stale_record():
    assert alert('DaneStaleRecord', 'rollover.lab') is None
    turn('switched')
    data = wait_for('the record that is left behind', left_behind)[0]
    fired = wait_for('DaneStaleRecord', lambda: alert('DaneStaleRecord', 'rollover.lab'))
    start = f'_25._tcp.mx.rollover.lab TLSA 3 1 1 {data[:16]}…'
    assert fired['annotations']['description'].startswith(start), (fired, start)
    assert fired['labels']['data'] == data[:16] and fired['labels']['team'] == 'mail', fired
    turn('repaired')
    wait_for('the end of DaneStaleRecord', lambda: alert('DaneStaleRecord', 'rollover.lab') is None)


def other_alerts():
    for name, target in (('DaneBroken', 'agile.lab'), ('DaneRecordShadowed', 'agile.lab'), ('DaneBroken', 'expired-zone.lab'),
                         ('DaneStaleRecord', 'stale.lab')):
        wait_for(f'{name} for {target}', lambda: alert(name, target))
    for name in ('DaneBroken', 'DaneTargetUnreachable', 'DaneStaleRecord', 'DaneProbeStale'):
        assert alert(name, 'good.lab') is None, name


def main():
    for program in ('prometheus', 'promtool'):
        if shutil.which(program) is None:
            print(f'skipped: {program} is not installed')
            sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        (folder / 'danewatch.rules.yml').write_text(faster((ROOT / 'dashboards' / 'danewatch.rules.yml').read_text('utf-8')))
        (folder / 'prometheus.yml').write_text(configuration())
        with open(folder / 'log', 'w', encoding='utf-8') as log:
            children = [
                subprocess.Popen([DANEWATCH, 'serve', '--config.file', ROOT / 'tests' / 'e2e' / 'serve.yml']),
                subprocess.Popen(['prometheus', f'--config.file={folder}/prometheus.yml', f'--storage.tsdb.path={folder}/data',
                                  '--web.listen-address=127.0.0.1:9090'], stdout=log, stderr=log)]
            try:
                for step in (both_ways, stale_record, other_alerts, rules, dashboard):
                    step()
                    print(f'{step.__name__}: ok', flush=True)
                for path in ('/metrics', '/probe?target=stale.lab', '/probe?target=nowhere.lab'):
                    check_metrics(path)
            except BaseException:
                print((folder / 'log').read_text('utf-8')[-3000:], file=sys.stderr)
                raise
            finally:
                for child in children:
                    child.terminate()
                for child in children:
                    child.wait(timeout=30)


main()
