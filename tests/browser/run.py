#!/usr/bin/python3
"""run.py LAB DANEWATCH BUILD_DIRECTORY: the browser tests, inside the lab.

Copies them into the build directory, where npm installs the driver that package-lock.json names, unless it is there
already. The browser is Debian's. Screenshots: BUILD_DIRECTORY/browser/screenshots.
"""

import filecmp
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
SCENES = ['good', 'stale', 'agile', 'one-bad-address', 'expired-zone', 'hostile', 'web', 'rollover']
SKIPPED = 77


def needed(*programs):
    for program in programs:
        if shutil.which(program) is None:
            print(f'skipped: {program} is not installed')
            sys.exit(SKIPPED)


def install(folder):
    locks = HERE / 'package-lock.json', folder / 'package-lock.json'
    if (folder / 'node_modules').exists() and locks[1].exists() and filecmp.cmp(*locks, shallow=False):
        return
    for name in ('package.json', 'package-lock.json'):
        shutil.copy(HERE / name, folder)
    try:
        subprocess.run(['npm', 'ci', '--ignore-scripts', '--no-audit', '--no-fund'], cwd=folder, check=True, timeout=300)
    except BaseException:
        (folder / 'package-lock.json').unlink()
        raise


def main():
    lab, danewatch, build = (Path(argument).resolve() for argument in sys.argv[1:4])
    needed('node', 'npm', 'chromium')
    folder = build / 'browser'
    folder.mkdir(exist_ok=True)
    install(folder)
    for name in ('status_page.mjs', 'serve.yml'):
        shutil.copy(HERE / name, folder)
    os.execv(lab, [str(lab), '--quiet', *SCENES, '--', 'node', str(folder / 'status_page.mjs'), str(danewatch),
                   shutil.which('chromium'), str(folder / 'screenshots')])


main()
