#!/usr/bin/python3
"""booted.py PACKAGE_DIRECTORY SCRATCH_DIRECTORY: the installed service under a real systemd, booted in a container.

What it needs is in fresh_debian.py. The container has a network of its own without the world, a cgroup, a /dev with six
harmless devices, the kernel's settings for reading alone, and its root by pivot_root: in a chroot the kernel forbids the
user namespace of PrivateUsers=.
"""

import os
import re
import select
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from fresh_debian import Failure, Machine, bootstrap, expect, main, put_dependencies, run

PATIENCE = 60
STOP_WITHIN = 5
ADDRESS = '127.0.0.1/19115'
ENVIRONMENT = ['env', '-i', 'PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C']
BOOT = """
mount --make-rprivate /
mount --bind "$1" "$1"
mount -t proc proc "$1/proc"
mount -o bind,ro "$1/proc/sys" "$1/proc/sys"
mount -t sysfs -o ro sysfs "$1/sys"
mount -t cgroup2 cgroup2 "$1/sys/fs/cgroup"
for place in dev run tmp; do mount -t tmpfs -o mode=755 tmpfs "$1/$place"; done
chmod 1777 "$1/tmp"
for device in null zero full random urandom tty; do
  touch "$1/dev/$device"
  mount --bind "/dev/$device" "$1/dev/$device"
done
mkdir "$1/dev/pts" "$1/dev/shm" "$1/tmp/old"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$1/dev/pts"
ln -s pts/ptmx "$1/dev/ptmx"
cd "$1"
pivot_root . tmp/old
umount -l /tmp/old
exec env -i container=test NOTIFY_SOCKET=/booted PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --unit=basic.target
"""
QUICK = '/run/systemd/system/danewatch.service.d/quick.conf'


class Group:
    """A cgroup below this process's own: what systemd sorts its services into."""

    def __init__(self, scratch):
        mounted = scratch / 'cgroup'
        mounted.mkdir()
        run('mount', '-t', 'cgroup2', 'cgroup2', mounted)
        own = re.search(r'^0::(.*)$', Path('/proc/self/cgroup').read_text(), re.MULTILINE).group(1)
        self.path = mounted / own.lstrip('/') / f'danewatch-{os.getpid()}-{time.time_ns()}'
        self.path.mkdir()

    def enter(self):
        (self.path / 'cgroup.procs').write_text(str(os.getpid()))

    def remove(self):
        for folder, _, _ in os.walk(self.path, topdown=False):
            os.rmdir(folder)


class Booted:
    """A machine whose systemd runs."""

    def __init__(self, root, group):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(root / 'booted'))
            told.settimeout(1)
            spaces = ['--mount', '--pid', '--net', '--ipc', '--uts', '--cgroup']
            self.process = subprocess.Popen(['unshare', *spaces, '--fork', '--kill-child', 'sh', '-ec', BOOT, 'boot', root],
                                            stdin=subprocess.DEVNULL, preexec_fn=group.enter)
            self.wait_until_booted(told)
        own = self.process.pid
        self.first = Path(f'/proc/{own}/task/{own}/children').read_text().split()[0]

    def wait_until_booted(self, told):
        end, words = time.monotonic() + PATIENCE, b''
        while b'READY=1' not in words.split(b'\n'):
            try:
                words = told.recv(4096)
            except TimeoutError as error:
                if time.monotonic() > end or self.process.poll() is not None:
                    self.process.kill()
                    self.process.wait()
                    raise Failure('systemd does not boot') from error

    def inside(self, *command):
        return ['nsenter', '-t', self.first, '-m', '-p', '-n', '-i', '-u', '-C', *ENVIRONMENT, *command]

    def run(self, *command, status=0):
        return run(*self.inside(*command), status=status).stdout

    def show(self, *properties):
        text = self.run('systemctl', 'show', 'danewatch.service', *[f'-p{name}' for name in properties])
        return dict(line.split('=', 1) for line in text.splitlines())

    def healthy(self):
        ask = f'exec 3<>/dev/tcp/{ADDRESS}; printf "GET /-/healthy HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n" >&3; cat <&3'
        answer = self.run('bash', '-c', ask)
        expect(answer.startswith('HTTP/1.0 200 ') and answer.endswith('danewatch is alive\n'), f'/-/healthy: {answer}')

    def wait_for(self, words, times):
        """Until the service's log holds these words as often."""
        command = self.inside('journalctl', '--unit=danewatch', '--lines=all', '--follow', '--output=cat')
        end, text = time.monotonic() + PATIENCE, ''
        with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as log:
            while text.count(words) < times:
                ready, _, _ = select.select([log.stdout], [], [], max(0, end - time.monotonic()))
                piece = os.read(log.stdout.fileno(), 65536) if ready else b''
                if not piece:
                    log.kill()
                    raise Failure(f'the log has not {times} times {words!r}:\n{text}')
                text += piece.decode()
            log.kill()

    def end(self):
        """With everything in it. Orphans come to us, the first process here; the last one holds the machine up."""
        os.kill(int(self.first), signal.SIGKILL)
        while os.wait()[0] != self.process.pid:
            pass


def check_start(machine):
    machine.run('systemctl', 'start', 'danewatch')  # comes back after READY=1
    shown = machine.show('ActiveState', 'StatusText', 'WatchdogUSec', 'NRestarts', 'MainPID')
    expect(shown['ActiveState'] == 'active' and shown['NRestarts'] == '0', f'start: {shown}')
    expect(shown['WatchdogUSec'] == '30s' and shown['StatusText'], f'start: {shown}')
    user = machine.run('stat', '-c', '%u', f'/proc/{shown["MainPID"]}').strip()
    expect(user not in ('', '0'), f'it runs as user {user!r}')
    machine.healthy()


def check_reload(machine):
    before = machine.show('MainPID')
    machine.run('systemctl', 'reload', 'danewatch')
    machine.wait_for('configuration reloaded', 1)
    shown = machine.show('MainPID', 'ActiveState')
    expect(shown == {**before, 'ActiveState': 'active'}, f'reload: {before} became {shown}')


def check_stop(machine):
    begin = time.monotonic()
    machine.run('systemctl', 'stop', 'danewatch')
    took = time.monotonic() - begin
    shown = machine.show('ActiveState', 'Result', 'NRestarts')
    expect(shown == {'ActiveState': 'inactive', 'Result': 'success', 'NRestarts': '0'}, f'stop: {shown}')
    expect(took < STOP_WITHIN, f'stop took {took:.1f} s')


def check_socket(machine):
    machine.run('systemctl', 'start', 'danewatch.socket')
    expect(machine.show('ActiveState')['ActiveState'] == 'inactive', 'the socket alone started the service')
    machine.healthy()
    expect(machine.show('ActiveState')['ActiveState'] == 'active', 'the socket did not start the service')


def check_watchdog(machine):
    """Frozen, it is restarted. Two seconds instead of thirty, so that nobody has to wait."""
    machine.run('bash', '-c', f'mkdir -p {os.path.dirname(QUICK)}; printf "[Service]\\nWatchdogSec=2\\n" >{QUICK}')
    machine.run('systemctl', 'daemon-reload')
    machine.run('systemctl', 'restart', 'danewatch.service')
    first = machine.show('MainPID')['MainPID']
    machine.run('systemctl', 'kill', '--signal=STOP', 'danewatch.service')
    machine.wait_for('Watchdog timeout (limit 2s)!', 1)
    machine.run('systemctl', 'kill', '--signal=CONT', 'danewatch.service')
    machine.wait_for('danewatch: ready', 4)  # start, socket, restart, and now
    machine.healthy()
    expect(machine.show('MainPID')['MainPID'] != first, 'a frozen service was not started anew')


def check_upgrade(machine):
    """A running service runs on, as the new program."""
    before = machine.show('MainPID')['MainPID']
    machine.run('dpkg', '-i', '/new.deb')
    machine.wait_for('danewatch: ready', 5)
    shown = machine.show('ActiveState', 'MainPID')
    expect(shown['ActiveState'] == 'active' and shown['MainPID'] != before, f'{before} was upgraded to {shown}')


def check_remove(machine):
    machine.run('dpkg', '-r', 'danewatch')
    shown = machine.show('ActiveState', 'MainPID')
    expect(shown == {'ActiveState': 'inactive', 'MainPID': '0'}, f'without the package: {shown}')


def check_all(root, deb, scratch):
    bootstrap(root, scratch, 'systemd')
    debian = Machine(root)
    shutil.copy(deb, root / 'new.deb')
    put_dependencies(debian, deb)
    debian.run('dpkg', '-i', '/new.deb')
    (root / 'usr/sbin/policy-rc.d').unlink()  # from here on it is a machine like any other
    group = Group(scratch)
    machine = None
    try:
        machine = Booted(root, group)
        for check in (check_start, check_reload, check_stop, check_socket, check_watchdog, check_upgrade,
                      check_remove):
            check(machine)
    finally:
        if machine:
            machine.end()
        group.remove()


main(check_all)
