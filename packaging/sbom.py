#!/usr/bin/python3
"""sbom.py PROGRAM... --version V --build DIRECTORY: what the built programs are made of, as SPDX 2.3 JSON on standard output.

Nothing is listed by hand. Shared libraries are those the dynamic linker is told of (readelf), those the binary names to load
them later, and theirs; libraries that were compiled in are the headers the compiler really read (ninja's log of dependencies) and archives of the last link.
Versions and licences are those of the Debian packages that own the files.
"""

import argparse
import datetime
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from collections import defaultdict
from pathlib import Path

# Short names of Debian's copyright files and SPDX identifiers, where both mean the same text.
LICENSES = {
    'apache-2.0': 'Apache-2.0', 'expat': 'MIT', 'mit': 'MIT', 'zlib': 'Zlib', 'bsl-1.0': 'BSL-1.0', 'cc0-1.0': 'CC0-1.0',
    'bsd-2-clause': 'BSD-2-Clause', 'bsd-3-clause': 'BSD-3-Clause', 'isc': 'ISC',
    'lgpl-2.1': 'LGPL-2.1-only', 'lgpl-2.1+': 'LGPL-2.1-or-later', 'lgpl-3+': 'LGPL-3.0-or-later',
    'gpl-2': 'GPL-2.0-only', 'gpl-2+': 'GPL-2.0-or-later', 'gpl-3': 'GPL-3.0-only', 'gpl-3+': 'GPL-3.0-or-later',
}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, env={**os.environ, 'LC_ALL': 'C'}).stdout


def owners(paths):
    """{path: Debian package}. Files of both names of a merged /usr are found; a file of nobody is left out."""
    found = {}
    # dpkg may know a file as /lib/X or as /usr/lib/X.
    names = {name: path for path in paths for name in (path, re.sub(r'^/usr(?=/lib)', '', path), '/usr' + path)}
    listed = sorted(names)
    for start in range(0, len(listed), 500):
        result = subprocess.run(['dpkg-query', '-S', *listed[start:start + 500]], check=False, capture_output=True, text=True,
                                env={**os.environ, 'LC_ALL': 'C'})
        for line in result.stdout.splitlines():
            packages, _, path = line.partition(': ')
            if path in names:
                found[names[path]] = packages.split(', ')[0]
    return found


def needed(path):
    return re.findall(r'\(NEEDED\)\s+Shared library: \[(.+?)\]', output('readelf', '-d', path))


def loaded_later(binary):
    """Names for dlopen(): libraries named in the binary that the dynamic linker is not told of."""
    names = re.findall(rb'(?<![\w.+-])(lib[\w.+-]+\.so\.\d+)(?=\0)', Path(binary).read_bytes())
    return sorted({name.decode() for name in names} - set(needed(binary)))


def resolved(binary):
    """{soname: file}, of the whole closure."""
    cache = dict(re.findall(r'^\s*(\S+) .* => (\S+)$', output('/sbin/ldconfig', '-p'), re.MULTILINE))
    found = {}
    for path in (binary, *(cache[name] for name in loaded_later(binary) if name in cache)):
        found |= dict(re.findall(r'^\s*(\S+) => (/\S+)', output('ldd', path), re.MULTILINE))
    found |= {name: cache[name] for name in loaded_later(binary) if name in cache}
    return {name: os.path.realpath(path) for name, path in found.items()}


def shared_libraries(binary):
    """(package, package it needs, soname) from the binary (package None) down."""
    files = resolved(binary)
    owner = owners(set(files.values()))
    edges, seen, waiting = [], set(), [(None, binary)]
    while waiting:
        user, path = waiting.pop()
        for soname in needed(path) + (loaded_later(path) if user is None else []):
            if soname.startswith('ld-linux'):
                continue
            if soname not in files or files[soname] not in owner:
                sys.exit(f'sbom: {path} needs {soname}, which belongs to no package')
            package = owner[files[soname]]
            edges.append((user, package, soname))
            if soname not in seen:
                seen.add(soname)
                waiting.append((package, files[soname]))
    return edges


def archives_of(build, program):
    """Packages of the archives that its last link took code from."""
    link = output('ninja', '-C', build, '-t', 'commands', program).splitlines()[-1]
    paths = set(re.findall(r'\s(/usr/\S+\.a)\b', link))
    paths |= {output('c++', f'-print-file-name={name}.a').strip() for name in re.findall(r'\s-static-(lib\S+)', link)}
    return set(owners({os.path.realpath(path) for path in paths}).values())


def headers_of(build):
    """Packages of the headers that were read."""
    headers = set(re.findall(r'^\s+(/usr/\S+)$', output('ninja', '-C', build, '-t', 'deps'), re.MULTILINE))
    if not headers:
        sys.exit(f'sbom: {build} has no log of dependencies; was it built with ninja?')
    return set(owners({os.path.normpath(path) for path in headers}).values())


def described(package):
    fields = {'version': '${Version}', 'source': '${source:Package}', 'architecture': '${Architecture}',
              'depends': '${Depends}', 'summary': '${binary:Summary}', 'homepage': '${Homepage}'}
    text = output('dpkg-query', '-W', '-f', '\t'.join(fields.values()) + '\n', package).splitlines()[0]
    return {'name': package.split(':')[0], **dict(zip(fields, text.split('\t')))}


def licenses_of(name):
    """Short names in a machine-readable copyright file, but for the packaging's own."""
    try:
        text = Path(f'/usr/share/doc/{name}/copyright').read_text(encoding='utf-8', errors='replace')
    except OSError:
        return []
    found = set()
    for paragraph in re.split(r'\n\s*\n', text):
        files = re.search(r'^Files:\s*(.*)$', paragraph, re.MULTILINE)
        short = re.search(r'^License:\s*(.+?)\s*$', paragraph, re.MULTILINE)
        if files and short and not files.group(1).startswith('debian/'):
            found.add(short.group(1))
    return sorted(found)


def identifier(name):
    return 'SPDXRef-' + re.sub(r'[^A-Za-z0-9.-]', '-', name.replace('+', 'p'))


def element(package, sonames):
    facts = described(package)
    licenses = licenses_of(facts['name'])
    declared = LICENSES.get(licenses[0].lower(), 'NOASSERTION') if len(licenses) == 1 else 'NOASSERTION'
    purl = f'pkg:deb/debian/{facts["name"].replace("+", "%2B")}@{facts["version"].replace("+", "%2B")}?arch={facts["architecture"]}'
    result = {
        'SPDXID': identifier(facts['name']), 'name': facts['name'], 'versionInfo': facts['version'],
        'supplier': 'Organization: Debian', 'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False,
        'licenseConcluded': 'NOASSERTION', 'licenseDeclared': declared, 'copyrightText': 'NOASSERTION',
        'sourceInfo': f'Debian source package {facts["source"]}', 'summary': facts['summary'],
        'externalRefs': [{'referenceCategory': 'PACKAGE-MANAGER', 'referenceType': 'purl', 'referenceLocator': purl}],
    }
    if licenses:
        result['licenseComments'] = 'Named in the copyright file of the package: ' + ', '.join(licenses)
    if facts['homepage']:
        result['homepage'] = facts['homepage']
    if sonames:
        result['comment'] = 'Shared libraries: ' + ', '.join(sorted(sonames))
    return result


def relation(left, kind, right, comment=None):
    result = {'spdxElementId': left, 'relationshipType': kind, 'relatedSpdxElement': right}
    return result | ({'comment': comment} if comment else {})


def own_element(program, version):
    name = os.path.basename(program)
    return {
        'SPDXID': identifier(name), 'name': name, 'versionInfo': version, 'supplier': 'NOASSERTION',
        'downloadLocation': 'NOASSERTION', 'filesAnalyzed': False, 'primaryPackagePurpose': 'APPLICATION',
        'packageFileName': name,
        'checksums': [{'algorithm': 'SHA256', 'checksumValue': hashlib.sha256(Path(program).read_bytes()).hexdigest()}],
        'licenseConcluded': 'Apache-2.0', 'licenseDeclared': 'Apache-2.0', 'copyrightText': 'The danewatch authors',
    }


def static_relations(own, archives, headers, linked, others):
    """What it has compiled in, and what was read to compile it: but for the headers of libraries that only others link."""
    for package in sorted(headers | archives):
        name = identifier(package.split(':')[0])
        # Headers of a linked library tell how to call it; those of any other are where its code is.
        uses = {word.split()[0].split(':')[0] for word in described(package)['depends'].split(',') if word.strip()}
        if package in archives:
            yield relation(own, 'STATIC_LINK', name, 'compiled in: an archive')
        elif uses & linked or package.startswith('linux-libc-dev'):
            yield relation(name, 'BUILD_DEPENDENCY_OF', own)
        elif not uses & others:
            yield relation(own, 'STATIC_LINK', name, 'compiled in: headers')


def bill(programs, version, build, runtime):
    headers, sonames = headers_of(build), defaultdict(set)
    links = {program: shared_libraries(program) for program in programs}
    for _, package, soname in (edge for edges in links.values() for edge in edges):
        sonames[package].add(soname)
    all_linked = {package.split(':')[0] for package in sonames}
    archives = {program: archives_of(build, os.path.basename(program)) for program in programs}
    relations = []
    for program, edges in links.items():
        own = identifier(os.path.basename(program))
        relations.append(relation('SPDXRef-DOCUMENT', 'DESCRIBES', own))
        relations += [relation(identifier(user.split(':')[0]) if user else own, 'DYNAMIC_LINK', identifier(package.split(':')[0]))
                      for user, package, _ in edges if user != package]
        linked = {package.split(':')[0] for _, package, _ in edges}
        relations += static_relations(own, archives[program], headers - set(sonames), linked, all_linked - linked)
        relations += [relation(identifier(package), 'RUNTIME_DEPENDENCY_OF', own) for package in runtime]
    elements = [own_element(program, version) for program in programs]
    elements += [element(package, sonames.get(package, ())) for package in sorted({*sonames, *headers, *runtime}.union(*archives.values()))]
    return elements, sorted({json.dumps(found): found for found in relations}.values(), key=json.dumps)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('programs', nargs='+', metavar='program')
    parser.add_argument('--version', required=True)
    parser.add_argument('--build', required=True, help='where ninja built it')
    parser.add_argument('--runtime', action='append', default=[], help='a package whose files it reads')
    words = parser.parse_args()
    elements, relations = bill(words.programs, words.version, words.build, words.runtime)
    content = json.dumps([elements, relations], sort_keys=True)
    moment = datetime.datetime.fromtimestamp(int(os.environ.get('SOURCE_DATE_EPOCH') or datetime.datetime.now().timestamp()),
                                             datetime.timezone.utc)
    name = f'danewatch-{words.version}'
    json.dump({
        'spdxVersion': 'SPDX-2.3', 'dataLicense': 'CC0-1.0', 'SPDXID': 'SPDXRef-DOCUMENT', 'name': name,
        'documentNamespace': f'https://spdx.org/spdxdocs/{name}-{uuid.uuid5(uuid.NAMESPACE_URL, content)}',
        'creationInfo': {'created': moment.strftime('%Y-%m-%dT%H:%M:%SZ'), 'creators': ['Tool: danewatch-sbom']},
        'packages': elements, 'relationships': relations,
    }, sys.stdout, indent=1)
    print()


main()
