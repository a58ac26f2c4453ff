#!/usr/bin/python3
"""made.py GENERATOR WHAT FILE: FILE is what GENERATOR WHAT prints. DANEWATCH_UPDATE_GOLDEN=1 writes it."""

import os
import subprocess
import sys
from pathlib import Path

generator, what, file = sys.argv[1:]
text = subprocess.run([generator, what], capture_output=True, text=True, check=True, timeout=30).stdout
if os.environ.get('DANEWATCH_UPDATE_GOLDEN'):
    Path(file).write_text(text, encoding='utf-8')
if Path(file).read_text(encoding='utf-8') != text:
    sys.exit(f'{file} is stale: DANEWATCH_UPDATE_GOLDEN=1 {" ".join(sys.argv)}')
