"""A fresh minimal Debian in a folder, for tests that install the package there.

Needs root, itself or by sudo, and the machine's own Debian mirror. Everything happens in namespaces of its own: mounts and
processes are gone when it ends, however it ends.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

INSIDE = 'DANEWATCH_CHROOT_TEST_INSIDE'
# Where dpkg, apt and their logs may leave what they like.
NOT_OURS = ('proc', 'sys', 'dev', 'tmp', 'run', 'var/lib/dpkg', 'var/lib/apt', 'var/cache', 'var/log')


class Failure(Exception):
    pass


def expect(condition, what):
    if not condition:
        raise Failure(what)


def run(*command, status=0, **more):
    result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900, stdin=subprocess.DEVNULL, **more)
    if result.returncode != status:
        raise Failure(f'{" ".join(map(str, command))}: status {result.returncode}\n{result.stdout}{result.stderr}')
    return result


def codename():
    return re.search(r'^VERSION_CODENAME=(\w+)', Path('/etc/os-release').read_text(), re.MULTILINE).group(1)


def mirrors(scratch):
    """(URI, suite) of Debian as this machine's own apt is configured, the release itself first."""
    wanted = ['--format', '$(ORIGIN) $(COMPONENT) $(REPO_URI) $(RELEASE)', 'Created-By: Packages']
    rows = run('apt-get', 'indextargets', *wanted).stdout.split('\n')
    if not any(row.startswith('Debian main ') for row in rows):  # its lists were thrown away: fetch them elsewhere
        lists = f'Dir::State::lists={scratch}/lists'
        os.makedirs(f'{scratch}/lists/partial')
        run('apt-get', '-o', lists, 'update')
        rows = run('apt-get', '-o', lists, 'indextargets', *wanted).stdout.split('\n')
    found = [tuple(row.split()[2:4]) for row in rows if re.match(r'Debian main \S+ \S+$', row)]
    found = sorted(dict.fromkeys(found), key=lambda mirror: mirror[1] != codename())
    expect(found and found[0][1] == codename(), f'apt knows no mirror of Debian {codename()}; it knows {found}')
    return found


def network_settings():
    """How this machine reaches its mirrors: apt's own settings, for the apt inside too."""
    return ''.join(line + '\n' for line in run('apt-config', 'dump').stdout.splitlines() if line.startswith('Acquire::'))


def bootstrap(root, scratch, *packages):
    """Debian in the folder `root`, with these packages beside what every Debian has. No daemon may start."""
    sources = mirrors(scratch)
    environment = dict(os.environ)
    proxy = re.search(r'^Acquire::http::Proxy "(http[^"]+)"', network_settings(), re.MULTILINE)
    if proxy:
        environment['http_proxy'] = environment['https_proxy'] = proxy.group(1)
    encrypted = any(uri.startswith('https:') for uri, _ in sources)
    include = ','.join([*packages, *['ca-certificates'] * encrypted])
    more = [f'--include={include}'] if include else []
    run('debootstrap', '--variant=minbase', *more, codename(), root, sources[0][0], env=environment)
    for name in ('etc/resolv.conf', 'etc/hosts', *['etc/ssl/certs/ca-certificates.crt'] * encrypted):
        (root / name).unlink(missing_ok=True)
        shutil.copy(f'/{name}', root / name)
    (root / 'etc/apt/sources.list').write_text(''.join(f'deb {uri} {suite} main\n' for uri, suite in sources))
    (root / 'etc/apt/apt.conf.d/90network').write_text(network_settings())
    (root / 'etc/dpkg/dpkg.cfg.d/unsafe').write_text('force-unsafe-io\n')
    policy = root / 'usr/sbin/policy-rc.d'
    policy.write_text('#!/bin/sh\nexit 101\n')
    policy.chmod(0o755)


class Machine:
    """A Debian in a folder."""

    def __init__(self, root):
        self.root = root

    def run(self, *command, status=0):
        environment = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C']
        return run('chroot', self.root, 'env', '-i', *environment, *command, status=status)

    def as_nobody(self, *command, status=0):
        return run('chroot', '--userspec=nobody:nogroup', self.root, 'env', '-i', *command, status=status, cwd='/')

    def files(self):
        """Every path that is not dpkg's or apt's own business."""
        found = set()
        for folder, folders, files in os.walk(self.root):
            inside = os.path.relpath(folder, self.root)
            folders[:] = [name for name in folders if os.path.normpath(f'{inside}/{name}') not in NOT_OURS]
            found |= {os.path.normpath(f'{inside}/{name}') for name in folders + files}
        return found

    def version(self):
        return self.run('dpkg-query', '-W', '-f', '${Version} ${db:Status-Status}', 'danewatch').stdout


def put_dependencies(machine, deb):
    machine.run('apt-get', '-q', 'update')
    depends = run('dpkg-deb', '-f', deb, 'Depends').stdout.strip()
    machine.run('apt-get', 'satisfy', '-q', '-y', '--no-install-recommends', depends)


def in_namespaces(arguments):
    """Runs this program again, where its mounts and processes are its own, and removes what it leaves."""
    with tempfile.TemporaryDirectory(prefix='chroot-', dir=arguments[2]) as scratch:
        command = ['unshare', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', sys.executable, '-B', *arguments]
        return subprocess.run(command, check=False, env={**os.environ, INSIDE: scratch}).returncode


def main(check_all):
    """check_all(root, deb, scratch) raises Failure; the arguments are PACKAGE_DIRECTORY SCRATCH_DIRECTORY."""
    debs = list(Path(sys.argv[1]).glob('danewatch_*.deb'))
    if len(debs) != 1:
        sys.exit(f'{sys.argv[1]}: {len(debs)} packages; `./dev package` makes one')
    if os.geteuid() != 0:
        if not shutil.which('sudo') or subprocess.run(['sudo', '-n', 'true'], check=False).returncode != 0:
            sys.exit('installing a package needs root, or sudo without a password')
        os.execvp('sudo', ['sudo', '-n', sys.executable, '-B', *sys.argv])
    if INSIDE not in os.environ:
        os.umask(0o022)
        sys.exit(in_namespaces(sys.argv))
    scratch = Path(os.environ.pop(INSIDE)).resolve()
    try:
        check_all(scratch / 'root', debs[0].resolve(), scratch)
    except Failure as failure:
        sys.exit(str(failure))
