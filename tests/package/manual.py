#!/usr/bin/python3
"""manual.py SOURCE DANEWATCH: the manual pages name every option and every key, and no other.

What --help lists, and the arrays of keys and words in cli/config/*.cpp, are the measure.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path

import program
from program import compare

PUNCTUATION = set(',;|')


def macro_words(line, macro):
    """The words that a line of mdoc gives to `macro`: `.It Fl q , -quiet Ar n` gives q and -quiet to Fl."""
    found, current = [], None
    for word in line.split():
        if re.fullmatch(r'\.?[A-Z][a-z]', word):
            current = word.lstrip('.')
        elif word not in PUNCTUATION and current == macro:
            found.append(word)
    return found


def sections(page):
    """{title: lines} of every .Sh and .Ss; a section ends where the next one begins."""
    result, title = {}, ''
    for line in page.read_text().splitlines():
        if line.startswith(('.Sh ', '.Ss ')):
            title = line[4:]
        result.setdefault(title, []).append(line)
    return result


def items(lines, macro):
    return [word for line in lines if line.startswith('.It ') for word in macro_words(line, macro)]


def words(lines):
    return {word for line in lines for word in macro_words(line, 'Cm')}


def documented_options(lines):
    return ['-' + word for word in items(lines, 'Fl')]


def check_options(man, danewatch):
    page = sections(man / 'danewatch.1')
    real = [option for option in program.options(danewatch) if option]
    yield from compare('danewatch.1', documented_options(page['DESCRIPTION']), real)
    dns = documented_options(page['Asking the DNS'])
    for command in program.commands(danewatch):
        real = [option for option in program.options(danewatch, command) if option not in ('-h', '--help')]
        if command == 'nagios':
            continue
        title = f'danewatch {command}'
        if title not in page:
            yield f'danewatch.1: no section "{title}"'
            continue
        documented = documented_options(page[title])
        if '--forwarder' in real:
            documented += dns
        yield from compare(f'danewatch.1, {title}', documented, real)
    plugin = (man / 'check_dane.1').read_text().splitlines()
    yield from compare('check_dane.1', documented_options(plugin), program.options(danewatch, 'nagios'))


def check_services(man, source):
    real = program.services(source)
    for page, title in (('danewatch.1', 'danewatch verify'), ('danewatch.yml.5', 'Modules'), ('check_dane.1', 'What to look at')):
        named = words(sections(man / page)[title])
        yield from (f'{page}: {service} is not there' for service in real if service not in named)


def check_keys(man, source):
    page = sections(man / 'danewatch.yml.5')
    web = page.pop('WEB CONFIGURATION')
    rest = [line for title, lines in page.items() if title in ('DESCRIPTION', 'Modules', 'Targets', 'Resolver', 'Limits')
            for line in lines]
    for lines, files in ((rest, ('config.cpp', 'modules.cpp', 'targets.cpp')), (web, ('web.cpp',))):
        arrays = {}
        for file in files:
            arrays |= {f'{file}, {name}': words for name, words in program.arrays(source / 'cli/config' / file).items()}
        keys = [word for name, words in arrays.items() if name.endswith('_keys') for word in words]
        if len(keys) < 10:
            yield f'{files}: only {len(keys)} keys found'
        yield from compare('danewatch.yml.5', items(lines, 'Cm'), keys)
        named = words(lines)
        for name, listed in arrays.items():
            if name.endswith('_words'):
                yield from (f'danewatch.yml.5: {word} of {name} is not there' for word in listed if word not in named)


def check_shown(source):
    """What the configuration may hold is in what serve shows of it; `defaults` is, at each target."""
    shown = re.findall(r'"([a-z_]+)"', (source / 'cli/config/show.cpp').read_text())
    for file in ('config.cpp', 'modules.cpp', 'targets.cpp'):
        for name, keys in program.arrays(source / 'cli/config' / file).items():
            if name.endswith('_keys'):
                yield from (f'cli/config/show.cpp: {key} of {file} is not there' for key in keys
                            if key not in (*shown, 'defaults'))


def check_example(man, danewatch):
    lines = sections(man / 'danewatch.yml.5')['EXAMPLES']
    text = '\n'.join(lines).split('.Bd -literal\n')[1].split('\n.Ed')[0]
    with tempfile.NamedTemporaryFile('w', suffix='.yml') as file:
        file.write(text + '\n')
        file.flush()
        result = subprocess.run([danewatch, 'serve', '--config.file', file.name, '--config.check'],
                                capture_output=True, text=True, check=False, timeout=60)
    if result.returncode != 0:
        yield f'danewatch.yml.5, EXAMPLES: {result.stderr}'


def main():
    source, danewatch = Path(sys.argv[1]), sys.argv[2]
    man = source / 'docs/man'
    problems = [*check_options(man, danewatch), *check_services(man, source), *check_keys(man, source),
                *check_shown(source), *check_example(man, danewatch)]
    for page in sorted(man.iterdir()):
        lint = subprocess.run(['mandoc', '-Tlint', '-Wwarning', page], capture_output=True, text=True, check=False, timeout=60)
        problems += lint.stdout.splitlines()
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)


main()
