"""TLS and users of `danewatch serve`: the format of Prometheus' exporters."""

import base64
import crypt
import http.client
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import BINARY, Served, trusting  # noqa: E402


def certificate(directory, name, issuer=None, ca=False):
    """PEM files of a fresh key and certificate."""
    cert, key = directory / f'{name}.pem', directory / f'{name}.key'
    command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
               '-subj', f'/CN={name}', '-keyout', key, '-out', cert]
    if issuer:
        command += ['-CA', issuer[0], '-CAkey', issuer[1]]
    if not ca:
        command += ['-addext', 'basicConstraints=critical,CA:false']
    subprocess.run(command, check=True, capture_output=True)
    return cert, key


def bcrypt(password, rounds=2 ** 10):
    return crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=rounds))


def basic(user, password):
    return {'Authorization': 'Basic ' + base64.b64encode(f'{user}:{password}'.encode()).decode()}


WEB_METRIC = 'danewatch_web_config_last_reload_successful '
# Root could read what nobody may.
UNPRIVILEGED = ['/usr/bin/setpriv', '--bounding-set=-all', '--inh-caps=-all'] if os.geteuid() == 0 else []
RESTART = rb'the old one stays in force: it has no %s any more; restart danewatch to serve without %s\n'


def is_trusted(server):
    """Whether a new TLS connection succeeds; also false as long as the server speaks plain HTTP."""
    try:
        return server.status('/-/healthy') == 200
    except ssl.SSLError:
        return False


SUITES = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256',
          *(f'TLS_ECDHE_{kind}_WITH_{cipher}' for kind in ['ECDSA', 'RSA']
            for cipher in ['AES_128_CBC_SHA', 'AES_256_CBC_SHA', 'AES_128_GCM_SHA256', 'AES_256_GCM_SHA384',
                           'CHACHA20_POLY1305_SHA256']),
          'TLS_RSA_WITH_AES_128_CBC_SHA', 'TLS_RSA_WITH_AES_256_CBC_SHA', 'TLS_RSA_WITH_AES_128_GCM_SHA256',
          'TLS_RSA_WITH_AES_256_GCM_SHA384']
UNKNOWN_SUITES = ['TLS_DHE_RSA_WITH_AES_128_GCM_SHA256', 'TLS_AES_NONSENSE', 'TLS_RSA_WITH_RC4_128_SHA',
                  'TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256', 'ECDHE-RSA-AES128-GCM-SHA256']


class WebConfig(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        path = Path(cls.directory.name)
        cls.first = certificate(path, 'first')
        cls.second = certificate(path, 'second')
        cls.authority = certificate(path, 'authority', ca=True)
        cls.client = certificate(path, 'client', cls.authority)

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def tls(self, cert=None, more=''):
        cert = cert or self.first
        return f'tls_server_config:\n  cert_file: {cert[0]}\n  key_file: {cert[1]}\n{more}'

    def test_promtool_accepts_what_we_accept(self):
        more = f'  min_version: TLS12\n  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {self.authority[0]}\n'
        text = self.tls(more=more) + f'basic_auth_users:\n  prometheus: {bcrypt("secret", 16)}\nhttp_server_config:\n  http2: false\n'
        with Served(web=text) as server:
            done = subprocess.run(['promtool', 'check', 'web-config', server.web], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, 0, done.stderr)

    def accepts(self, text):
        """Whether we take the file, and whether promtool does."""
        path = Path(self.directory.name) / 'some.yml'
        path.write_text(text)
        commands = [[BINARY, 'serve', '--config.check', '--web.config.file', path], ['promtool', 'check', 'web-config', path]]
        return [subprocess.run(command, capture_output=True, check=False).returncode == 0 for command in commands]

    def test_whatever_we_accept_promtool_accepts(self):
        more = ['', '  min_version: TLS10\n', '  min_version: TLS13\n  max_version: TLS13\n',
                *(f'  cipher_suites: [{suite}]\n' for suite in SUITES),
                '  curve_preferences: [CurveP256, CurveP384, CurveP521, X25519]\n', '  prefer_server_cipher_suites: false\n',
                '  client_auth_type: RequestClientCert\n', '  client_auth_type: RequireAnyClientCert\n',
                f'  client_auth_type: VerifyClientCertIfGiven\n  client_ca_file: {self.authority[0]}\n',
                f'  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {self.authority[0]}\n']
        headers = ['Content-Security-Policy: default-src', 'Strict-Transport-Security: max-age=3600',
                   'X-Content-Type-Options: nosniff', 'X-Frame-Options: deny', 'X-Frame-Options: sameorigin', 'X-XSS-Protection: 1']
        good = [self.tls(more=each) for each in more]
        good += [f'http_server_config:\n  http2: true\n  headers:\n    {each}\n' for each in headers]
        good += [f'basic_auth_users: {{a: {bcrypt("x", 16)}, b: {bcrypt("y", 16)}}}\n', 'basic_auth_users: {}\n', '']
        for text in good:
            self.assertEqual(self.accepts(text), [True, True], text)
        # What neither takes: client_allowed_sans came to the format after Debian 12.
        bad = [self.tls(more='  client_allowed_sans: [a.example]\n'), self.tls(more='  min_version: TLS14\n'),
               'tls_server_config: {cert_file: a.pem}\n', 'rate_limit: {burst: 1}\n', 'basic_auth_users: {a: [x]}\n',
               'http_server_config: {headers: {X-Other: y}}\n',
               'http_server_config: {headers: {X-Frame-Options: bogus}}\n',
               'http_server_config: {headers: {X-Frame-Options: DENY}}\n',
               'http_server_config: {headers: {X-Content-Type-Options: foo}}\n',
               *(self.tls(more=f'  cipher_suites: [{suite}]\n') for suite in UNKNOWN_SUITES)]
        for text in bad:
            self.assertEqual(self.accepts(text), [False, False], text)

    def test_tls_1_2_and_1_3_and_nothing_older(self):
        with Served(web=self.tls()) as server:
            for version in [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3]:
                server.tls = trusting(self.first[0])
                server.tls.minimum_version = server.tls.maximum_version = version
                self.assertEqual(server.status('/-/healthy'), 200)
            with warnings.catch_warnings():
                warnings.simplefilter('ignore')
                server.tls = trusting(self.first[0])
                server.tls.set_ciphers('DEFAULT:@SECLEVEL=0')
                server.tls.minimum_version = ssl.TLSVersion.TLSv1
                server.tls.maximum_version = ssl.TLSVersion.TLSv1_1
            with self.assertRaises(ssl.SSLError):
                server.status('/-/healthy')
            server.tls = None
            with self.assertRaises(Exception):
                server.status('/-/healthy')

    def test_a_new_certificate_is_used_without_restart(self):
        cert, key = (Path(self.directory.name) / name for name in ['live.pem', 'live.key'])
        shutil.copy(self.first[0], cert)
        shutil.copy(self.first[1], key)
        with Served(web=self.tls((cert, key))) as server:
            server.tls = trusting(self.first[0])
            self.assertEqual(server.status('/-/healthy'), 200)
            # The key comes long after the certificate: until then the old pair stays in force.
            shutil.copy(self.second[0], cert)
            server.until(lambda: server.metric(WEB_METRIC) == 0)
            server.wait_for_log(rb'the old one stays in force: tls_server_config: key_file')
            # Half of the key does not do either.
            text = self.second[1].read_text()
            key.write_text(text[:len(text) // 2])
            self.assertEqual(server.status('/-/healthy'), 200)
            key.write_text(text)
            server.tls = trusting(self.second[0])
            server.until(lambda: is_trusted(server))
            server.tls = trusting(self.first[0])
            self.assertFalse(is_trusted(server))

    def test_mutual_tls(self):
        more = f'  client_auth_type: RequireAndVerifyClientCert\n  client_ca_file: {self.authority[0]}\n'
        with Served(web=self.tls(more=more)) as server:
            server.tls = trusting(self.first[0])
            with self.assertRaises(OSError):
                server.status('/-/healthy')
            server.tls.load_cert_chain(*self.second)
            with self.assertRaises(OSError):
                server.status('/-/healthy')
            server.tls = trusting(self.first[0])
            server.tls.load_cert_chain(*self.client)
            self.assertEqual(server.status('/-/healthy'), 200)

    def test_users(self):
        with Served(web=f'basic_auth_users:\n  alice: {bcrypt("secret", 16)}\n') as server:
            for headers in [{}, basic('alice', 'wrong'), basic('bob', 'secret'), {'Authorization': 'Basic !!'},
                            {'Authorization': 'Bearer x'}]:
                status, reply, _ = server.ask('/metrics', headers=headers)
                self.assertEqual(status, 401, headers)
                self.assertIn('Basic realm=', reply['WWW-Authenticate'])
            for _ in range(2):
                self.assertEqual(server.status('/metrics', headers=basic('alice', 'secret')), 200)
            self.assertEqual(server.status('/metrics', headers=basic('alice', 'wrong')), 401, 'also the second time')
            server.web.write_text(f'basic_auth_users:\n  alice: {bcrypt("changed", 16)}\n')
            server.until(lambda: server.status('/metrics', headers=basic('alice', 'secret')) == 401)
            self.assertEqual(server.status('/metrics', headers=basic('alice', 'changed')), 200)

    def test_a_guesser_does_not_slow_down_who_is_known(self):
        with Served(web=f'basic_auth_users:\n  alice: {bcrypt("secret")}\n') as server:
            known = basic('alice', 'secret')
            self.assertEqual(server.status('/metrics', headers=known), 200)
            stop = threading.Event()

            def guess(number):
                count = 0
                while not stop.is_set():
                    server.status('/metrics', headers=basic('alice', f'{number}-{count}'))
                    count += 1

            guessers = [threading.Thread(target=guess, args=(i,)) for i in range(10)]
            for thread in guessers:
                thread.start()
            slowest = 0
            for _ in range(20):
                begin = time.monotonic()
                self.assertEqual(server.status('/metrics', headers=known), 200)
                slowest = max(slowest, time.monotonic() - begin)
            stop.set()
            for thread in guessers:
                thread.join()
            # Ten guesses in a row would take half a second and more.
            self.assertLess(slowest, 1)

    def test_a_guesser_elsewhere_does_not_keep_out_who_is_not_known_yet(self):
        def ask_from(address, headers):
            client = http.client.HTTPConnection('127.0.0.1', server.port, timeout=60, source_address=(address, 0))
            client.request('GET', '/-/healthy', headers=headers)
            status = client.getresponse().status
            client.close()
            return status

        def guess(number):
            count = 0
            while not stop.is_set():
                ask_from('127.0.0.2', basic('alice', f'{number}-{count}'))
                count += 1

        with Served(web=f'basic_auth_users:\n  alice: {bcrypt("secret")}\n') as server:
            stop = threading.Event()
            guessers = [threading.Thread(target=guess, args=(i,)) for i in range(24)]
            for thread in guessers:
                thread.start()
            try:
                server.until(lambda: ask_from('127.0.0.2', basic('alice', 'busy?')) == 503)
                self.assertEqual(ask_from('127.0.0.1', basic('alice', 'secret')), 200)
            finally:
                stop.set()
                for thread in guessers:
                    thread.join()

    def test_files_that_come_after_the_configuration_that_names_them(self):
        cert, key = (Path(self.directory.name) / name for name in ['later.pem', 'later.key'])
        with Served(web='') as server:
            self.assertEqual(server.status('/-/healthy'), 200)
            server.web.write_text(self.tls((cert, key)))
            server.until(lambda: server.metric(WEB_METRIC) == 0)
            server.wait_for_log(rb'the old one stays in force: tls_server_config: cert_file')
            shutil.copy(self.first[1], key)
            shutil.copy(self.first[0], cert)
            server.tls = trusting(self.first[0])
            server.until(lambda: is_trusted(server))

    def test_bad_files_are_refused_with_their_place(self):
        cases = [('basic_auth_users:\n  alice: secret\n', ':2:10: basic_auth_users.alice: is not a bcrypt hash'),
                 ('tls_server_config:\n  cert_file: x\n', ':2:3: tls_server_config: has no key_file'),
                 ('tls_server_conf: {}\n', ':1:1: tls_server_conf: unknown key (did you mean tls_server_config?)'),
                 (self.tls(more='  min_version: TLS14\n'), ':4:16: tls_server_config.min_version: TLS14: must be one of'),
                 (self.tls(more='  client_auth_type: RequireAndVerifyClientCert\n'), 'but has no client_ca_file'),
                 (self.tls(more='  cipher_suites: [TLS_NONE]\n'), 'cipher_suites[0]: TLS_NONE: must be one of'),
                 (self.tls(('/nonexistent.pem', '/nonexistent.key')), 'cert_file /nonexistent.pem')]
        for text, message in cases:
            with self.assertRaises(AssertionError) as failure:
                with Served(web=text):
                    pass
            self.assertIn(message, str(failure.exception))
            self.assertNotIn('alice: secret', str(failure.exception))


class Rewritten(unittest.TestCase):
    """A file is not what it says while it is being written, nor for good when it says less than before."""

    @classmethod
    def setUpClass(cls):
        cls.directory = tempfile.TemporaryDirectory()
        cls.cert = certificate(Path(cls.directory.name), 'server')
        cls.users = f'basic_auth_users:\n  alice: {bcrypt("secret", 16)}\n'
        cls.tls = f'tls_server_config:\n  cert_file: {cls.cert[0]}\n  key_file: {cls.cert[1]}\n'
        cls.good = basic('alice', 'secret')

    @classmethod
    def tearDownClass(cls):
        cls.directory.cleanup()

    def status(self, server, tls, headers=None):
        """None: no HTTP reply."""
        client = (http.client.HTTPSConnection('127.0.0.1', server.port, timeout=60, context=trusting(self.cert[0])) if tls
                  else http.client.HTTPConnection('127.0.0.1', server.port, timeout=60))
        try:
            client.request('GET', '/config', headers=headers or {})
            return client.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            client.close()

    def assert_closed(self, server, tls):
        """Closed for strangers and for plain HTTP, open for who knows the password."""
        self.assertEqual(self.status(server, tls), 401)
        self.assertEqual(self.status(server, tls, self.good), 200)
        if tls:
            self.assertIsNone(self.status(server, False, self.good))

    def rewrite_under_load(self, text, cuts, tls):
        """100 times in place with the same content, in one write and in several; all that strangers were answered."""
        answers = []
        stop = threading.Event()

        def ask(server, over_tls):
            while not stop.is_set():
                answers.append((over_tls, self.status(server, over_tls)))

        with Served(web=text) as server:
            threads = [threading.Thread(target=ask, args=(server, over_tls)) for over_tls in {False, tls} for _ in range(2)]
            for thread in threads:
                thread.start()
            try:
                for number in range(100):
                    with server.web.open('w') as file:  # empty from here on
                        begin = 0
                        for end in [*(cuts if number % 2 else []), len(text)]:
                            answers.append((tls, self.status(server, tls)))
                            file.write(text[begin:end])
                            file.flush()
                            begin = end
                    self.assertEqual(self.status(server, tls, self.good), 200)
            finally:
                stop.set()
                for thread in threads:
                    thread.join()
            self.assert_closed(server, tls)
        self.assertGreater(len(answers), 300)
        self.assertEqual(set(answers), {(False, None), (True, 401)} if tls else {(False, 401)})

    def test_users_alone(self):
        text = '# who may ask\n' + self.users
        self.rewrite_under_load(text, [text.index('basic'), text.index('alice')], False)

    def test_tls_with_users(self):
        text = self.tls + self.users
        self.rewrite_under_load(text, [len(self.tls), text.index('alice')], True)

    def test_users_with_tls_behind_them(self):
        text = self.users + self.tls
        self.rewrite_under_load(text, [len(self.users), text.index('key_file')], True)

    def assert_refused(self, server, tls, message):
        """What is there now is noticed, told, and not taken; what comes after it is."""
        def metric():
            body = server.ask('/metrics', headers=self.good)[2].decode()
            return re.search(f'^{WEB_METRIC}(.)$', body, re.MULTILINE)[1]

        server.tls = trusting(self.cert[0]) if tls else None
        server.until(lambda: metric() == '0')
        server.wait_for_log(message)
        self.assert_closed(server, tls)
        server.log = b''
        if server.web.is_dir():
            server.web.rmdir()
        server.web.unlink(missing_ok=True)
        server.web.write_text((self.tls if tls else '') + self.users)
        server.until(lambda: metric() == '1')
        server.wait_for_log(rb'the changed web configuration is in force\n')
        self.assert_closed(server, tls)

    def test_left_empty_or_cut(self):
        with Served(web=self.users) as server:
            for text in ['', '# nothing yet\n', '---\n', 'basic_auth_users: {}\n', self.tls]:
                server.web.write_text(text)
                self.assert_refused(server, False, RESTART % (b'basic_auth_users', b'users'))
            for half in ['basic_auth_users:\n', self.users[:-9]]:
                server.web.write_text(half)
                self.assert_refused(server, False, rb'the old one stays in force: .*web.yml:\d+:\d+: basic_auth_users')

    def test_left_empty_or_cut_with_tls(self):
        with Served(web=self.tls + self.users) as server:
            for text in ['', self.users]:
                server.web.write_text(text)
                self.assert_refused(server, True, RESTART % (b'tls_server_config', b'TLS'))
            server.web.write_text(self.tls)
            self.assert_refused(server, True, RESTART % (b'basic_auth_users', b'users'))

    def test_deleted_a_directory_a_pipe_or_not_readable(self):
        with Served(web=self.users, before=UNPRIVILEGED) as server:
            server.web.unlink()
            self.assert_refused(server, False, rb'web.yml: No such file or directory\n')
            server.web.unlink()
            server.web.mkdir()
            self.assert_refused(server, False, rb'web.yml: is not a regular file\n')
            server.web.unlink()
            os.mkfifo(server.web)
            self.assert_refused(server, False, rb'web.yml: is not a regular file\n')
            server.web.write_text('')
            server.web.chmod(0)
            self.assert_refused(server, False, rb'web.yml: Permission denied\n')

    def test_a_new_file_in_its_place(self):
        with Served(web=self.users) as server:
            other = server.path / 'other.yml'

            def changed_to(user):
                headers = basic(user, 'secret')
                server.until(lambda: self.status(server, False, headers) == 200)
                self.assertEqual(self.status(server, False), 401)

            other.write_text(self.users.replace('alice', 'berta'))
            other.rename(server.web)
            changed_to('berta')
            # A mounted ConfigMap: a link to a link that is replaced, and the file behind it has been there for long.
            for name in ['carla', 'dora']:
                directory = server.path / name
                directory.mkdir()
                (directory / 'web.yml').write_text(self.users.replace('alice', name))
            (server.path / '..data').symlink_to('carla')
            (server.path / 'link').symlink_to('..data/web.yml')
            (server.path / 'link').rename(server.web)
            changed_to('carla')
            (server.path / '..new').symlink_to('dora')
            (server.path / '..new').rename(server.path / '..data')
            changed_to('dora')
            # Other content of the same size, with the time of before.
            before = server.web.stat()
            server.web.write_text(self.users.replace('alice', 'elsa'))
            os.utime(server.web, ns=(before.st_atime_ns, before.st_mtime_ns))
            self.assertEqual(server.web.stat().st_size, before.st_size)
            changed_to('elsa')

    def test_at_the_start_an_empty_one_is_good(self):
        with Served(web='') as server:
            self.assertEqual(self.status(server, False), 200)
            self.assertEqual(server.metric(WEB_METRIC), 1)
            server.web.write_text(self.users)
            server.until(lambda: self.status(server, False) == 401)
            self.assert_closed(server, False)
        with Served() as server:
            self.assertNotIn(WEB_METRIC, server.text('/metrics'))


if __name__ == '__main__':
    unittest.main()
