#!/usr/bin/python3
"""check.py SOURCE_DIRECTORY WHAT: the shipped dashboard, rules and scrape configurations.

rules      promtool finds nothing to say about the rules, and every alert has what a person at night needs
unit       promtool test rules: rules_test.yml, which knows every alert
config     promtool accepts every scrape configuration
dashboard  the dashboard keeps the conventions that make it fit any Grafana
"""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(sys.argv[1]).resolve()
SHIPPED = ROOT / 'dashboards'
RULES = SHIPPED / 'danewatch.rules.yml'
TEST = ROOT / 'tests' / 'dashboards' / 'rules_test.yml'
ALERTS = ['DaneBroken', 'DaneStaleRecord', 'DaneRecordShadowed', 'DaneSignatureExpiring', 'DaneCertificateExpiring',
          'DaneProbeStale', 'DaneTargetUnreachable', 'DaneTargetUnknown', 'DaneRootNotProven', 'DaneReloadFailed',
          'DaneExporterDown', 'DaneDnssecLost', 'DaneTlsaDisappeared', 'DaneRecordRemovedTooEarly', 'DaneDeployedTooEarly',
          'DaneServersDiffer', 'DaneServerSignatureExpired', 'DaneSendersFail']
SKIPPED = 77


def promtool(*arguments, cwd=None):
    if shutil.which('promtool') is None:
        print('skipped: the package prometheus is not installed')
        sys.exit(SKIPPED)
    run = subprocess.run(['promtool', *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=120)
    return [] if run.returncode == 0 else [f'promtool {" ".join(map(str, arguments))}:\n{run.stdout}{run.stderr}']


def alert_blocks():
    """Name and text of every alert."""
    parts = re.split(r'^ *- alert: (\w+)$', RULES.read_text('utf-8'), flags=re.M)
    return list(zip(parts[1::2], parts[2::2]))


def rules():
    problems = promtool('check', 'rules', '--lint=all', '--lint-fatal', RULES)
    blocks = alert_blocks()
    if sorted(name for name, _ in blocks) != sorted(ALERTS):
        problems.append(f'alerts are {[name for name, _ in blocks]}')
    for name, text in blocks:
        for wanted in (r'for: \d+[mh]', r'severity: (critical|warning)', 'summary: ', 'description: ',
                       rf'runbook_url: file:///usr/share/doc/danewatch/runbooks/{name}\.md'):
            if not re.search(wanted, text):
                problems.append(f'{name} has no {wanted}')
        runbook = ROOT / 'docs' / 'runbooks' / f'{name}.md'
        if not runbook.exists() or not runbook.read_text('utf-8').startswith(f'# {name}\n'):
            problems.append(f'{name} has no runbook')
    strangers = {path.stem for path in (ROOT / 'docs' / 'runbooks').glob('*.md')} - set(ALERTS)
    return problems + [f'a runbook without alert: {name}' for name in sorted(strangers)]


def unit():
    text = TEST.read_text('utf-8')
    problems = []
    for name, _ in alert_blocks():
        if not re.search(rf'alertname: {name}\n *exp_alerts:\n', text):
            problems.append(f'no test sees {name} fire')
    for name in re.findall(r'- record: (\S+)', RULES.read_text('utf-8')):
        if f'expr: {name}' not in text:
            problems.append(f'no test of {name}')
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(RULES, folder)
        shutil.copy(TEST, folder)
        problems += promtool('test', 'rules', TEST.name, cwd=folder)
    return problems


def config():
    files = sorted(SHIPPED.glob('prometheus-*.yml'))
    problems = [] if len(files) == 3 else [f'{len(files)} scrape configurations']
    for file in files:
        problems += promtool('check', 'config', '--lint=all', '--lint-fatal', file)
        for job in re.findall(r'job_name: (\S+)', file.read_text('utf-8')):
            if not re.fullmatch('danewatch.*', job):
                problems.append(f'{file.name}: DaneExporterDown does not see the job {job}')
    return problems


def dashboard():
    board = json.loads((SHIPPED / 'danewatch.json').read_text('utf-8'))
    problems = []
    variables = board['templating']['list']
    if board['uid'] != 'danewatch' or board['schemaVersion'] < 39 or 'id' in board:
        problems.append('uid, schemaVersion or id')
    if (variables[0]['type'], variables[0]['query']) != ('datasource', 'prometheus'):
        problems.append('the first variable is no Prometheus data source')
    if [v['name'] for v in variables] != ['datasource', 'job', 'target']:
        problems.append('variables')
    source = {'type': 'prometheus', 'uid': '${datasource}'}
    panels = board['panels']
    problems += [f'{v["name"]}: another data source' for v in variables[1:] if v['datasource'] != source]
    if len({panel['id'] for panel in panels}) != len(panels):
        problems.append('two panels have the same id')
    for panel in panels:
        if panel['type'] == 'row':
            continue
        if any(user['datasource'] != source for user in [panel, *panel['targets']]):
            problems.append(f'{panel["title"]}: another data source')
        if not panel['description'] or not panel['targets']:
            problems.append(f'{panel["title"]}: no description or nothing to show')
        for target in panel['targets']:
            if 'job=~"$job"' not in target['expr']:
                problems.append(f'{panel["title"]}: an expression without $job')
        grid = panel['gridPos']
        if grid['x'] + grid['w'] > 24:
            problems.append(f'{panel["title"]}: too wide')
        if any(overlaps(grid, other['gridPos']) for other in panels if other is not panel):
            problems.append(f'{panel["title"]}: over another panel')
    return problems


def overlaps(a, b):
    return (a['x'] < b['x'] + b['w'] and b['x'] < a['x'] + a['w'] and
            a['y'] < b['y'] + b['h'] and b['y'] < a['y'] + a['h'])


def main():
    found = {'rules': rules, 'unit': unit, 'config': config, 'dashboard': dashboard}[sys.argv[2]]()
    print('\n'.join(found) or 'nothing to say')
    sys.exit(1 if found else 0)


main()
