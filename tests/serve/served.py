"""A `danewatch serve` of a test's own: started on loopback, asked, stopped. Its resolver reaches nobody."""

import http.client
import os
import re
import select
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from pathlib import Path

BINARY = os.environ['DANEWATCH']
PATIENCE = 60  # sanitizers on a busy machine
SANITIZED = 66  # the status with which ThreadSanitizer ends what it complained of

# Nobody answers there, at once.
NO_DNS = 'resolver: {forwarders: ["127.0.0.1@9"]}\n'


class Served:
    """Use as a context: `with Served(config) as server: server.get('/metrics')`."""

    def __init__(self, config='targets: []\n', arguments=(), before=(), environment=None, listen=('127.0.0.1:0',),
                 web=None, dns=NO_DNS, stderr=subprocess.PIPE, **popen):
        self.dns = dns
        self.directory = tempfile.TemporaryDirectory()
        self.path = Path(self.directory.name)
        self.config = self.path / 'danewatch.yml'
        self.configure(config)
        command = [*before, BINARY, 'serve', '--config.file', str(self.config)]
        for address in listen:
            command += ['--web.listen-address', address]
        if web is not None:
            self.web = self.path / 'web.yml'
            self.web.write_text(web)
            command += ['--web.config.file', str(self.web)]
        # AddressSanitizer keeps what is freed; what is left to grow then is ours.
        environment = {**os.environ, 'ASAN_OPTIONS': 'quarantine_size_mb=1', **(environment or {})}
        self.process = subprocess.Popen([*command, *arguments], stderr=stderr, stdout=subprocess.DEVNULL,
                                        env=environment, **popen)
        self.log = b''
        self.addresses = []
        self.tls = None

    def configure(self, text):
        self.config.write_text(text + self.dns)

    def __enter__(self):
        try:
            self.wait_for_log(rb'ready\n')
        except BaseException:
            self.__exit__()
            raise
        self.addresses = re.findall(r'listening on (\S+)\n', self.log.decode())
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            status = self.process.wait(PATIENCE)
            if status == SANITIZED:
                told = self.process.stderr.read() if self.process.stderr else b''
                raise AssertionError(f'a sanitizer complains: {(self.log + told).decode()}')
        finally:
            self.process.kill()
            if self.process.stderr:
                self.process.stderr.close()
            self.directory.cleanup()

    def wait_for_log(self, pattern):
        """The match, as soon as standard error holds it."""
        until = time.monotonic() + PATIENCE
        while not (match := re.search(pattern, self.log)):
            ready, _, _ = select.select([self.process.stderr], [], [], max(0, until - time.monotonic()))
            if not ready:
                raise AssertionError(f'no {pattern!r} in {self.log.decode()}')
            more = os.read(self.process.stderr.fileno(), 65536)
            if not more:
                raise AssertionError(f'ended without {pattern!r}: {self.log.decode()}')
            self.log += more
        return match

    @property
    def port(self):
        return int(self.addresses[0].rsplit(':', 1)[1])

    def connect(self):
        return socket.create_connection(('127.0.0.1', self.port), timeout=PATIENCE)

    def ask(self, path, method='GET', headers=None):
        """(status, headers, body)"""
        if self.tls:
            connection = http.client.HTTPSConnection('127.0.0.1', self.port, timeout=PATIENCE, context=self.tls)
        else:
            connection = http.client.HTTPConnection('127.0.0.1', self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return response.status, response.headers, response.read()
        finally:
            connection.close()

    def status(self, path, **how):
        return self.ask(path, **how)[0]

    def text(self, path, **how):
        return self.ask(path, **how)[2].decode()

    def metric(self, line_begin):
        """The value of the one series that begins so."""
        found = [line for line in self.text('/metrics').splitlines() if line.startswith(line_begin)]
        if len(found) != 1:
            raise AssertionError(f'{line_begin}: {found}')
        return float(found[0].rsplit(' ', 1)[1])

    def until(self, what, seconds=PATIENCE):
        """Asks again until it is true."""
        end = time.monotonic() + seconds
        while not what():
            if time.monotonic() > end:
                raise AssertionError('did not become true')
            select.select([], [], [], 0.02)

    def memory(self):
        """Resident octets."""
        return self.metric('process_resident_memory_bytes ')

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """The exit status, and the seconds it took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        return status, time.monotonic() - begin


def trusting(certificate):
    context = ssl.create_default_context(cafile=str(certificate))
    context.check_hostname = False
    return context
