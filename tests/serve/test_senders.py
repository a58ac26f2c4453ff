"""What `danewatch serve` says of TLS reports in a Maildir, on loopback. Nobody answers, so danewatch itself sees nothing."""

import base64
import datetime
import gzip
import io
import json
import sys
import tempfile
import unittest
import zipfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import Served  # noqa: E402

DOMAIN = 'example.org'
YESTERDAY = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)).strftime('%Y-%m-%d')


def report(number, failed=0, domain=DOMAIN, day=YESTERDAY):
    failures = [{'result-type': 'tlsa-invalid', 'receiving-mx-hostname': f'mx.{domain}', 'failed-session-count': failed}]
    return {'organization-name': 'Sender', 'contact-info': 'c', 'report-id': str(number),
            'date-range': {'start-datetime': f'{day}T00:00:00Z', 'end-datetime': f'{day}T23:59:59Z'},
            'policies': [{'policy': {'policy-type': 'tlsa', 'policy-domain': domain},
                          'summary': {'total-successful-session-count': 10, 'total-failure-session-count': failed},
                          'failure-details': failures if failed else []}]}


def mail(content, authentic=True):
    packed = base64.encodebytes(gzip.compress(json.dumps(content).encode())).decode()
    said = 'Authentication-Results: mx.example.org; dkim=pass header.d=sender.example\n' if authentic else ''
    return (f'{said}From: tls@sender.example\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type="tlsrpt";\n'
            f' boundary=b\n\n--b\nContent-Type: text/plain\n\nA report.\n--b\nContent-Type: application/tlsrpt+gzip\n'
            f'Content-Transfer-Encoding: base64\n\n{packed}\n--b--\n')


class Senders(unittest.TestCase):
    def setUp(self):
        directory = tempfile.TemporaryDirectory()
        self.addCleanup(directory.cleanup)
        self.maildir = Path(directory.name) / 'Maildir'
        for part in ('new', 'cur', 'tmp'):
            (self.maildir / part).mkdir(parents=True)

    def put(self, name, text):
        """As a mail server delivers: under its name only when it is whole."""
        unfinished = self.maildir / 'tmp' / name
        unfinished.write_text(text)
        unfinished.rename(self.maildir / 'new' / name)

    def config(self, more='trusted_authserv_id: mx.example.org'):
        return (f'targets: [{DOMAIN}]\ndefaults: {{interval: 1s, detail: full}}\n'
                f'tlsrpt: {{paths: [{self.maildir}], interval: 1s, {more}}}\n')

    def failing(self, server):
        lines = [line for line in server.text('/metrics').splitlines() if line.startswith('dane_senders_see_failures{')]
        return lines[0].rsplit(' ', 1)[1] if lines else None

    def test_a_report_of_failures_is_on_the_page_and_in_the_metrics_until_a_day_without(self):
        with Served(self.config()) as server:
            server.until(lambda: server.metric('danewatch_tlsrpt_up ') == 1)
            self.assertIsNone(self.failing(server))
            self.put('1', mail(report(1, failed=3)))
            server.until(lambda: self.failing(server) == '1')
            text = server.text('/metrics')
            self.assertIn(f'\ndane_tlsrpt_sessions_total{{domain="{DOMAIN}",result="success"}} 10\n', text)
            self.assertIn(f'\ndane_tlsrpt_sessions_total{{domain="{DOMAIN}",result="tlsa-invalid"}} 3\n', text)
            self.assertIn('dane_findings{target="example.org",code="senders-see-failures",severity="warning"} 1', text)
            page = server.text(f'/targets/{DOMAIN}')
            self.assertIn('<h2>What senders saw</h2>', page)
            self.assertIn('3 of 13 sessions failed', page)
            latest = json.loads(server.text(f'/api/v1/reports/{DOMAIN}'))
            self.assertEqual(latest['senders'][0]['failures'][0]['senders'], ['sender.example'])
            today = datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d')
            self.put('2', mail(report(2, day=today)))
            server.until(lambda: self.failing(server) == '0')

    def test_a_forged_report_is_shown_and_never_counts(self):
        self.put('1', mail(report(1, failed=3), authentic=False))
        with Served(self.config()) as server:
            server.until(lambda: 'What senders saw' in server.text(f'/targets/{DOMAIN}'))
            self.assertIn('not authenticated: does not count', server.text(f'/targets/{DOMAIN}'))
            self.assertIsNone(self.failing(server))
            text = server.text('/metrics')
            self.assertIn('\ndane_tlsrpt_reports_rejected_total{reason="unauthenticated"} 1\n', text)
            self.assertNotIn('dane_tlsrpt_sessions_total{', text)
            self.assertNotIn('senders-see-failures', text)

    def test_without_anybody_who_vouches_nothing_counts(self):
        self.put('1', mail(report(1, failed=3)))
        with Served(self.config(more='')) as server:
            server.until(lambda: 'names nobody who vouches' in server.text(f'/targets/{DOMAIN}'))
            self.assertIsNone(self.failing(server))

    def test_domains_of_strangers_make_no_series(self):
        self.put('1', mail(report(1, domain='stranger.example')))
        self.put('2', mail(report(2)))
        with Served(self.config()) as server:
            server.until(lambda: 'dane_tlsrpt_sessions_total' in server.text('/metrics'))
            self.assertNotIn('stranger', server.text('/metrics'))

    def test_a_bounce_that_brings_a_report_back_causes_nothing(self):
        back = mail(report(1, failed=3))
        self.put('1', 'Authentication-Results: mx.example.org; dkim=pass header.d=sender.example\nFrom: mailer@sender.example\n'
                      'Content-Type: multipart/report; report-type=delivery-status; boundary=d\n\n--d\n\nNo.\n--d\n'
                      f'Content-Type: message/rfc822\n\n{back}\n--d--\n')
        self.put('2', mail(report(2)))
        with Served(self.config()) as server:
            server.until(lambda: self.failing(server) == '0')
            self.assertEqual(server.metric('dane_tlsrpt_reports_rejected_total{reason="malformed"}'), 0)

    def test_a_maildir_that_is_not_there_is_told_and_stops_nothing(self):
        away = self.maildir.with_name('away')
        self.maildir.rename(away)
        with Served(self.config()) as server:
            server.wait_for_log(b'TLS reports: .*Maildir: cannot be read: No such file')
            self.assertEqual(server.metric('danewatch_tlsrpt_up '), 0)
            away.rename(self.maildir)
            server.until(lambda: server.metric('danewatch_tlsrpt_up ') == 1)
            self.assertEqual(server.stop()[0], 0)

    def test_the_mailbox_stays_as_it_was(self):
        self.put('1', mail(report(1)))
        before = sorted(str(path) for path in self.maildir.rglob('*'))
        with Served(self.config()) as server:
            server.until(lambda: self.failing(server) == '0')
        self.assertEqual(sorted(str(path) for path in self.maildir.rglob('*')), before)

    def test_a_reload_takes_up_and_puts_away(self):
        self.put('1', mail(report(1, failed=3)))
        with Served(f'targets: [{DOMAIN}]\ndefaults: {{interval: 1s}}\n') as server:
            self.assertNotIn('tlsrpt', server.text('/metrics'))
            server.configure(self.config())
            self.assertEqual(server.status('/-/reload', method='POST'), 200)
            server.until(lambda: self.failing(server) == '1')
            server.configure(f'targets: [{DOMAIN}]\ndefaults: {{interval: 1s}}\n')
            self.assertEqual(server.status('/-/reload', method='POST'), 200)
            server.until(lambda: self.failing(server) is None)
            self.assertNotIn('tlsrpt', server.text('/metrics'))

    def test_a_mail_bomb_costs_a_line_in_the_log(self):
        zeros = io.BytesIO()
        with gzip.GzipFile(fileobj=zeros, mode='wb', compresslevel=9) as packed:
            for _ in range(1024):
                packed.write(bytes(1 << 20))
        (self.maildir / 'cur' / 'gzip').write_bytes(zeros.getvalue())
        inner = zeros.getvalue()
        for depth in range(6):
            outer = io.BytesIO()
            with zipfile.ZipFile(outer, 'w', zipfile.ZIP_DEFLATED) as archive:
                for number in range(16 if depth < 2 else 1):
                    archive.writestr(f'{number}.zip', inner)
            inner = outer.getvalue()
        (self.maildir / 'cur' / 'zips').write_bytes(inner)
        (self.maildir / 'cur' / 'deep').write_bytes(b'{"policies":' + b'[' * 100000 + b']' * 100000 + b',"date-range":1}')
        line = self.maildir.with_name('mbox')
        with open(line, 'wb') as file:
            file.write(b'From a Thu Jan  1 00:00:00 2026\nSubject: x\n\n')
            file.truncate(1 << 30)  # one line of a gigabyte, which takes no room on the disk
        self.put('good', mail(report(1)))
        both = self.config().replace(str(self.maildir), f'{self.maildir}, {line}')
        with Served(both, environment={'MALLOC_ARENA_MAX': '2'}) as server:
            before = server.memory()
            server.until(lambda: self.failing(server) == '0')
            text = server.text('/metrics')
            too_large = server.metric('dane_tlsrpt_reports_rejected_total{reason="too-large"}')
            malformed = server.metric('dane_tlsrpt_reports_rejected_total{reason="malformed"}')
            self.assertEqual(too_large + malformed, 4, [line for line in text.splitlines() if 'tlsrpt' in line])
            self.assertLess(server.memory() - before, 120 << 20)

    def test_ten_thousand_reports_fit_into_bounded_memory(self):
        for number in range(10000):
            (self.maildir / 'cur' / f'{number}:2,S').write_text(mail(report(number)))
        with Served(self.config(), environment={'MALLOC_ARENA_MAX': '2'}) as server:
            before = server.memory()
            server.until(lambda: server.metric(f'dane_tlsrpt_sessions_total{{domain="{DOMAIN}",result="success"}}') == 100000
                         if 'dane_tlsrpt_sessions_total' in server.text('/metrics') else False)
            self.assertLess(server.memory() - before, 50 << 20)


if __name__ == '__main__':
    unittest.main()
