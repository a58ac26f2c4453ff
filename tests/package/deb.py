#!/usr/bin/python3
"""deb.py SOURCE PACKAGE_DIRECTORY: the Debian package as a file: contents, dependencies, lintian, units, bill of materials.

Needs no root and changes nothing; what happens when it is installed is in chroot.py.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from libraries import check_libraries
from sbom import problems_of

CONTENTS = '''
    etc/danewatch/danewatch.yml
    etc/nagios-plugins/config/dane.cfg
    etc/nagios/nrpe.d/dane.cfg
    lib/systemd/system/danewatch-mail@.service
    lib/systemd/system/danewatch-mail@.timer
    lib/systemd/system/danewatch.service
    lib/systemd/system/danewatch.socket
    usr/bin/check_dane
    usr/bin/danewatch
    usr/lib/danewatch/danewatch-mail
    usr/lib/nagios/plugins/check_dane
    usr/share/bash-completion/completions/check_dane
    usr/share/bash-completion/completions/danewatch
    usr/share/danewatch/dashboards/danewatch.json
    usr/share/danewatch/dashboards/danewatch.rules.yml
    usr/share/danewatch/icinga2/dane.conf
    usr/share/doc/danewatch/README.md
    usr/share/doc/danewatch/changelog.Debian.gz
    usr/share/doc/danewatch/changelog.gz
    usr/share/doc/danewatch/copyright
    usr/share/doc/danewatch/danewatch.spdx.json
    usr/share/doc/danewatch/examples/danewatch-mail.cron
    usr/share/doc/danewatch/one-server.md
    usr/share/doc/danewatch/report.schema.json
    usr/share/doc/danewatch/tlsrpt.schema.json
    usr/share/doc/danewatch/serve.md
    usr/share/fish/vendor_completions.d/check_dane.fish
    usr/share/fish/vendor_completions.d/danewatch.fish
    usr/share/man/man1/check_dane.1.gz
    usr/share/man/man1/danewatch.1.gz
    usr/share/man/man5/danewatch.yml.5.gz
    usr/share/zsh/vendor-completions/_danewatch
'''.split()

# In packages.build, but not for the build: the compiler is in build-essential, the other two are read at run time.
NOT_FOR_BUILDING = {'g++', 'dns-root-data', 'ca-certificates'}


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True, timeout=300).stdout


def field(deb, name):
    return output('dpkg-deb', '-f', deb, name).strip()


def package_names(text):
    """Names in a dependency field or a list of packages, of every release."""
    text = re.sub(r'#.*|\([^)]*\)|\$\{[^}]*\}|\[[^]]*\]', '', text)
    return {name for name in re.split(r'[,|\s]+', text) if name}


def check_contents(tree):
    for path in CONTENTS:
        if not os.path.lexists(tree / path):
            yield f'{path} is missing'
    for path in tree.rglob('*'):
        if path.is_symlink() and not (path.parent / os.readlink(path)).exists():
            yield f'{path.relative_to(tree)} leads nowhere'
        if path.suffix in ('.pyc', '.py', '.cpp', '.hpp'):
            yield f'{path.relative_to(tree)} has no business there'


def check_runbooks(tree):
    rules = (tree / 'usr/share/danewatch/dashboards/danewatch.rules.yml').read_text()
    urls = re.findall(r'runbook_url: file:///(\S+)', rules)
    if not urls:
        yield 'the rules name no runbooks'
    yield from (f'the rules name {url}, which is not there' for url in urls if not (tree / url).is_file())


def check_links(tree):
    """Links of the shipped documents to others of them."""
    folder = tree / 'usr/share/doc/danewatch'
    for page in folder.rglob('*.md'):
        for target in re.findall(r'\]\((?!https?:|#)([^)#\s]+)', page.read_text()):
            place = tree / target.lstrip('/') if target.startswith('/') else page.parent / target
            if not place.exists():
                yield f'{page.relative_to(folder)} links to {target}, which is not there'


def programs_of(tree):
    return [tree / 'usr/bin' / name for name in ('danewatch', 'check_dane')]


def check_dependencies(source, deb, tree):
    depends = package_names(field(deb, 'Depends'))
    needed = [re.findall(r'\(NEEDED\).*\[(.+?)\]', output('readelf', '-d', program)) for program in programs_of(tree)]
    found = dict(re.findall(r'^\s*(\S+) => (/\S+)', output('ldd', *programs_of(tree)), re.MULTILINE))
    yield from check_libraries(programs_of(tree)[1])
    for soname in {*needed[0], *needed[1]} - {'ld-linux-x86-64.so.2'}:
        path = os.path.realpath(found[soname])
        owner = subprocess.run(['dpkg-query', '-S', path, re.sub('^/usr', '', path)], capture_output=True, text=True,
                               check=False, timeout=60).stdout.split(':')[0]
        if owner not in depends:
            yield f'{soname} of {owner} is used, but not in Depends'
    # What the linker does not see: the trust anchor is read, and serve may load libsystemd when it starts.
    yield from (f'{name} is not in Depends' for name in ('dns-root-data', 'libsystemd0') if name not in depends)
    building = re.search(r'^Build-Depends:\n((?: .*\n)+)', (source / 'debian/control').read_text(), re.MULTILINE).group(1)
    listed = package_names((source / 'packaging/packages.build').read_text()) - NOT_FOR_BUILDING
    declared = package_names(building) - {'debhelper-compat', 'python3'}
    if declared != listed:
        yield f'Build-Depends and packages.build differ: {sorted(declared ^ listed)}'


def check_version(source, deb):
    version = re.search(r'project\(danewatch VERSION (\S+)', (source / 'CMakeLists.txt').read_text()).group(1)
    if not field(deb, 'Version').startswith(version + '-'):
        yield f'the package is {field(deb, "Version")}, CMakeLists.txt says {version}'


def check_lintian(deb):
    # Warnings count: what is not mended is explained in debian/danewatch.lintian-overrides.
    result = subprocess.run(['lintian', '--allow-root', '--fail-on', 'error,warning', deb], capture_output=True, text=True,
                            check=False, timeout=300)
    if result.returncode != 0:
        yield f'lintian: status {result.returncode}\n{result.stdout}{result.stderr}'


def check_units(tree):
    units = tree / 'lib/systemd/system'
    security = subprocess.run(['systemd-analyze', 'security', '--offline=yes', '--threshold=20', '--no-pager',
                               units / 'danewatch.service'], capture_output=True, text=True, check=False, timeout=60)
    if security.returncode != 0:
        yield f'systemd-analyze security:\n{security.stdout}{security.stderr}'
    # What the unit starts must exist: a shell for ExecReload= is all it takes from elsewhere.
    (tree / 'bin').mkdir()
    (tree / 'bin/sh').touch(0o755)
    for unit in ('danewatch.service', 'danewatch.socket'):
        result = subprocess.run(['systemd-analyze', 'verify', '--root', tree, '--recursive-errors=no', '--man=no', unit],
                                capture_output=True, text=True, check=False, timeout=60)
        if result.returncode != 0 or unit in result.stderr:
            yield f'systemd-analyze verify {unit}: status {result.returncode}\n{result.stdout}{result.stderr}'


def check_bill(place, tree):
    shipped = tree / 'usr/share/doc/danewatch/danewatch.spdx.json'
    if shipped.read_bytes() != (place / 'danewatch.spdx.json').read_bytes():
        yield 'the bill of materials in the package is not the one beside it'
    yield from problems_of(json.loads(shipped.read_text()), programs_of(tree))


def main():
    source, place = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    debs = list(place.glob('danewatch_*.deb'))
    if len(debs) != 1:
        sys.exit(f'{place}: {len(debs)} packages; `./dev package` makes one')
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / 'tree'
        output('dpkg-deb', '-x', debs[0], tree)
        problems = [*check_contents(tree), *check_runbooks(tree), *check_links(tree), *check_version(source, debs[0]),
                    *check_dependencies(source, debs[0], tree), *check_bill(place, tree), *check_lintian(debs[0]),
                    *check_units(tree)]
    print('\n'.join(problems))
    sys.exit(1 if problems else 0)


main()
