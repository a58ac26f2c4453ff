#!/usr/bin/python3
"""validate.py SOURCE_DIRECTORY: every golden JSON file, and all evidence that is kept, obeys its schema in docs/, and the schemas are worth obeying:
files that break the contract in known ways are refused."""

import copy
import json
import sys
from pathlib import Path

try:
    import jsonschema
except ImportError:
    print('skipped: the package python3-jsonschema is not installed')
    sys.exit(77)

ROOT = Path(sys.argv[1]).resolve()
SCHEMAS = {'danewatch.report/1': 'report.schema.json', 'danewatch.verify/1': 'verify.schema.json',
           'danewatch.evidence/1': 'evidence.schema.json'}


def validators():
    """By the value of "schema"; the one refers to the other by its file name."""
    files = {word: ROOT / 'docs' / file for word, file in SCHEMAS.items()}
    loaded = {word: json.loads(file.read_text('utf-8')) for word, file in files.items()}
    store = {files[word].as_uri(): schema for word, schema in loaded.items()}
    for schema in loaded.values():
        jsonschema.Draft202012Validator.check_schema(schema)
    return {word: jsonschema.Draft202012Validator(
        schema, resolver=jsonschema.RefResolver(files[word].as_uri(), schema, store=store))
        for word, schema in loaded.items()}


def parts(value, path=()):
    """Every object inside, with the way to it."""
    if isinstance(value, dict):
        yield path, value
        for key, inner in value.items():
            yield from parts(inner, path + (key,))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from parts(inner, path + (index,))


def at(value, path):
    for step in path:
        value = value[step]
    return value


def optional(schema):
    """Members that may be left out somewhere."""
    return {key for _, part in parts(schema) for key in part.get('properties', {})
            if isinstance(part.get('properties'), dict) and key not in part.get('required', [])}


def broken(report, may_miss):
    """Copies that each break one promise."""
    for path, part in parts(report):
        for key in part:
            if key not in may_miss and 'libraries' not in path:
                without = copy.deepcopy(report)
                del at(without, path)[key]
                yield f'{path} without {key}', without
            for what, value in (('an object', {'unexpected': 1}), ('lists', [[1]])):
                other = copy.deepcopy(report)
                at(other, path)[key] = value
                if what == 'lists' or not may_miss & {'days', 'connect', 'dns_ms'}:  # objects that may be empty
                    yield f'{path} with {what} as {key}', other
    for key in ('verdict', 'severity', 'reason'):
        if key not in report:
            continue
        wrong = copy.deepcopy(report)
        wrong[key] = 'wonderful'
        yield f'with a {key} that does not exist', wrong
    if 'reason' in report:
        empty = copy.deepcopy(report)
        empty['reason'] = ''
        yield 'with an empty reason instead of null', empty


def main():
    problems = []
    by_schema = validators()
    files = sorted((ROOT / 'tests' / 'golden').glob('*.json'))
    if len(files) < 10:
        sys.exit(f'only {len(files)} golden files')
    files += sorted(file for file in (ROOT / 'tests' / 'evidence').glob('*.json') if file.name != 'expected.json')
    for file in files:
        text = file.read_text('utf-8')
        report = json.loads(text)
        validator = by_schema[report['schema']]
        problems += [f'{file.name}: {error.json_path}: {error.message}' for error in validator.iter_errors(report)]
        if text.count('\n') != 1:
            problems.append(f'{file.name}: not one line')
    for name in ('dual-view.json', 'verify-mismatch.json', 'dual-view.evidence.json'):
        report = json.loads((ROOT / 'tests' / 'golden' / name).read_text('utf-8'))
        validator = by_schema[report['schema']]
        for what, wrong in broken(report, optional(validator.schema) if 'evidence' in name else set()):
            if wrong.get('schema') == report['schema'] and validator.is_valid(wrong):
                problems.append(f'{name}: the schema accepts it {what}')
        report['added_later'] = True
        if not validator.is_valid(report):
            problems.append(f'{name}: the schema refuses a field that was added')
    print('\n'.join(problems) or f'{len(files)} files obey their schemas')
    sys.exit(1 if problems else 0)


main()
