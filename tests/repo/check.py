#!/usr/bin/python3
"""check.py RULE SOURCE_DIRECTORY: first proves the rule on samples, then applies it to the source tree."""

import sys
from pathlib import Path

from rules import RULES, pure_rooms
from samples import BAD, GOOD

SUFFIXES = {'.cpp', '.hpp', '.py', '.sh', '.md', '.txt', '.json', '.yml', '.yaml', '.cmake', '.mjs', '.svg', ''}
SKIPPED = {'build', '.git', 'corpus'}


def self_test(name):
    rule = RULES[name]
    for sample in BAD[name]:
        if not list(rule(sample)):
            sys.exit(f'{name}: the rule accepts a bad sample:\n{sample}')
    problems = list(rule(GOOD[name]))
    if problems:
        sys.exit(f'{name}: the rule objects to a good sample: {problems}')


def read_tree(root):
    tree = {}
    for path in sorted(root.rglob('*')):
        relative = path.relative_to(root)
        if SKIPPED & set(relative.parts) or not path.is_file() or path.suffix not in SUFFIXES:
            continue
        tree[relative.as_posix()] = path.read_text(encoding='utf-8', errors='replace')
    return tree


def main():
    name, root = sys.argv[1], Path(sys.argv[2])
    self_test(name)
    tree = read_tree(root)
    if 'CMakeLists.txt' not in tree or not any(path.startswith('probe/') for path in tree):
        sys.exit(f'{root} is not the source tree')
    problems = list(RULES[name](tree))
    if name == 'purity':
        for room, files in pure_rooms(tree).items():
            print(f'{room}/ is pure: {files} files')
            if files == 0:
                problems.append((room, 1, 'a pure room without files'))
    for path, line, message in problems:
        print(f'{path}:{line}: {message}')
    sys.exit(1 if problems else 0)


main()
