#!/usr/bin/python3
"""examples.py SOURCE DANEWATCH, inside the lab: every command that README.md and docs/*.md show is run, and its output compared.

A block marked ```console has lines "$ COMMAND" and what it prints; "..." on a line of its own stands for any lines, and no
output at all says that only the command itself is shown. Blanks and line ends count as one blank; digests, serials,
IPv4 addresses, ports of the lab and times with fractions differ from run to run. Other blocks say why they are not run:
```sh not-run: REASON. ```text, ```yaml, ```json and ```zone hold no commands. The comment <!-- lab: rollover ACT --> before a block
turns the scene `rollover` and repeats the block until it fits or 20 seconds have passed.
"""

import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

PATIENCE = 20
DATA = ('text', 'yaml', 'json', 'zone')
PROGRAMS = ('danewatch', 'check_dane')
VARIABLE = ((r'\b(?:\d{1,3}\.){3}\d{1,3}\b', 'ADDRESS'), (r'\b[0-9a-fA-F]{16,}\b(\.\.\.)?', 'DIGEST'),
            (r'/tmp/\S+/root\.key', 'ANCHOR'), (r'/usr/share/dns/root\.key', 'ANCHOR'), (r'\b\d+\.\d+(?=s|\b)', 'NUMBER'))


def normal(text):
    for pattern, word in VARIABLE:
        text = re.sub(pattern, word, text)
    return ' '.join(text.split())


def fits(expected, actual):
    """Whether the pieces between lines of "..." come one after the other, from the first word to the last."""
    pieces = [normal(piece) for piece in re.split(r'^\.\.\.$', '\n'.join(expected), flags=re.MULTILINE)]
    pattern = '.*?'.join(re.escape(piece) for piece in pieces)
    return re.fullmatch(r'\s*' + pattern + r'\s*', normal(actual), re.DOTALL) is not None


def blocks(text):
    """(line, info string, the comment before it, lines) of each fenced block."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        fence = re.match(r'\s*```(.*)', lines[at])
        if fence:
            begin = at + 1
            at = next(i for i in range(begin, len(lines)) if lines[i].strip() == '```')
            act = re.match(r'<!-- lab: (.*) -->', lines[begin - 2]) if begin > 1 else None
            yield begin, fence[1].strip(), act and act[1], lines[begin:at]
        at += 1


def split(lines):
    result = []
    for line in lines:
        if line.startswith('$ '):
            result.append((line[2:], []))
        elif result:
            result[-1][1].append(line)
        else:
            raise SystemExit(f'a console block begins with "$ ", not {line!r}')
    return result


def run(command, danewatch):
    words = shlex.split(command, comments=True)
    if words[0] not in PROGRAMS:
        raise SystemExit(f'{command}: this test runs only {", ".join(PROGRAMS)}')
    if words[0] == 'danewatch':
        words[0] = danewatch
    elif words[0] == 'check_dane':
        words[0] = str(Path(danewatch).parent / 'check_dane')
    result = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60, check=False)
    return result.stdout.decode('utf-8', 'replace')


def wrong(command, expected, danewatch, patience):
    """What is wrong with the output, or nothing."""
    end = time.monotonic() + patience
    while True:
        actual = run(command, danewatch)
        if not any(line.strip() for line in expected) or fits(expected, actual):
            return ''
        if time.monotonic() >= end:
            return f'$ {command}\n--- shown\n' + '\n'.join(expected) + f'\n--- run\n{actual}'


def main():
    source, danewatch = Path(sys.argv[1]), sys.argv[2]
    failures, ran = [], 0
    for page in [source / 'README.md', *sorted((source / 'docs').glob('*.md'))]:
        for line, info, act, lines in blocks(page.read_text(encoding='utf-8')):
            place = f'{page.relative_to(source)}:{line}'
            if info == 'console':
                if act:
                    Path(os.environ['DANEWATCH_LAB_STAGE']).write_text(f'{act}\n', encoding='ascii')
                for command, expected in split(lines):
                    problem = wrong(command, expected, danewatch, PATIENCE if act else 0)
                    ran += 1
                    if problem:
                        failures.append(f'{place}: {problem}')
            elif ' not-run: ' in f' {info}':
                print(f'{place}: not run: {info.split("not-run: ")[1]}')
            elif info not in DATA:
                failures.append(f'{place}: ```{info}: is neither console, nor not-run: REASON, nor {", ".join(DATA)}')
    print(f'{ran} commands ran')
    for failure in failures:
        print(failure)
    sys.exit(1 if failures or ran == 0 else 0)


main()
