#!/usr/bin/python3
"""senders.py DANEWATCH SOURCE_DIRECTORY, inside the lab, as root: what senders report, from the mail to the alert.

A real Postfix takes a report by SMTP, as a gzipped part of a multipart/report, and delivers it into a Maildir. danewatch
serve reads it there; its page, a real Prometheus and the shipped alert tell it.
"""

import datetime
import gzip
import json
import os
import pwd
import smtplib
import subprocess
import sys
import tempfile
from email.message import EmailMessage
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from scraped import EXPORTER, api, faster, get, wait_for  # noqa: E402

DANEWATCH, ROOT = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
SMTP_PORT = 2525
MAILBOX = 'tls-reports@reports.lab'
SKIPPED = 77
YESTERDAY = (datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)).strftime('%Y-%m-%d')

SERVICES = '''127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
virtual unix - n n - - virtual
proxymap unix - - n - - proxymap
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
'''

# The field is what OpenDKIM or Rspamd would put in, once it has checked the signature.
MAIN = '''compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
myhostname = mx.reports.lab
mydestination =
alias_maps =
inet_protocols = ipv4
smtpd_peername_lookup = no
virtual_mailbox_domains = reports.lab
virtual_mailbox_maps = inline:{{ {{ {mailbox} = Maildir/ }} }}
virtual_mailbox_base = {folder}/mail
virtual_minimum_uid = 1
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
header_checks = regexp:{folder}/etc/checks
'''


def report(number, failed):
    details = [{'result-type': 'tlsa-invalid', 'receiving-mx-hostname': 'mx.good.lab', 'failed-session-count': failed}]
    return {'organization-name': 'Sender', 'contact-info': 'tls@sender.lab', 'report-id': f'{number}',
            'date-range': {'start-datetime': f'{YESTERDAY}T00:00:00Z', 'end-datetime': f'{YESTERDAY}T23:59:59Z'},
            'policies': [{'policy': {'policy-type': 'tlsa', 'policy-domain': 'good.lab'},
                          'summary': {'total-successful-session-count': 10, 'total-failure-session-count': failed},
                          'failure-details': details}]}


def mail(content):
    message = EmailMessage()
    message['From'] = 'TLS reports <tls@sender.lab>'
    message['To'] = MAILBOX
    message['Subject'] = 'Report Domain: good.lab Submitter: sender.lab'
    message['TLS-Report-Domain'] = 'good.lab'
    message['TLS-Report-Submitter'] = 'sender.lab'
    message.set_content('This is a report about TLS.\n')
    message.add_attachment(gzip.compress(json.dumps(content).encode()), maintype='application', subtype='tlsrpt+gzip',
                           filename='sender.lab!good.lab!1!2!001.json.gz')
    message.set_type('multipart/report')
    message.set_param('report-type', 'tlsrpt')
    return message


def start_postfix(folder, log):
    owner = pwd.getpwnam('postfix')
    nobody = pwd.getpwnam('nobody')
    for part in ('etc', 'queue', 'data', 'mail'):
        (folder / part).mkdir()
    os.chown(folder / 'data', owner.pw_uid, owner.pw_gid)
    os.chown(folder / 'mail', nobody.pw_uid, nobody.pw_gid)
    folder.chmod(0o755)
    (folder / 'etc' / 'main.cf').write_text(
        MAIN.format(folder=folder, mailbox=MAILBOX, user=nobody.pw_uid, group=nobody.pw_gid))
    (folder / 'etc' / 'master.cf').write_text(SERVICES.format(port=SMTP_PORT))
    (folder / 'etc' / 'checks').write_text(
        '/^From: .*@sender\\.lab/ PREPEND Authentication-Results: mx.reports.lab; dkim=pass header.d=sender.lab\n')
    return subprocess.Popen(['/usr/sbin/postfix', '-c', folder / 'etc', 'start-fg'], stdout=log, stderr=log)


def send(message):
    def sent():
        with smtplib.SMTP('127.0.0.1', SMTP_PORT, timeout=30) as server:
            server.send_message(message)
        return True
    wait_for('Postfix to take the mail', sent)


def configure(folder):
    (folder / 'danewatch.yml').write_text(
        f'targets: [good.lab]\ndefaults: {{interval: 1s}}\n'
        f'tlsrpt: {{paths: [{folder}/mail/Maildir], trusted_authserv_id: mx.reports.lab, interval: 1s}}\n')
    (folder / 'danewatch.rules.yml').write_text(faster((ROOT / 'dashboards' / 'danewatch.rules.yml').read_text('utf-8')))
    (folder / 'prometheus.yml').write_text(
        'global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}\nrule_files: [danewatch.rules.yml]\n'
        'scrape_configs: [{job_name: danewatch, static_configs: [{targets: ["127.0.0.1:19115"]}]}]\n')


def firing():
    return [each for each in api('alerts')['alerts']
            if each['labels']['alertname'] == 'DaneSendersFail' and each['state'] == 'firing']


def page_of_what_they_saw():
    text = get(f'{EXPORTER}/targets/good.lab').decode()
    return text if 'What senders saw</h2>' in text else None


def told():
    send(mail(report(1, failed=3)))
    series = 'dane_tlsrpt_sessions_total{domain="good.lab",result="tlsa-invalid"}'
    found = wait_for('the counter in Prometheus', lambda: api('query', query=series)['result'])
    assert found[0]['value'][1] == '3', found
    page = wait_for('the page', page_of_what_they_saw)
    for words in ('3 of 13 sessions failed', 'sender.lab: 3 of 13', 'danewatch sees no fault there.',
                  'Other mail servers report that TLS with mx.good.lab failed: tlsa-invalid'):
        assert words in page, (words, page)
    alert = wait_for('DaneSendersFail', firing)[0]
    assert alert['labels']['target'] == 'good.lab', alert


# The day after, nothing failed.
def over():
    content = report(2, failed=0)
    today = datetime.datetime.now(datetime.timezone.utc).strftime('%Y-%m-%d')
    content['date-range'] = {'start-datetime': f'{today}T00:00:00Z', 'end-datetime': f'{today}T23:59:59Z'}
    content['policies'][0]['failure-details'] = []
    send(mail(content))
    wait_for('the end of DaneSendersFail', lambda: not firing())


def main():
    if os.geteuid() != 0:
        print('skipped: Postfix needs root')
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        configure(folder)
        with open(folder / 'log', 'w', encoding='utf-8') as log:
            children = [
                start_postfix(folder, log),
                subprocess.Popen([DANEWATCH, 'serve', '--config.file', folder / 'danewatch.yml'], stderr=log),
                subprocess.Popen(['prometheus', f'--config.file={folder}/prometheus.yml', f'--storage.tsdb.path={folder}/tsdb',
                                  '--web.listen-address=127.0.0.1:9090'], stdout=log, stderr=log)]
            try:
                for step in (told, over):
                    step()
                    print(f'{step.__name__}: ok', flush=True)
            except BaseException:
                for name in ('log', 'postfix.log'):
                    print((folder / name).read_text('utf-8')[-3000:] if (folder / name).exists() else name, file=sys.stderr)
                raise
            finally:
                for child in children:
                    child.terminate()
                for child in children:
                    child.wait(timeout=30)


main()
