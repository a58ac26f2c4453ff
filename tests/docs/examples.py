#!/usr/bin/python3
"""examples.py SOURCE, inside the lab: every command that README.md and docs/*.md show is run, and its output compared.

A block marked ```console has lines "$ COMMAND" and what it prints; "..." on a line of its own stands for any lines, and no
output at all says that only the command itself is shown. It is one conversation with bash: "$ echo $?" is the status of the
command before. Blanks and line ends count as one blank; digests, serials, addresses and ports of the lab, times with
fractions and numbers of days differ from run to run. Other blocks say why they are not run:
```sh not-run: REASON. ```text, ```yaml, ```json and ```zone hold no commands. The comment <!-- lab: rollover ACT --> before a
block turns the scene `rollover` and repeats the block until it fits or 20 seconds have passed; <!-- repeat --> only repeats
it, for what depends on chance.

In a table headed "exit status of" each row begins with a program, each column is a scene, and the numbers in a cell are
all the statuses that the page's blocks show for them.
"""

import collections
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PATIENCE = 20
DATA = ('text', 'yaml', 'json', 'zone')
VARIABLE = ((r'\b(?:\d{1,3}\.){3}\d{1,3}\b', 'ADDRESS'), (r'\b2a0e:b000:[0-9a-f:]*[0-9a-f]', 'ADDRESS'),
            (r'\b(?:[0-9A-F]{2}:){15,}[0-9A-F]{2}\b', 'DIGEST'),
            (r'(\.\.\.)?\b[0-9a-fA-F]{16,}\b(\.\.\.)?', 'DIGEST'), (r'/tmp/\S+/root\.key', 'ANCHOR'),
            (r'/usr/share/dns/root\.key', 'ANCHOR'), (r'\b\d+\.\d+(?=s|\b)', 'NUMBER'),
            (r'(?<=expires in )\d+(?= days)|(?<=\(in )\d+(?= days)|(?<=days_chain_elem1=)\d+', 'NUMBER'))


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
            comment = re.match(r'<!-- (.*) -->', lines[begin - 2]) if begin > 1 else None
            yield begin, fence[1].strip(), comment[1] if comment else '', lines[begin:at]
        at += 1


def split(lines):
    """(command, expected lines) of each command; one that ends with a backslash goes on in the next line."""
    result, goes_on = [], False
    for line in lines:
        if goes_on:
            result[-1][0] += '\n' + line
        elif line.startswith('$ '):
            result.append([line[2:], []])
        elif result:
            result[-1][1].append(line)
        else:
            raise SystemExit(f'a console block begins with "$ ", not {line!r}')
        goes_on = line.endswith('\\') and not result[-1][1]
    return result


def run(command, status):
    """(output, exit status) of a command after one that ended with this status."""
    result = subprocess.run(['bash', '-c', f'(exit {status})\n{command}'], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=60, check=False)
    return result.stdout.decode('utf-8', 'replace'), result.returncode


def wrong(commands, statuses):
    """What is wrong with a block, or nothing; statuses collects (program, scene) and exit status of commands that are right."""
    status, seen = 0, []
    for command, expected in commands:
        actual, status = run(command, status)
        if status == 127 or any(line.strip() for line in expected) and not fits(expected, actual):
            return f'$ {command}\n--- shown\n' + '\n'.join(expected) + f'\n--- run, status {status}\n{actual}'
        if '|' in re.sub(r'\$\(.*?\)', '', command):  # the status is the last program's
            continue
        scene = re.search(r'\b(?:mx\.)?([a-z-]+)\.lab\b', command)
        seen.append(((os.path.basename(command.split()[0]), scene and scene[1]), status))
    for key, value in seen:
        statuses[key].add(value)
    return ''


def wrong_for_long(commands, statuses, patience):
    end = time.monotonic() + patience
    while True:
        problem = wrong(commands, statuses)
        if not problem or time.monotonic() >= end:
            return problem


def wrong_cells(text, statuses):
    """What a table of exit statuses says otherwise than the commands did."""
    for table in re.findall(r'^\| exit status of .*(?:\n\|.*)+', text, flags=re.MULTILINE):
        head, _, *rows = ([cell.strip(' `') for cell in line.strip('|').split('|')] for line in table.splitlines())
        for row in rows:
            for scene, cell in zip(head[1:], row[1:]):
                seen = statuses[row[0].split()[0], scene]
                if {int(number) for number in re.findall(r'\d+', cell)} != seen:
                    yield f'{row[0]}, {scene}: the table says {cell!r}, the commands {sorted(seen)}'


def check(page, place):
    """(number of commands, failures) of a page."""
    text = page.read_text(encoding='utf-8')
    statuses, failures, ran = collections.defaultdict(set), [], 0
    for line, info, comment, lines in blocks(text):
        if info == 'console':
            if comment.startswith('lab: '):
                Path(os.environ['DANEWATCH_LAB_STAGE']).write_text(comment[5:] + '\n', encoding='ascii')
            commands = split(lines)
            ran += len(commands)
            problem = wrong_for_long(commands, statuses, PATIENCE if comment.startswith(('lab: ', 'repeat')) else 0)
            failures += [f'{place}:{line}: {problem}'] if problem else []
        elif ' not-run: ' in f' {info}':
            print(f'{place}:{line}: not run: {info.split("not-run: ")[1]}')
        elif info not in DATA:
            failures.append(f'{place}:{line}: ```{info}: is neither console, nor not-run: REASON, nor {", ".join(DATA)}')
    return ran, failures + [f'{place}: {problem}' for problem in wrong_cells(text, statuses)]


def give_postfix_a_configuration(directory):
    """Its programs refuse to start without, and the machine's own would count otherwise."""
    (Path(directory) / 'main.cf').write_text('compatibility_level = 3.6\n', encoding='ascii')
    os.environ['MAIL_CONFIG'] = directory


def main(directory):
    source = Path(sys.argv[1])
    give_postfix_a_configuration(directory)
    os.chdir(directory)  # commands that are shown may make files
    failures, ran = [], 0
    for page in [source / 'README.md', *sorted((source / 'docs').glob('*.md'))]:
        number, problems = check(page, page.relative_to(source))
        ran += number
        failures += problems
    print(f'{ran} commands ran')
    for failure in failures:
        print(failure)
    sys.exit(1 if failures or ran == 0 else 0)


with tempfile.TemporaryDirectory() as own:
    main(own)
