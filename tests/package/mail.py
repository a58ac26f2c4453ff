#!/usr/bin/python3
"""mail.py SOURCE: danewatch-mail mails what changed and nothing else, and what could not be mailed is told again."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Says "it changed" where the state is other than the word it is told to see, and remembers that.
DANEWATCH = '''#!/bin/sh
[ "$1 $2 $4 $5 $6" = "check --state --changes -- example.org" ] || { echo "wrong: $*"; exit 64; }
read -r now <"$WORLD"
[ -e "$3" ] && read -r before <"$3"
echo "$now" >"$3"
[ "$now" = "${before-}" ] || { echo "changed to $now; \\$(touch broken)"; exit 2; }
'''
SENDMAIL = '#!/bin/sh\n[ "$*" = "-i -- you@example.org" ] || exit 9\n[ ! -e "$BROKEN" ] || exit 75\ncat >>"$MAILS"\n'


def main():
    script = Path(sys.argv[1]) / 'packaging/mail/danewatch-mail'
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name, text in (('danewatch', DANEWATCH), ('sendmail', SENDMAIL)):
            (place / name).write_text(text)
            (place / name).chmod(0o755)
        environment = {**os.environ, 'DANEWATCH': f'{folder}/danewatch', 'SENDMAIL': f'{folder}/sendmail', 'MAILTO': 'you@example.org',
                       'STATE_DIRECTORY': folder, 'WORLD': f'{folder}/world', 'MAILS': f'{folder}/mails', 'BROKEN': f'{folder}/no-mail'}

        def run(world):
            (place / 'world').write_text(world + '\n')
            return subprocess.run([script, 'example.org'], env=environment, cwd=folder, check=False, timeout=60).returncode

        def mails():
            return (place / 'mails').read_text() if (place / 'mails').exists() else ''

        assert run('one') == 2 and mails().startswith('To: you@example.org\nSubject: danewatch: example.org\n'), mails()
        assert 'changed to one; $(touch broken)' in mails() and not (place / 'broken').exists()
        length = len(mails())
        assert run('one') == 0 and len(mails()) == length, 'a mail, and nothing changed'
        (place / 'no-mail').touch()
        assert run('two') == 4
        (place / 'no-mail').unlink()
        assert run('two') == 2 and 'changed to two' in mails(), 'what could not be mailed is lost'


main()
