#!/usr/bin/python3
"""picture.py FILE, inside the lab: the picture of a terminal in README.md is what `danewatch check stale.lab` prints on one.

FILE is a scalable picture (SVG) in light and dark, with nothing from elsewhere. DANEWATCH_UPDATE_GOLDEN=1 writes it:
`DANEWATCH_UPDATE_GOLDEN=1 ctest -R docs.picture` in the build directory. The lab makes new keys each time, so the digest of
each key is replaced by one made of its turn of appearance; the left-over record has always the same and stands first.
"""

import hashlib
import html
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

COMMAND = 'danewatch check stale.lab'
LEFT_OVER = '00000'  # how its digest begins (tests/lab/scenes.yaml)
COLUMNS = 104
CELL, LINE, MARGIN = 8.4, 20, 16  # pixels
LIMIT = 30_000  # octets
CLASSES = {'1': 'bold', '2': 'faint', '31': 'bad', '32': 'good', '33': 'warn'}
STYLE = '''
.ground{fill:#f6f8fa;stroke:#d0d7de}text{font:14px ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;fill:#1b1f24}
.bold{font-weight:bold}.faint{fill:#57606a}.good{fill:#116329}.warn{fill:#7d4e00}.bad{fill:#a40e26}
@media (prefers-color-scheme:dark){.ground{fill:#161b22;stroke:#3d444d}text{fill:#e6edf3}
.faint{fill:#9ba6b2}.good{fill:#7ee787}.warn{fill:#f0c060}.bad{fill:#ffa198}}
'''


def on_terminal(command):
    """What a command writes on a terminal that has colours and so many columns."""
    master, slave = pty.openpty()
    environment = {**os.environ, 'TERM': 'xterm', 'LC_ALL': 'C.UTF-8'}
    environment.pop('NO_COLOR', None)
    subprocess.run(['stty', 'columns', str(COLUMNS), '-opost'], stdin=slave, check=True, timeout=10)
    with subprocess.Popen(command.split(), stdin=subprocess.DEVNULL, stdout=slave, env=environment) as program:
        os.close(slave)
        written = b''
        try:
            while piece := os.read(master, 65536):
                written += piece
        except OSError:  # the last holder of the other side closed it
            pass
        program.wait(timeout=60)
    os.close(master)
    return written.decode('utf-8')


def with_stable_digests(text):
    turns = {}

    def stable(match):
        digest = match[0]
        if digest.startswith(LEFT_OVER):
            return digest
        turn = turns.setdefault(digest[:16], len(turns) + 1)
        return hashlib.sha256(f'key {turn} of the lab'.encode()).hexdigest()[:len(digest)]

    return re.sub(r'\b[0-9a-f]{16,64}\b', stable, text)


def spans(line):
    """(column, class, text) of the pieces of a line."""
    style, column = '', 0
    for code, text in re.findall(r'\x1b\[(\d+)m|([^\x1b]+)', line):
        if code:
            style = '' if code == '0' else CLASSES[code]
        else:
            yield column, style, text
            column += len(text)


def pieces(line):
    """The same without the blanks around, which need no ink."""
    for column, style, text in spans(line):
        for match in re.finditer(r'\S+(?: \S+)*', text):
            yield column + match.start(), style, match[0]


def drawn(text):
    lines = text.splitlines()
    width, height = round(COLUMNS * CELL + 2 * MARGIN), len(lines) * LINE + 2 * MARGIN
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">'
    yield f'<title>{COMMAND}</title><style>{STYLE}</style>'
    yield f'<rect class="ground" x="0.5" y="0.5" width="{width - 1}" height="{height - 1}" rx="6"/>'
    for number, line in enumerate(lines):
        for column, style, piece in pieces(line):
            x, y = round(MARGIN + column * CELL, 1), MARGIN + number * LINE + 14
            extra = f' class="{style}"' if style else ''
            yield f'<text x="{x}" y="{y}" textLength="{round(len(piece) * CELL, 1)}"{extra}>{html.escape(piece)}</text>'
    yield '</svg>'


def wrong(picture, text):
    if len(picture.encode()) > LIMIT:
        yield f'it has more than {LIMIT} octets'
    if re.search(r'href|url\(|@import|<script|<image', picture):
        yield 'it needs something from elsewhere'
    for class_ in CLASSES.values():
        if class_ in ('bold', 'faint', 'good', 'warn') and f'class="{class_}"' not in picture:
            yield f'nothing in it is {class_}: was the output in colour?'
    if max(len(re.sub(r'\x1b\[\d+m', '', line)) for line in text.splitlines()) > COLUMNS:
        yield 'a line is too long for it'


def main():
    file = Path(sys.argv[1])
    text = f'\x1b[2m$\x1b[0m \x1b[1m{COMMAND}\x1b[0m\n' + with_stable_digests(on_terminal(COMMAND))
    picture = '\n'.join(drawn(text)) + '\n'
    if os.environ.get('DANEWATCH_UPDATE_GOLDEN'):
        file.write_text(picture, encoding='utf-8')
    problems = list(wrong(picture, text))
    if not file.exists() or file.read_text(encoding='utf-8') != picture:
        problems.append(f'it is not what danewatch prints now:\n{text}\nDANEWATCH_UPDATE_GOLDEN=1 ctest -R docs.picture')
    for problem in problems:
        print(f'{file}: {problem}')
    sys.exit(1 if problems else 0)


main()
