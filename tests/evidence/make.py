#!/usr/bin/python3
"""make.py DANEWATCH FOLDER [NAME...], inside the lab: looks at the scenes that FOLDER/expected.json names, and keeps the
evidence there, with the trust anchor of this lab.

  ./dev lab -- python3 -B tests/evidence/make.py build/dev/danewatch tests/evidence

Keys and times are others each time, so make only what is new: name it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path


def make(danewatch, folder, name, wanted, anchor):
    file = folder / f'{name}.json'
    command = [danewatch, 'check', '--json', '--save', file, '--trust-anchor', anchor.name, wanted['check'],
               *wanted.get('args', [])]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, cwd=anchor.parent)
    report = json.loads(run.stdout)
    got = [report['verdict'], report['reason'], run.returncode]
    if got != [wanted['verdict'], wanted['reason'], wanted['exit']]:
        sys.exit(f'{name}: {got} is not what {folder}/expected.json says')
    digest = json.loads(file.read_text('utf-8'))['made']['trust_anchor_sha256']
    (folder / 'anchors').mkdir(exist_ok=True)
    shutil.copy(anchor, folder / 'anchors' / f'{digest}.key')
    print(f'{name}: {file.stat().st_size} octets')


def main():
    danewatch, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    table = json.loads((folder / 'expected.json').read_text('utf-8'))
    with tempfile.TemporaryDirectory() as place:
        anchor = Path(shutil.copy(os.environ['DANEWATCH_TRUST_ANCHOR'], Path(place) / 'root.key'))
        for name in sys.argv[3:] or table:
            make(danewatch, folder, name, table[name], anchor)


main()
