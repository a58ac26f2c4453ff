"""Faults around `danewatch serve`: /metrics keeps answering, memory stays bounded, and the end comes in time."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import BINARY, PATIENCE, Served  # noqa: E402

MEGABYTE = 1 << 20


def runs_of(server):
    return sum(int(count) for count in re.findall(r'^danewatch_probes_total\{.*\} (\d+)$', server.text('/metrics'), re.M))


class Faults(unittest.TestCase):
    def assert_answers(self, server):
        begin = time.monotonic()
        self.assertEqual(server.status('/metrics'), 200)
        self.assertLess(time.monotonic() - begin, 5)

    def assert_bounded(self, server, before, more=64 * MEGABYTE):
        self.assertLess(server.memory() - before, more)

    def test_many_bad_requests_leave_nothing_behind(self):
        with Served() as server:
            self.assert_answers(server)
            before = server.memory()
            for number in range(400):
                with server.connect() as client:
                    if number % 2:
                        client.sendall(b'GET / HTTP/1.1\r\nX-Long: ' + b'x' * 12000 + b'\r\n\r\n')
                    else:
                        client.sendall(os.urandom(4000))
                    client.shutdown(socket.SHUT_WR)
                    try:
                        while client.recv(65536):
                            pass
                    except ConnectionResetError:
                        pass
            self.assert_answers(server)
            self.assert_bounded(server, before)

    def test_a_client_that_does_not_read_does_not_hold_up_the_end(self):
        with Served() as server:
            self.assert_answers(server)
            with server.connect() as client:
                client.setblocking(False)
                requests = b'GET / HTTP/1.1\r\nHost: h\r\n\r\n' * 1000
                while select.select([], [client], [], 1)[1]:  # until neither side takes any more
                    client.send(requests)
                status, seconds = server.stop()
            self.assertEqual(status, 0)
            self.assertLess(seconds, 5)

    def test_slow_clients_cost_little(self):
        with Served() as server:
            self.assert_answers(server)
            before = server.memory()
            clients = [server.connect() for _ in range(200)]
            for number, client in enumerate(clients):
                client.sendall(b'GET /metrics HTTP/1.1\r\nHos' if number % 2 else b'G')
            self.assert_answers(server)
            self.assert_bounded(server, before)
            for client in clients:
                client.close()

    def test_clients_that_do_not_read_the_answers_about_many_targets(self):
        """Half of what they ask for would be gigabytes. Each holds a piece of its answer, others are served meanwhile."""
        many = 50000
        # One run at a time, and room for the reports that come in meanwhile: what they take is not what is measured here.
        targets = 'limits: {in_flight: 1}\ntargets:\n' + ''.join(f'  - d{n}.example\n' for n in range(many))
        paths = ['/metrics', '/', '/api/v1/sd', '/api/v1/reports', '/config']
        with Served(targets) as server:
            self.assertEqual(server.status('/-/healthy'), 200)
            for path in paths:
                self.assertEqual(server.status(path), 200, path)
            before, runs = server.memory(), runs_of(server)
            clients = []
            for number in range(300):
                client = server.connect()
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                client.sendall(f'GET {paths[number % len(paths)]} HTTP/1.1\r\nHost: h\r\n\r\n'.encode())
                clients.append(client)
            for _ in range(20):
                self.assertEqual(server.status('/-/healthy'), 200)
            self.assert_bounded(server, before, 150 * MEGABYTE + (runs_of(server) - runs) * MEGABYTE // 4)
            self.assertEqual(len(server.text('/api/v1/sd').split('"targets"')), many + 1, 'whoever reads gets all of it')
            for client in clients:
                client.close()

    def test_clients_that_go_away_mid_probe_leave_nothing_behind(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:  # a name server that never answers
            silent.bind(('127.0.0.1', 0))
            forwarder = f'127.0.0.1@{silent.getsockname()[1]}'
            with Served(arguments=('--forwarder', forwarder)) as server:
                self.assert_answers(server)
                before = server.memory()
                for turn in range(5):
                    clients = [server.connect() for _ in range(40)]
                    for number, client in enumerate(clients):
                        request = f'GET /probe?target=t{turn}-{number}.example HTTP/1.1\r\nHost: h\r\n\r\n'
                        client.sendall(request.encode())
                    server.until(lambda: server.metric('danewatch_probes_in_flight') >= 40)
                    for client in clients:
                        client.close()
                    server.until(lambda: server.metric('danewatch_probes_in_flight') == 0)
                self.assert_answers(server)
                self.assert_bounded(server, before)

    def stand_still(self, server):
        """A reload that waits for a file nobody writes: the probes' thread hangs in the kernel."""
        server.config.unlink()
        os.mkfifo(server.config)
        server.signal(signal.SIGHUP)
        server.until(lambda: server.status('/-/healthy') == 503)

    def test_a_probes_thread_that_hangs_is_told_and_does_not_keep_the_end_away(self):
        with Served() as server:
            self.stand_still(server)
            self.assert_answers(server)
            status, _ = server.stop()
            self.assertEqual(status, 0)

    def test_a_probes_thread_that_hangs_for_good_ends_the_process_for_the_service_manager(self):
        with Served() as server:
            self.stand_still(server)
            self.assertEqual(server.process.wait(PATIENCE), os.EX_SOFTWARE)
            server.wait_for_log(rb'cannot go on, which is a fault of danewatch: ')

    def inherited(self, stderr):
        """A server whose standard error nobody reads for us: its port is known because the socket is ours."""
        listener = socket.create_server(('127.0.0.1', 0))
        address = f'127.0.0.1:{listener.getsockname()[1]}'
        server = Served('targets: [a.example]\n', environment={'LISTEN_FDS': '1'}, listen=(), stderr=stderr,
                        before=['/bin/sh', '-c', 'export LISTEN_PID=$$; exec "$@" 3<&0', 'sh'], stdin=listener)
        listener.close()
        server.addresses = [address]
        server.until(lambda: server.status('/-/healthy') == 200)
        return server

    def reload_and_end(self, server):
        server.configure('targets: 5\n')
        for _ in range(50):
            self.assertEqual(server.status('/-/reload', method='POST'), 500)
        self.assert_answers(server)
        server.configure('targets: [b.example]\n')
        self.assertEqual(server.status('/-/reload', method='POST'), 200)
        status, seconds = server.stop()
        self.assertEqual(status, 0)
        self.assertLess(seconds, 5)

    def test_a_log_on_a_full_disk_stops_nothing(self):
        with open('/dev/full', 'wb') as full:
            server = self.inherited(full)
            try:
                self.reload_and_end(server)
            finally:
                server.__exit__()

    def test_a_log_that_nobody_reads_stops_nothing(self):
        reader, writer = os.pipe()
        fill = b'x' * 4096
        os.set_blocking(writer, False)
        try:
            while os.write(writer, fill):
                pass
        except BlockingIOError:
            pass
        os.set_blocking(writer, True)
        server = self.inherited(writer)
        try:
            self.reload_and_end(server)
        finally:
            server.__exit__()
            os.close(reader)
            os.close(writer)

    def test_a_log_whose_reader_is_gone_stops_nothing(self):
        reader, writer = os.pipe()
        os.close(reader)
        server = self.inherited(writer)
        try:
            self.reload_and_end(server)
        finally:
            server.__exit__()
            os.close(writer)

    def test_the_configuration_is_deleted(self):
        with Served('targets: [a.example]\n') as server:
            server.config.unlink()
            server.signal(signal.SIGHUP)
            server.wait_for_log(rb'reload failed, the old configuration stays in force\n'
                                rb'danewatch: --config.file \S+: No such file or directory\n')
            self.assertEqual(server.metric('danewatch_config_last_reload_successful'), 0)
            self.assertIn('a.example', server.text('/api/v1/sd'))

    def test_several_errors_are_several_lines(self):
        with Served('targets: [a.example]\n') as server:
            server.configure('targets: 5\nlimits: 6\n')
            server.signal(signal.SIGHUP)
            server.wait_for_log(rb':1:10: targets: must be a list, not a single value\ndanewatch: \S+:2:9: limits: must be')


class Operator(unittest.TestCase):
    """What an operator gets wrong ends in one clear sentence."""

    def fails_with(self, status, sentence, **how):
        with self.assertRaises(AssertionError) as failure:
            server = Served(**how)
            try:
                server.__enter__()
            finally:
                self.assertEqual(server.process.wait(60), status)
        self.assertRegex(str(failure.exception), sentence)

    def test_no_targets(self):
        with Served('targets: []\n') as server:
            self.assertIn(b'no targets are configured: only requests to /probe are looked at\n', server.log)
        with Served('targets: [a.example]\n') as server:
            self.assertIn(b'looking at 1 target\n', server.log)

    def test_no_network_at_all(self):
        with Served('targets: [a.example]\n') as server:
            server.wait_for_log(rb'the DNS root cannot be proven: no network, no name server that answers, or a wrong trust anchor')
            self.assertEqual(server.metric('danewatch_root_validated'), 0)
            server.until(lambda: server.status('/api/v1/reports/a.example') == 200)
            self.assertIn('dane_reason{target="a.example",verdict="unknown",reason="no-network"} 1', server.text('/metrics'))

    def test_files_that_are_not_there(self):
        self.fails_with(1, r'--web.config.file /nonexistent/web.yml: No such file', arguments=['--web.config.file', '/nonexistent/web.yml'])
        web = 'tls_server_config: {cert_file: /etc/ssl/certs/ca-certificates.crt, key_file: none.key}\n'
        self.fails_with(1, r'tls_server_config: key_file \S+/none.key: No such file or directory\n', web=web)
        done = subprocess.run([BINARY, 'serve', '--config.file', '/nonexistent.yml'], capture_output=True, text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, 'danewatch: --config.file /nonexistent.yml: No such file or directory\n'))
        done = subprocess.run([BINARY, 'serve', '--config.check', '--web.config.file', '/nonexistent.yml'], capture_output=True,
                              text=True, check=False)
        self.assertEqual((done.returncode, done.stderr),
                         (1, 'danewatch: --web.config.file /nonexistent.yml: No such file or directory\n'))

    def test_files_of_the_resolver_that_are_not_there(self):
        for key in ['trust_anchor', 'root_hints', 'unbound_conf']:
            text = f'resolver: {{{key}: /nonexistent}}\n'
            sentence = rf':1:{14 + len(key)}: resolver.{key}: /nonexistent: cannot be read: No such file or directory\n'
            self.fails_with(1, sentence, config=text, dns='')
            with Served('targets: [a.example]\n') as server:
                before = server.text('/config')
                server.config.write_text(text)
                done = subprocess.run([BINARY, 'serve', '--config.check', '--config.file', server.config], capture_output=True,
                                      text=True, check=False)
                self.assertEqual(done.returncode, 1)
                self.assertRegex(done.stderr, sentence)
                status, _, body = server.ask('/-/reload', method='POST')
                self.assertEqual(status, 500)
                self.assertRegex(body.decode(), sentence)
                self.assertEqual(server.text('/config'), before)

    def test_addresses_that_are_not_ours(self):
        self.fails_with(3, r'cannot listen on 192.0.2.1:19115: Cannot assign requested address \(no interface has it\)\n',
                        listen=['192.0.2.1:19115'])
        self.fails_with(3, r'cannot listen on unix:/etc/passwd: Address already in use \(by a file that is not a socket\)\n',
                        listen=['unix:/etc/passwd'])


if __name__ == '__main__':
    unittest.main()
