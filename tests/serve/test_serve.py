"""`danewatch serve` from outside: every path, limit and fault that its clients can bring about."""

import gzip
import json
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import PATIENCE, Served, trusting  # noqa: E402

TARGETS = """
targets:
  - example.org
  - {target: www.example.org, module: https, name: website, labels: {team: web}, interval: 1h}
"""


def promtool(*arguments, text=None):
    return subprocess.run(['/usr/bin/promtool', *arguments], input=text, capture_output=True, text=True, check=False)


class Paths(unittest.TestCase):
    def test_every_path_and_status(self):
        with Served(TARGETS) as server:
            for path, status in [('/-/healthy', 200), ('/-/ready', 503), ('/metrics', 200), ('/', 200), ('/config', 200),
                                 ('/targets/website', 200), ('/targets/none', 404), ('/targets/', 404), ('/api/v1/sd', 200),
                                 ('/api/v1/reports', 200), ('/api/v1/reports/none', 404), ('/nothing', 404),
                                 ('/probe', 400), ('/probe?target=', 400), ('/probe?target=a.example&module=none', 400),
                                 ('/probe?target=a%20b', 400), ('/probe?target=a.example:25,443', 400), ('/%zz', 400),
                                 ('/probe?target=127.0.0.1:22', 403), ('/probe?target=[::1]:22', 403), ('/-/reload', 405)]:
                self.assertEqual(server.status(path), status, path)
            for path in ['/metrics', '/probe?target=a.example', '/', '/-/healthy', '/api/v1/sd']:
                self.assertEqual(server.status(path, method='POST', headers={'Content-Length': '0'}), 405, path)
            self.assertEqual(server.status('/-/reload', method='POST'), 200)
            rebound = {'Origin': 'http://evil.example:1', 'Host': 'evil.example:1'}
            for foreign in [{'Origin': 'https://elsewhere.example'}, rebound, {'Origin': 'http://evil/://127.0.0.1'}]:
                self.assertEqual(server.status('/-/reload', method='POST', headers=foreign), 403)
            self.assertEqual(server.metric('danewatch_module_unknown_total'), 1)
            self.assertEqual(server.metric('danewatch_http_requests_total{path="/targets/:name",code="404"}'), 1)
            self.assertEqual(server.metric('danewatch_http_requests_total{path="other",code="404"}'), 2)

    def test_below_the_path_of_a_reverse_proxy(self):
        """Whether the proxy takes the path away or passes it on."""
        with Served(TARGETS, ['--web.external-url', 'https://Mon.example.org:443/dane/']) as server:
            for path in ['/dane/', '/dane/metrics', '/dane/targets/website', '/dane/-/healthy', '/', '/metrics', '/targets/website']:
                self.assertEqual(server.status(path), 200, path)
            for path in ['/danewatch', '/dane/dane/metrics', '/dane/nothing']:
                self.assertEqual(server.status(path), 404, path)
            status, headers, _ = server.ask('/dane')
            self.assertEqual((status, headers['Location']), (302, '/dane/'))
            for path in ['/', '/dane/', '/targets/website', '/dane/targets/none', '/targets/none']:
                links = re.findall(r' href="([^"#]*)', server.text(path))
                own = [link for link in links if link.startswith('/')]
                self.assertEqual([link for link in own if not link.startswith('/dane/')], [], path)
                self.assertNotEqual(own, [], path)
            for origin, expected in [('https://mon.example.org', 200), ('https://mon.example.org:444', 403), ('http://mon.example.org', 403),
                                     ('https://mon.example.org.evil.example', 403), ('https://evil.example', 403), ('null', 403)]:
                for host in ['mon.example.org', '127.0.0.1']:
                    headers = {'Origin': origin, 'Host': host}
                    self.assertEqual(server.status('/dane/-/reload', method='POST', headers=headers), expected, (origin, host))
            self.assertGreater(server.metric('danewatch_http_requests_total{path="/targets/:name",code="200"}'), 2)

    def test_what_is_not_understood_is_not_read_as_the_next_request(self):
        second = b'GET /-/healthy HTTP/1.1\r\nHost: h\r\n\r\n'
        for version, field, status in [(b'1.1', b'Transfer-Encoding: identity', b'501'),
                                       (b'1.1', b'Transfer-Encoding: gzip', b'501'),
                                       (b'1.0', b'Transfer-Encoding: chunked', b'400'),
                                       (b'1.1', b'Authorization: a\r\nAuthorization: b', b'400')]:
            with Served() as server, server.connect() as client:
                client.sendall(b'GET / HTTP/' + version + b'\r\nHost: h\r\n' + field + b'\r\n\r\n' + second)
                client.shutdown(socket.SHUT_WR)
                text = b''.join(iter(lambda: client.recv(65536), b''))
                self.assertEqual(text.count(b'HTTP/1.'), 1, field)
                self.assertEqual(text.split(b' ')[1], status, field)

    def test_metrics_are_clean_and_zipped_for_who_wants(self):
        with Served(TARGETS) as server:
            server.until(lambda: 'dane_verdict{target="website",team="web",verdict="unknown"} 1' in server.text('/metrics'))
            for accept in ['*/*', 'application/openmetrics-text', 'text/html']:
                status, headers, body = server.ask('/metrics', headers={'Accept': accept})
                self.assertEqual(headers['Content-Type'], 'text/plain; version=0.0.4; charset=utf-8')
            checked = promtool('check', 'metrics', text=body.decode())
            self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ''))
            _, headers, zipped = server.ask('/metrics', headers={'Accept-Encoding': 'gzip'})
            self.assertEqual(headers['Content-Encoding'], 'gzip')
            self.assertIn(b'danewatch_build_info', gzip.decompress(zipped))
            _, headers, _ = server.ask('/metrics', headers={'Accept-Encoding': 'gzip;q=0, br'})
            self.assertIsNone(headers['Content-Encoding'])
            status, headers, body = server.ask('/metrics', method='HEAD')
            self.assertEqual((status, body), (200, b''))

    def test_reports_and_discovery(self):
        with Served(TARGETS) as server:
            server.until(lambda: server.status('/api/v1/reports/website') == 200)
            report = json.loads(server.text('/api/v1/reports/website'))
            self.assertEqual((report['schema'], report['verdict']), ('danewatch.report/1', 'unknown'))
            self.assertEqual(server.status('/api/v1/reports/nobody/evidence'), 404)
            evidence = server.text('/api/v1/reports/website/evidence')
            self.assertRegex(json.loads(evidence)['made']['trust_anchor_sha256'], '^[0-9a-f]{64}$')
            judged = subprocess.run([os.environ['DANEWATCH'], 'judge', '--json', '-'], capture_output=True, text=True,
                                    input=evidence, check=False, timeout=60)
            again = json.loads(judged.stdout)
            self.assertEqual((again.pop('origin'), again['verdict'], judged.returncode), ('replayed', 'unknown', 3))
            server.until(lambda: len(server.text('/api/v1/reports').splitlines()) == 2)
            found = json.loads(server.text('/api/v1/sd'))
            self.assertEqual(found[1], {'targets': ['https://www.example.org'], 'labels': {
                '__param_module': 'https', '__meta_danewatch_name': 'website', 'team': 'web'}})

    def test_the_page_has_a_strict_policy(self):
        with Served(TARGETS) as server:
            _, headers, body = server.ask('/')
            self.assertIn("default-src 'none'", headers['Content-Security-Policy'])
            self.assertEqual(headers['X-Content-Type-Options'], 'nosniff')
            self.assertIn(b'website', body)

    def test_the_start_of_the_process_is_known_and_stays(self):
        with Served() as server:
            seen = {line for _ in range(3) for line in server.text('/metrics').splitlines()
                    if line.startswith('process_start_time_seconds ')}
            self.assertEqual(len(seen), 1)
            self.assertLess(abs(time.time() - float(seen.pop().split()[1])), 2 * PATIENCE)

    def test_http_1_0_gets_a_body_without_chunks(self):
        with Served(TARGETS) as server, server.connect() as client:
            client.sendall(b'GET /metrics HTTP/1.0\r\n\r\n')
            text = b''.join(iter(lambda: client.recv(65536), b''))
            self.assertNotIn(b'chunked', text)
            self.assertIn(b'\nprocess_max_fds ', text)


class Probes(unittest.TestCase):
    def test_a_failed_probe_is_an_answer(self):
        with Served() as server:
            begin = time.monotonic()
            status, _, body = server.ask('/probe?target=example.org', headers={'X-Prometheus-Scrape-Timeout-Seconds': '3'})
            self.assertLess(time.monotonic() - begin, 3)
            text = body.decode()
            self.assertEqual(status, 200)
            self.assertIn('\nprobe_success 0\n', text)
            self.assertIn('\nprobe_timeout_seconds 2.5\n', text)
            self.assertIn('\ndane_verdict{verdict="unknown"} 1\n', text)
            self.assertNotIn('target=', text)
            checked = promtool('check', 'metrics', text=text)
            self.assertEqual((checked.returncode, checked.stdout + checked.stderr), (0, ''))

    def test_debug_tells_log_metrics_and_module(self):
        with Served() as server:
            text = server.text('/probe?target=www.example.org&module=https&debug=true')
            for part in ['Log of the probe:', 'https://www.example.org', 'Metrics of the probe:', 'probe_success 0',
                         'Configuration of the module:', 'service: https']:
                self.assertIn(part, text)

    def test_an_empty_module_is_the_default_one(self):
        with Served() as server:
            self.assertEqual(server.status('/probe?target=example.org&module='), 200)
            self.assertEqual(server.metric('danewatch_module_unknown_total'), 0)

    def test_names_outside_the_list_are_refused(self):
        with Served('allow_targets: ["*.example.org", 10.0.0.0/8]\n') as server:
            self.assertEqual(server.status('/probe?target=www.example.org'), 200)
            self.assertEqual(server.status('/probe?target=example.net'), 403)
            self.assertEqual(server.status('/probe?target=192.168.0.1:25'), 403)
            self.assertIn('forbids this target (allow_targets)', server.text('/probe?target=example.net'))
        with Served() as server:
            self.assertIn('only global addresses', server.text('/probe?target=127.0.0.1:25'))


class SlowDns:
    """A name server that takes questions and never answers: a probe lasts until its deadline."""

    def __enter__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(('127.0.0.1', 0))
        port = self.socket.getsockname()[1]
        self.options = ('--forwarder', f'127.0.0.1@{port}')
        return self

    def __exit__(self, *_):
        self.socket.close()


class Capacity(unittest.TestCase):
    def test_the_partial_result_is_there_in_time(self):
        with SlowDns() as dns, Served(arguments=dns.options) as server:
            begin = time.monotonic()
            text = server.text('/probe?target=example.org', headers={'X-Prometheus-Scrape-Timeout-Seconds': '2'})
            self.assertLess(time.monotonic() - begin, 2)
            self.assertIn('\ndane_verdict{verdict="unknown"} 1\n', text)

    def test_over_capacity_is_503_and_metrics_still_answer(self):
        with SlowDns() as dns, Served('limits: {probes: 2}\n', dns.options) as server:
            waiting = [server.connect() for _ in range(2)]
            for client in waiting:
                client.sendall(b'GET /probe?target=example.org HTTP/1.1\r\nHost: h\r\n\r\n')
            server.until(lambda: server.metric('danewatch_probes_in_flight') == 2)
            self.assertEqual(server.status('/probe?target=example.net'), 503)
            self.assertEqual(server.metric('danewatch_probes_rejected_total'), 1)
            for client in waiting:
                client.close()
            # Who goes away cancels its probe, long before the 30 seconds of the module are over.
            server.until(lambda: server.metric('danewatch_probes_in_flight') == 0, 20)

    def test_sigterm_under_load_ends_in_time(self):
        targets = 'targets:\n' + ''.join(f'  - d{i}.example\n' for i in range(200))
        with SlowDns() as dns, Served(targets, dns.options) as server:
            clients = [server.connect() for _ in range(20)]
            for client in clients:
                client.sendall(b'GET /probe?target=example.org HTTP/1.1\r\nHost: h\r\n\r\n')
            server.until(lambda: server.metric('danewatch_probes_in_flight') > 20)
            status, seconds = server.stop()
            self.assertEqual(status, 0)
            self.assertLess(seconds, 5)
            for client in clients:
                client.close()


class Clients(unittest.TestCase):
    def assert_answers(self, server):
        begin = time.monotonic()
        self.assertEqual(server.status('/metrics'), 200)
        self.assertLess(time.monotonic() - begin, 5)

    def test_200_slow_clients(self):
        with Served() as server:
            clients = [server.connect() for _ in range(200)]
            for client in clients:
                client.sendall(b'GET /metrics HTTP/1.1\r\nHos')
            self.assert_answers(server)
            for client in clients:
                client.close()

    def test_more_clients_than_connections_the_oldest_silent_one_goes(self):
        with Served('limits: {connections: 10}\n') as server:
            clients = [server.connect() for _ in range(30)]
            self.assert_answers(server)
            self.assertEqual(clients[0].recv(1), b'', 'the first one was sent away')
            for client in clients:
                client.close()

    def test_a_request_has_one_deadline_however_slowly_it_comes(self):
        with Served() as server, server.connect() as client:
            begin = time.monotonic()
            closed = False
            while not closed and time.monotonic() - begin < 30:
                try:
                    client.sendall(b'X')
                    client.settimeout(0.5)
                    closed = client.recv(1) == b''
                except TimeoutError:
                    pass
                except OSError:
                    closed = True
            self.assertTrue(closed)
            self.assertLess(time.monotonic() - begin, 20)

    def test_long_headers_and_bodies(self):
        with Served() as server:
            self.assertEqual(server.status('/metrics', headers={'X-Long': 'x' * 12000}), 431)
            with server.connect() as client:
                client.sendall(b'POST /-/reload HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello')
                self.assertTrue(client.recv(65536).startswith(b'HTTP/1.1 413'))

    def test_no_descriptor_left(self):
        # What the event loops, the DNS library and 120 clients together cannot have.
        with Served(before=['/usr/bin/prlimit', '--nofile=128:128']) as server:
            clients = [server.connect() for _ in range(150)]
            self.assert_answers(server)
            for client in clients:
                client.close()
            self.assert_answers(server)

    def test_several_listeners(self):
        listen = ['127.0.0.1:0', '[::1]:0', 'unix:/tmp/danewatch-test-%d.sock' % os.getpid()]
        with Served(listen=listen) as server:
            self.assertEqual(len(server.addresses), 3)
            v6 = int(server.addresses[1].rsplit(':', 1)[1])
            unix = socket.socket(socket.AF_UNIX)
            unix.connect(listen[2][5:])
            for client in [socket.create_connection(('::1', v6)), unix]:
                client.sendall(b'GET /-/healthy HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
                self.assertTrue(client.recv(65536).startswith(b'HTTP/1.1 200'))
                client.close()
        os.unlink(listen[2][5:])

    def test_a_port_in_use_is_told_in_one_sentence(self):
        with socket.create_server(('127.0.0.1', 0)) as taken:
            address = f'127.0.0.1:{taken.getsockname()[1]}'
            with self.assertRaises(AssertionError) as failure:
                with Served(listen=[address]):
                    pass
            self.assertIn(f'danewatch: cannot listen on {address}: Address already in use', str(failure.exception))

    def test_a_unix_socket_in_use_stays_and_a_stale_one_goes(self):
        with tempfile.TemporaryDirectory() as directory:
            path = directory + '/danewatch.sock'
            with Served(listen=['unix:' + path]) as first:
                with self.assertRaises(AssertionError) as failure:
                    with Served(listen=['unix:' + path]):
                        pass
                self.assertIn(f'cannot listen on unix:{path}: Address already in use (by another program)\n',
                              str(failure.exception))
                self.assertEqual(first.process.poll(), None)
                with socket.socket(socket.AF_UNIX) as client:
                    client.connect(path)
            self.assertTrue(os.path.exists(path))
            with Served(listen=['unix:' + path]), socket.socket(socket.AF_UNIX) as client:
                client.connect(path)


class Reload(unittest.TestCase):
    def test_a_broken_file_changes_nothing(self):
        with Served(TARGETS) as server:
            before = server.text('/config')
            server.configure('targets: [a.example]\nlimits: {probes: 010}\n')
            server.signal(signal.SIGHUP)
            server.wait_for_log(rb'limits.probes: 010: looks like an octal number; write 10')
            self.assertEqual(server.metric('danewatch_config_last_reload_successful'), 0)
            for path in ['/', '/targets/website']:
                self.assertIn('could not be loaded; the old one stays in force', server.text(path))
            status, _, body = server.ask('/-/reload', method='POST')
            self.assertEqual(status, 500)
            self.assertIn(b':2:18: limits.probes: 010: looks like an octal number; write 10', body)
            self.assertEqual(server.text('/config'), before)
            server.configure('targets: [a.example]\n')
            server.signal(signal.SIGHUP)
            server.wait_for_log(rb'configuration reloaded')
            self.assertEqual(server.metric('danewatch_config_last_reload_successful'), 1)
            self.assertNotIn('could not be loaded', server.text('/'))
            self.assertEqual([one['targets'] for one in json.loads(server.text('/api/v1/sd'))], [['a.example']])

    def test_more_connections_without_restart(self):
        with Served('limits: {connections: 5}\n') as server:
            server.configure('limits: {connections: 100}\n')
            self.assertEqual(server.status('/-/reload', method='POST'), 200)
            self.assertEqual(server.status('/-/healthy'), 200)
            clients = [server.connect() for _ in range(20)]
            for client in clients:
                client.sendall(b'GET /-/healthy HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n')
                self.assertTrue(client.recv(65536).startswith(b'HTTP/1.1 200'))
                client.close()

    def test_the_file_is_read_again_on_change_where_wanted(self):
        with Served('reload_on_change: true\n') as server:
            server.configure('reload_on_change: true\ntargets: [a.example]\n')
            server.until(lambda: 'a.example' in server.text('/api/v1/sd'))

    def test_half_a_file_is_not_taken_by_watching_but_on_request(self):
        watched = 'reload_on_change: true\n'
        targets = 'targets: [a.example]\n'
        allowed = 'allow_targets: ["*.example.org", 10.0.0.0/8]\n'
        with Served(watched + allowed + targets) as server:
            before = server.text('/config')
            halves = [(watched + allowed, rb'danewatch.yml: it has no targets any more; if that is meant, reload \(SIGHUP\)\n'),
                      (watched + targets, rb'danewatch.yml: its allow_targets has no names any more; if that is meant'),
                      ('# nothing', rb'danewatch.yml:\d+:\d+: ')]
            dns, server.dns = server.dns, ''
            for half, message in halves:
                server.log = b''
                server.configure(half)
                server.wait_for_log(message)
                self.assertEqual(server.text('/config'), before)
                self.assertEqual(server.metric('danewatch_config_last_reload_successful'), 0)
            server.dns = dns
            server.configure(watched)
            self.assertEqual(server.status('/-/reload', method='POST'), 200)
            self.assertEqual(server.metric('danewatch_config_last_reload_successful'), 1)
            self.assertEqual(json.loads(server.text('/api/v1/sd')), [])

    def test_what_is_no_configuration_is_refused_however_one_asks(self):
        with Served('targets: [a.example]\n') as server:
            before = server.text('/config')
            server.dns = ''
            for empty in ['', '# a full disk\n', '---\n']:
                server.configure(empty)
                self.assertEqual(server.status('/-/reload', method='POST'), 500)
                self.assertEqual(server.text('/config'), before)

    def test_check_opens_no_socket_and_tells_by_its_status(self):
        with Served() as server:
            binary = server.process.args[0]
            for text, status in [('targets: [a.example]\n', 0), ('targets: 5\n', 1)]:
                server.config.write_text(text)
                done = subprocess.run([binary, 'serve', '--config.check', '--config.file', str(server.config),
                                       '--web.listen-address', server.addresses[0]], capture_output=True, check=False)
                self.assertEqual(done.returncode, status, done.stderr)


class ServiceManager(unittest.TestCase):
    def test_states_and_watchdog_are_told(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            name = f'\0danewatch-test-{os.getpid()}'
            manager.bind(name)
            manager.settimeout(PATIENCE)

            def heard(wanted):
                while wanted not in manager.recv(4096):
                    pass

            environment = {'NOTIFY_SOCKET': '@' + name[1:], 'WATCHDOG_USEC': '300000'}
            with Served(environment=environment) as server:
                heard(b'READY=1')
                heard(b'WATCHDOG=1')
                server.signal(signal.SIGHUP)
                heard(b'RELOADING=1\nMONOTONIC_USEC=')
                heard(b'READY=1')
                server.configure('nonsense: 1\n')
                server.signal(signal.SIGHUP)
                heard(b'could not be loaded')
                server.signal(signal.SIGTERM)
                heard(b'STOPPING=1')

    def test_an_inherited_socket_is_served(self):
        listener = socket.create_server(('127.0.0.1', 0))
        port = listener.getsockname()[1]
        # sh counts as the one who is activated: LISTEN_PID must be the process that reads it, and exec keeps it.
        before = ['/bin/sh', '-c', 'export LISTEN_PID=$$; exec "$@"', 'sh']
        duplicate = listener.detach()

        def third():
            os.dup2(duplicate, 3)
            os.set_inheritable(3, True)

        with Served(before=before, environment={'LISTEN_FDS': '1'}, listen=(), preexec_fn=third,
                    pass_fds=(3,)) as server:
            os.close(duplicate)
            self.assertEqual(server.addresses, [f'127.0.0.1:{port}'])
            self.assertEqual(server.status('/-/healthy'), 200)


if __name__ == '__main__':
    unittest.main()
