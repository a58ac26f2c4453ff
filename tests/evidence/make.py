#!/usr/bin/python3
"""make.py DANEWATCH FOLDER [NAME...], inside the lab: looks at the scenes that FOLDER/expected.json names, and keeps the
evidence there.

  ./dev lab -- python3 -B tests/evidence/make.py build/dev/danewatch tests/evidence

Keys and times are others each time, so make only what is new: name it."""

import json
import subprocess
import sys
from pathlib import Path


def main():
    danewatch, folder = sys.argv[1], Path(sys.argv[2])
    table = json.loads((folder / 'expected.json').read_text('utf-8'))
    for name in sys.argv[3:] or table:
        wanted = table[name]
        file = folder / f'{name}.json'
        command = [danewatch, 'check', '--json', '--save', file, wanted['check'], *wanted.get('args', [])]
        run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
        report = json.loads(run.stdout)
        got = [report['verdict'], report['reason'], run.returncode]
        if got != [wanted['verdict'], wanted['reason'], wanted['exit']]:
            sys.exit(f'{name}: {got} is not what {folder}/expected.json says')
        print(f'{name}: {file.stat().st_size} octets')


main()
