"""What must hold of the bill of materials: SPDX 2.3, and nothing that the program uses is left out."""

import hashlib
import re
import subprocess

DOCUMENT = {'spdxVersion': r'SPDX-2\.3', 'dataLicense': r'CC0-1\.0', 'SPDXID': r'SPDXRef-DOCUMENT', 'name': r'danewatch-\S+',
            'documentNamespace': r'https://\S+[^#]'}
PACKAGE = {'SPDXID': r'SPDXRef-[A-Za-z0-9.-]+', 'name': r'\S+', 'versionInfo': r'\S+', 'downloadLocation': r'NOASSERTION|https?://\S+',
           'licenseConcluded': r'NOASSERTION|[A-Za-z0-9.+-]+', 'licenseDeclared': r'NOASSERTION|[A-Za-z0-9.+-]+', 'copyrightText': r'.+'}
KINDS = {'DESCRIBES', 'DYNAMIC_LINK', 'STATIC_LINK', 'BUILD_DEPENDENCY_OF', 'RUNTIME_DEPENDENCY_OF'}
# Libraries that are nothing but headers: no linker would tell of them.
COMPILED_IN = ('libboost1.81-dev', 'libcli11-dev', 'libexpected-dev', 'nlohmann-json3-dev')


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
        if package['name'] == 'danewatch':
            continue
        installed = subprocess.run(['dpkg-query', '-W', '-f', '${Version}\n', package['name']], capture_output=True, text=True,
                                   check=False, timeout=60).stdout.split('\n')
        if package['versionInfo'] not in installed:
            yield f'{package["name"]}: {package["versionInfo"]} in the bill, {installed[0]} installed'
        locators = [reference['referenceLocator'] for reference in package['externalRefs']]
        if not any(re.fullmatch(r'pkg:deb/debian/[^@]+@\S+\?arch=\w+', locator) for locator in locators):
            yield f'{package["name"]}: no package URL'


def check_relations(bill, binary):
    by_id = {package['SPDXID']: package for package in bill['packages']}
    known = {*by_id, 'SPDXRef-DOCUMENT'}
    linked, compiled, described = set(), set(), []
    for relation in bill['relationships']:
        left, kind, right = (relation[key] for key in ('spdxElementId', 'relationshipType', 'relatedSpdxElement'))
        if kind not in KINDS or left not in known or right not in known:
            yield f'relationship {left} {kind} {right}'
        if kind == 'DESCRIBES':
            described.append(right)
        if left == 'SPDXRef-danewatch' and kind == 'DYNAMIC_LINK':
            linked |= set(re.findall(r'[^\s,]+\.so[^\s,]*', by_id[right]['comment']))
        if left == 'SPDXRef-danewatch' and kind == 'STATIC_LINK':
            compiled.add(by_id[right]['name'])
    if described != ['SPDXRef-danewatch']:
        yield f'it describes {described}'
    dynamic = subprocess.run(['readelf', '-d', binary], capture_output=True, text=True, check=True, timeout=60).stdout
    needed = re.findall(r'\(NEEDED\).*\[(.+?)\]', dynamic)
    needed += [name.decode() for name in re.findall(rb'\0(libsystemd\.so\.\d+)\0', binary.read_bytes())]  # may be loaded later
    if not needed:
        yield f'{binary} needs no libraries?'
    yield from (f'{soname} is not in the bill' for soname in needed if soname not in linked)
    yield from (f'{name} is compiled in, but not in the bill' for name in COMPILED_IN if name not in compiled)


def problems_of(bill, binary):
    """Sentences about what is wrong with it as the bill of `binary`, on the machine that built it."""
    yield from check_document(bill)
    yield from check_packages(bill)
    yield from check_relations(bill, binary)
    own = [package for package in bill['packages'] if package['name'] == 'danewatch']
    digest = hashlib.sha256(binary.read_bytes()).hexdigest()
    if [package['checksums'] for package in own] != [[{'algorithm': 'SHA256', 'checksumValue': digest}]]:
        yield 'it is the bill of another binary'
