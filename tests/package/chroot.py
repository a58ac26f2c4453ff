#!/usr/bin/python3
"""chroot.py PACKAGE_DIRECTORY SCRATCH_DIRECTORY: the Debian package in a fresh minimal Debian: install, upgrade, purge.

What it needs is in fresh_debian.py. No daemon may start, there or here.
"""

import os
import re
import shutil

from fresh_debian import Machine, bootstrap, expect, main, put_dependencies, run

CONFIG = 'etc/danewatch/danewatch.yml'
NAGIOS = 'etc/nagios-plugins/config/dane.cfg'
EDITED = '# Written by the operator.\n'


def older(deb, scratch):
    """The same package as an earlier version, whose configuration files differ."""
    tree, path = scratch / 'older', scratch / 'older.deb'
    run('dpkg-deb', '-R', deb, tree)
    control = tree / 'DEBIAN/control'
    control.write_text(re.sub(r'^Version: .*$', 'Version: 0.0.1-1', control.read_text(), flags=re.MULTILINE))
    for name in (CONFIG, NAGIOS):
        (tree / name).write_text((tree / name).read_text() + '\n')
    run('dpkg-deb', '--root-owner-group', '-b', tree, path)
    return path


def check_programs(machine, version):
    shown = machine.as_nobody('/usr/bin/danewatch', '--version')
    expect(shown.stdout == f'danewatch {version}\n' and not shown.stderr, f'--version: {shown}')
    for path in ('/usr/lib/nagios/plugins/check_dane', '/usr/bin/check_dane'):
        shown = machine.as_nobody(path, '-h', status=3)
        expect(shown.stdout.startswith('Plugin for Nagios') and not shown.stderr, f'{path} -h: {shown}')
        shown = machine.as_nobody(path, status=3)
        expect(shown.stdout.startswith('DANE UNKNOWN - ') and not shown.stderr, f'{path}: {shown}')
    shown = machine.as_nobody('/usr/bin/danewatch', 'serve', '--config.file', f'/{CONFIG}', '--config.check')
    expect(shown.stdout == 'configuration ok\n' and not shown.stderr, f'--config.check: {shown}')
    missing = [line for line in machine.run('ldd', '/usr/bin/danewatch').stdout.splitlines() if 'not found' in line]
    expect(not missing, f'libraries are missing: {missing}')
    # Everything the units name is there, now in a whole system.
    for unit in ('danewatch.service', 'danewatch.socket'):
        shown = run('systemd-analyze', 'verify', '--root', machine.root, '--recursive-errors=no', '--man=no', unit)
        expect(unit not in shown.stderr, f'{unit}: {shown.stderr}')
    enabled = list((machine.root / 'etc/systemd').rglob('danewatch*'))
    expect(not enabled, f'installing it enabled it: {enabled}')


def check_upgrade(machine, old, new):
    machine.run('dpkg', '-i', old)
    expect(machine.version() == '0.0.1-1 installed', machine.version())
    with open(machine.root / CONFIG, 'a', encoding='utf-8') as file:
        file.write(EDITED)
    machine.run('dpkg', '--force-confold', '-i', new)
    expect((machine.root / CONFIG).read_text().endswith(EDITED), 'the upgrade took away what the operator wrote')
    expect((machine.root / f'{CONFIG}.dpkg-dist').exists(), 'the new configuration is nowhere')
    expect(not (machine.root / NAGIOS).read_text().endswith('\n\n'), 'the upgrade kept an old definition that nobody had changed')


def check_all(root, deb, scratch):
    bootstrap(root, scratch)
    machine = Machine(root)
    new, old = '/tmp/new.deb', '/tmp/old.deb'
    shutil.copy(deb, root / new[1:])
    shutil.copy(older(deb, scratch), root / old[1:])
    put_dependencies(machine, deb)
    before = machine.files()
    machine.run('dpkg', '-i', new)
    full = run('dpkg-deb', '-f', deb, 'Version').stdout.strip()
    check_programs(machine, full.rsplit('-', 1)[0])
    machine.run('dpkg', '--purge', 'danewatch')
    expect(machine.files() == before, f'purge: {sorted(machine.files() ^ before)}')
    check_upgrade(machine, old, new)
    expect(machine.version() == f'{full} installed', machine.version())
    check_programs(machine, full.rsplit('-', 1)[0])
    machine.run('dpkg', '--remove', 'danewatch')
    expect((root / CONFIG).exists() and not (root / 'usr/bin/danewatch').exists(), 'remove keeps configuration alone')
    machine.run('dpkg', '--purge', 'danewatch')
    expect(machine.files() == before, f'purge after an upgrade: {sorted(machine.files() ^ before)}')
    running = [name for name in os.listdir('/proc') if name.isdigit() and int(name) not in (1, os.getpid())]
    expect(not running, f'something was started: {running}')


main(check_all)
