"""What the program says about itself, and what the sources list: the measure of manual pages and completions."""

import functools
import re
import subprocess
from pathlib import Path


@functools.cache
def help_of(program, *command):
    """The text of --help. The plugin ends with 3 after it, as plugins do."""
    result = subprocess.run([program, *command, '--help'], capture_output=True, text=True, check=False, timeout=60)
    if result.returncode not in (0, 3) or result.stderr:
        raise SystemExit(f'{program} {" ".join(command)} --help: status {result.returncode}, {result.stderr}')
    return result.stdout


def commands(program):
    """The words under "Subcommands:"."""
    listed = help_of(program).split('Subcommands:\n')[1].split('\n\n')[0]
    return re.findall(r'^  (\S+)', listed, re.MULTILINE)


def options(program, *command):
    """Every spelling of every option, in the order of the help."""
    heads = re.findall(r'^  (-\S+)', help_of(program, *command).split('\nExamples:')[0], re.MULTILINE)
    return [spelling for head in heads for spelling in head.split(',')]


def services(source):
    return re.findall(r'Service\{"([a-z0-9-]+)"', (Path(source) / 'resolver/target/services.cpp').read_text())


def arrays(path):
    """Lists of words in a C++ file: {name: [word, ...]}."""
    found = re.findall(r'constexpr auto (\w+)\s*=\s*std::to_array<[\w:]+>\(\s*\{(.*?)\}\)', Path(path).read_text(), re.DOTALL)
    return {name: re.findall(r'"([^"]*)"', words) for name, words in found}


def compare(what, documented, real):
    """Sentences about what only one of the two has."""
    missing = [f'{what}: {word} is not there' for word in real if word not in documented]
    return missing + [f'{what}: {word} is there, but the program does not know it' for word in documented if word not in real]
