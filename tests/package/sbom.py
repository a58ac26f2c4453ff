"""What must hold of the bill of materials: SPDX 2.3, and nothing that the programs use is left out."""

import hashlib
import json
import re
import subprocess

DOCUMENT = {'spdxVersion': r'SPDX-2\.3', 'dataLicense': r'CC0-1\.0', 'SPDXID': r'SPDXRef-DOCUMENT', 'name': r'danewatch-\S+',
            'documentNamespace': r'https://\S+[^#]'}
PACKAGE = {'SPDXID': r'SPDXRef-[A-Za-z0-9.-]+', 'name': r'\S+', 'versionInfo': r'\S+', 'downloadLocation': r'NOASSERTION|https?://\S+',
           'licenseConcluded': r'NOASSERTION|[A-Za-z0-9.+-]+', 'licenseDeclared': r'NOASSERTION|[A-Za-z0-9.+-]+', 'copyrightText': r'.+'}
KINDS = {'DESCRIBES', 'DYNAMIC_LINK', 'STATIC_LINK', 'BUILD_DEPENDENCY_OF', 'RUNTIME_DEPENDENCY_OF'}
# Libraries that are nothing but headers: no linker would tell of them.
COMPILED_IN = {'libboost1.81-dev', 'libcli11-dev', 'libexpected-dev', 'libfmt-dev', 'nlohmann-json3-dev'}
FOR_SERVE = {'libcrypt-dev', 'libsystemd-dev', 'libyaml-cpp-dev', 'prometheus-cpp-dev', 'zlib1g-dev'}
ARCHIVES = {'danewatch': set(), 'check_dane': {'libstdc++-12-dev', 'libgcc-12-dev'}}


def fields(what, values, patterns):
    for name, pattern in patterns.items():
        if not re.fullmatch(pattern, str(values.get(name, ''))):
            yield f'{what}: {name} is {values.get(name)!r}'


def check_document(bill):
    yield from fields('document', bill, DOCUMENT)
    created = bill.get('creationInfo', {})
    yield from fields('creationInfo', created, {'created': r'\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'})
    if not any(re.match(r'(Tool|Person|Organization): ', who) for who in created.get('creators', [])):
        yield 'creationInfo: nobody made it'


def check_packages(bill):
    names = [package['SPDXID'] for package in bill['packages']]
    if len(set(names)) != len(names):
        yield 'two packages share an SPDXID'
    for package in bill['packages']:
        yield from fields(package['name'], package, PACKAGE)
        if package['name'] in ARCHIVES:
            continue
        installed = subprocess.run(['dpkg-query', '-W', '-f', '${Version}\n', package['name']], capture_output=True, text=True,
                                   check=False, timeout=60).stdout.split('\n')
        if package['versionInfo'] not in installed:
            yield f'{package["name"]}: {package["versionInfo"]} in the bill, {installed[0]} installed'
        locators = [reference['referenceLocator'] for reference in package['externalRefs']]
        if not any(re.fullmatch(r'pkg:deb/debian/[^@]+@\S+\?arch=\w+', locator) for locator in locators):
            yield f'{package["name"]}: no package URL'


def check_relations(bill):
    known = {'SPDXRef-DOCUMENT', *(package['SPDXID'] for package in bill['packages'])}
    described = []
    for relation in bill['relationships']:
        left, kind, right = (relation[key] for key in ('spdxElementId', 'relationshipType', 'relatedSpdxElement'))
        if kind not in KINDS or left not in known or right not in known:
            yield f'relationship {left} {kind} {right}'
        if kind == 'DESCRIBES':
            described.append(right)
    if len({json.dumps(relation) for relation in bill['relationships']}) != len(bill['relationships']):
        yield 'a relationship is told twice'
    if sorted(described) != ['SPDXRef-check-dane', 'SPDXRef-danewatch']:
        yield f'it describes {described}'


def check_program(bill, binary):
    by_id = {package['SPDXID']: package for package in bill['packages']}
    own = next((package for package in bill['packages'] if package['name'] == binary.name), None)
    if own is None:
        yield f'{binary.name} is not in the bill'
        return
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    if own['checksums'] != [{'algorithm': 'SHA256', 'checksumValue': digest}]:
        yield f'it is the bill of another {binary.name}'
    used = [(relation['relationshipType'], by_id[relation['relatedSpdxElement']]) for relation in bill['relationships']
            if relation['spdxElementId'] == own['SPDXID'] and relation['relationshipType'].endswith('_LINK')]
    linked = {soname for kind, package in used if kind == 'DYNAMIC_LINK'
              for soname in re.findall(r'[^\s,]+\.so[^\s,]*', package['comment'])}
    compiled = {package['name'] for kind, package in used if kind == 'STATIC_LINK'}
    dynamic = subprocess.run(['readelf', '-d', binary], capture_output=True, text=True, check=True, timeout=60).stdout
    needed = re.findall(r'\(NEEDED\).*\[(.+?)\]', dynamic)
    needed += [name.decode() for name in re.findall(rb'(libsystemd\.so\.\d+)\0', binary.read_bytes())]  # may be loaded later
    if not needed:
        yield f'{binary} needs no libraries?'
    yield from (f'{soname} of {binary.name} is not in the bill' for soname in needed
                if soname not in linked and not soname.startswith('ld-linux'))
    reads = {by_id[relation['spdxElementId']]['name'] for relation in bill['relationships']
             if relation['relationshipType'] == 'BUILD_DEPENDENCY_OF' and relation['relatedSpdxElement'] == own['SPDXID']}
    if FOR_SERVE & (reads | compiled) != (FOR_SERVE if binary.name == 'danewatch' else set()):
        yield f'{binary.name} is said to be made of {sorted(FOR_SERVE & (reads | compiled))}'
    if not COMPILED_IN | ARCHIVES[binary.name] <= compiled:
        yield f'compiled into {binary.name}, but not in the bill: {sorted((COMPILED_IN | ARCHIVES[binary.name]) - compiled)}'


def problems_of(bill, programs):
    """Sentences about what is wrong with it as the bill of `programs`, on the machine that built them."""
    yield from check_document(bill)
    yield from check_packages(bill)
    yield from check_relations(bill)
    for program in programs:
        yield from check_program(bill, program)
