#!/usr/bin/python3
"""completions.py SOURCE DANEWATCH: bash, zsh and fish offer what the program understands, and nothing else.

Each shell completes for real, but zsh: there the specifications given to _arguments are read. The measure is --help,
the list of services in the sources, and the sentence with which the program refuses a wrong word.
"""

import functools
import re
import subprocess
import sys
from pathlib import Path

import program
from program import compare

# Words that bring the program to the point where it reads the option's value.
PREFIX = {'tlsa': ['--name', 'a.example', '--port', '25']}
CLOSED = {'check': ['--views', '--extra-records'], 'nagios': ['--views', '--extra-records'], 'tlsa': ['--format']}
RANGES = {'tlsa': {'--usage': 4, '--selector': 2, '--matching-type': 3}}
SERVICES = {'verify': ['--service'], 'nagios': ['--protocol', '--starttls', '-P']}
# What takes a file's name must offer one.
FILES = {'history': ['--state'], 'changes': ['--state'], 'check': ['--file', '--state', '--next', '--trust-anchor'],
         'verify': ['--chain', '--ca-file'], 'tlsa': ['--cert', '--key'],
         'serve': ['--config.file', '--web.config.file', '--unbound-conf'], 'nagios': ['--next', '--root-hints']}


def run(source, command):
    # In the source tree, whose files are offered.
    result = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False, timeout=60)
    if result.returncode != 0 or result.stderr:
        sys.exit(f'{command[0]}: status {result.returncode}: {result.stdout}{result.stderr}')
    return result.stdout.splitlines()


class Bash:
    name = 'bash'

    def __init__(self, source):
        self.source = source
        self.file = source / 'packaging/completions/danewatch.bash'

    def complete(self, words):
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _danewatch; printf "%s\\n" "${COMPREPLY[@]}"'
        return [word for word in run(self.source, ['bash', '--norc', '-c', script, 'bash', str(self.file), *words]) if word]

    def options(self, words):
        return self.complete([*words, '-'])

    def values(self, words, option):
        return self.complete([*words, option, ''])


class Fish:
    name = 'fish'

    def __init__(self, source):
        self.source = source
        self.file = source / 'packaging/completions/danewatch.fish'

    def complete(self, words):
        # `complete -C` of one dash shows a list with long options too, but not every spelling: the rest is asked for.
        script = 'source $argv[1]; complete -C $argv[2]'
        lines = run(self.source, ['fish', '--no-config', '-c', script, str(self.file), ' '.join(words)])
        return [line.split('\t')[0] for line in lines]

    def options(self, words):
        return [*self.complete([*words, '-']), *self.complete([*words, '--'])]

    def values(self, words, option):
        return self.complete([*words, option, ''])


class Zsh:
    """The functions of completion proper need a terminal: _arguments and _values are replaced by some that print."""

    name = 'zsh'
    SCRIPT = '''
        file=$1 service=$2 command=$3
        _arguments() { [[ $1 == -C ]] && return 1; print -rl -- "$@"; }
        _values() { print -rl -- "$@"; }
        state=
        [[ $service == danewatch ]] && _arguments() { state=command; print -rl -- "$@"; return 1; }
        source $file
        if [[ -n $command ]]; then
          _arguments() { print -rl -- "$@"; }
          print -r -- ----
          _danewatch_$command
        fi
    '''

    def __init__(self, source):
        self.source = source
        self.file = source / 'packaging/completions/danewatch.zsh'

    def specifications(self, words):
        service, command = words[0], ''.join(words[1:2])
        lines = run(self.source, ['zsh', '-f', '-c', self.SCRIPT, 'zsh', str(self.file), service, command])
        return lines[lines.index('----') + 1:] if command else lines

    @staticmethod
    def option(line):
        found = re.match(r'(?:\([^)]*\))?\*?(-[^\[=]+)\[', line)
        return found.group(1) if found else None

    def options(self, words):
        return [option for option in map(self.option, self.specifications(words)) if option]

    def complete(self, words):
        """The commands; that is all that is asked of it."""
        lines = self.specifications(words[:1])
        return [line.split('[')[0] for line in lines[lines.index('command') + 1:] if '[' in line]

    def values(self, words, option):
        for line in self.specifications(words):
            if self.option(line) == option:
                closed = re.search(r':\((.*)\)$', line)
                return closed.group(1).split() if closed else ['CMakeLists.txt'] if line.endswith(':_files') else []
        return []


@functools.cache
def accepted(danewatch, command, option):
    """The words of "must be a, b or c"."""
    words = ['-H', 'a.example'] if command == 'nagios' else PREFIX.get(command, ['a.example'])
    result = subprocess.run([danewatch, command, *words, option, 'nonsense'], capture_output=True, text=True, check=False,
                            timeout=60)
    found = re.search(r'must be ([a-z, ]+)', result.stdout + result.stderr)
    if not found:
        sys.exit(f'{command} {option} nonsense: {result.stdout}{result.stderr}')
    return re.split(r', | or ', found.group(1).strip())


def check(shell, source, danewatch):
    commands = program.commands(danewatch)
    yield from compare(f'{shell.name}: commands', shell.complete(['danewatch', '']), commands)
    yield from compare(f'{shell.name}: danewatch', shell.options(['danewatch']), program.options(danewatch))
    for command in commands:
        real = program.options(danewatch, command)
        for words in [['danewatch', command]] + [['check_dane']] * (command == 'nagios'):
            what = f'{shell.name}: {" ".join(words)}'
            yield from compare(what, shell.options(words), real)
            for option in CLOSED.get(command, []):
                yield from compare(f'{what} {option}', shell.values(words, option), accepted(danewatch, command, option))
            for option, count in RANGES.get(command, {}).items():
                yield from compare(f'{what} {option}', shell.values(words, option), [str(n) for n in range(count)])
            for option in SERVICES.get(command, []):
                yield from compare(f'{what} {option}', shell.values(words, option), program.services(source))
            for option in FILES.get(command, []):
                if 'CMakeLists.txt' not in shell.values(words, option):
                    yield f'{what} {option}: offers no files'


def check_typing(bash):
    """What only bash has: words cut at =, and beginnings."""
    for words, expected in ((['danewatch', 'check', '--views', '=', 'a'], ['auto', 'all']),
                            (['danewatch', 'check', '--views', '='], ['auto', 'default', 'all']),
                            (['danewatch', 'ch'], ['check', 'changes']),
                            (['danewatch', 'check', '--ex'], ['--explain', '--extra-records']),
                            (['danewatch', 'tlsa', '--port', ''], []),
                            (['/usr/lib/nagios/plugins/check_dane', '-P', 'xmpp-'], ['xmpp-client', 'xmpp-server'])):
        yield from compare(f'bash: {" ".join(words)}', bash.complete(words), expected)


def main():
    source, danewatch = Path(sys.argv[1]).resolve(), sys.argv[2]
    problems = []
    for shell in (Bash(source), Fish(source), Zsh(source)):
        problems += check(shell, source, danewatch)
    problems += check_typing(Bash(source))
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)


main()
