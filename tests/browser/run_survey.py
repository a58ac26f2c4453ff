#!/usr/bin/python3
"""run_survey.py LAB DANEWATCH BUILD_DIRECTORY: a small survey in the lab, and its page in a browser."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from run import HERE, install, needed


def inside(danewatch, folder, chromium):
    out, page = folder / 'survey', folder / 'survey.html'
    shutil.rmtree(out, ignore_errors=True)
    subprocess.run([danewatch, 'survey', '--in', os.environ['DANEWATCH_LAB_TARGETS'], '--out', out], check=True)
    subprocess.run([danewatch, 'survey', 'summary', out, '--html', page, '--against', out], check=True)
    os.execvp('node', ['node', str(folder / 'survey_page.mjs'), str(page), chromium, str(folder / 'screenshots')])


def main():
    if sys.argv[1] == '--inside':
        inside(sys.argv[2], Path(sys.argv[3]), sys.argv[4])
    lab, danewatch, build = (Path(argument).resolve() for argument in sys.argv[1:4])
    needed('node', 'npm', 'chromium')
    folder = build / 'browser'
    folder.mkdir(exist_ok=True)
    install(folder)
    shutil.copy(HERE / 'survey_page.mjs', folder)
    os.execv(lab, [str(lab), '--bulk', '300', '--providers', '3', '--', sys.executable, '-B', __file__, '--inside', str(danewatch),
                   str(folder), shutil.which('chromium')])


main()
