"""docs/remedies.md: for each finding what proves its advice, or why it is in words only."""

import re
import subprocess

SCENES = 3  # named for one finding

HEAD = """# Advice that is proven

Following a remedy never makes anything worse: not delivery, not protection, not for any other name, port or address that danewatch
has seen. Where it cannot know that, it says so first, or gives no advice. `tests/advice` proves it: each remedy that danewatch
gives in the scenes of the lab is carried out on the signed zone (and on the servers, where a scene can show that), and then
danewatch and Postfix's posttls-finger look again at every target of the scene and every port of its hosts.

`danewatch check --remedy N` prints those in zone lines. Made by that test (`ctest -R advice`), which compares; the scenes are blocks
of `tests/lab/scenes.yaml` and `tests/advice/scenes.yaml`.

| finding | zone lines are proven by | what to do at the server is proven by | in words, because |
|---|---|---|---|
"""

# Of advice for the zone that is not made of records, why not.
WORDS = {
    'tlsa-partial-record': 'which certificate is the right one is known to the operator; `tlsa-mismatch` beside it has the records',
    'tlsa-too-many': 'which of them are needed, the findings of the single records say',
    'tlsa-unconfirmed-record': 'nothing is to be changed before everything answers',
    'tlsa-full-in-dns': 'the record works; which digest takes its place is for the next change of keys',
    'tlsa-sha512-only': 'the records work',
    'tlsa-certificate-pinned': 'the record works; it is for the next renewal',
    'reserved-address': 'the right address is known to the operator',
    'dnssec-bogus': 'signing is the signer\'s work, and DS records the parent\'s',
    'dns-failed': 'the name servers do not answer',
    'dns-broken-denial': 'the name servers do not answer',
    'dns-no-such-name': 'which name was meant is known to the operator',
    'dns-no-address': 'which address was meant is known to the operator',
    'dns-host-is-address': 'which name was meant is known to the operator',
    'dns-answers-differ': 'which answer is the right one is known to the operator',
    'dns-insecure-mx': 'signing is the signer\'s work, and DS records the parent\'s',
    'dns-insecure-srv': 'signing is the signer\'s work, and DS records the parent\'s',
    'dns-insecure-address': 'signing is the signer\'s work, and DS records the parent\'s',
    'dns-opt-out': 'signing is the signer\'s work',
    'dns-mx-is-alias': 'the record works; the change is not one of TLSA records',
    'dns-srv-is-alias': 'the record works; the change is not one of TLSA records',
    'dns-empty-non-terminal': 'the name servers answer wrongly',
    'dns-ttl': 'the change is one of TTLs, not of records',
    'dnssec-signature-expiring': 'signing is the signer\'s work',
    'servers-parent-child': 'which name servers are meant is known to the operator, and the zone above is not theirs',
    'null-mx-not-alone': 'whether mail is wanted is known to the operator',
    'mx-partly-protected': '`dns-no-tlsa` beside it has the records',
}

WHERE = {'server': 'the change is at the server', 'here': 'it is about the machine that looks'}


def findings(docs):
    """[(code, whom advice in words is for, kinds of steps)] of the table of findings."""
    text = subprocess.run([docs, 'advice'], capture_output=True, text=True, check=True, timeout=60).stdout
    return [(code, whom, set(kinds)) for code, whom, *kinds in (line.split() for line in text.splitlines())]


def named(row, scenes):
    """Some of the scenes: those that the page names already come first, so that it changes as little as it must."""
    known = [scene for scene in re.findall(r'`([a-z0-9-]+)`', row) if scene in scenes]
    return ', '.join(f'`{scene}`' for scene in [*known, *sorted(set(scenes) - set(known))][:SCENES])


def why_words(code, whom, kinds):
    if not kinds:
        return 'nothing needs to be done'
    if code in WORDS:
        return WORDS[code]
    if kinds == {'server'}:
        return WHERE.get(whom, WHERE['server'])
    raise ValueError(f'{code}: say in WORDS of {__file__} why its advice is in words only')


def page(table, old, lines, servers):
    """The page, and the codes whose zone lines nothing proves."""
    rows = {line.split('`')[1]: line.split(' | ') for line in old.splitlines() if line.startswith('| `')}
    text, unproven = HEAD, []
    for code, whom, kinds in table:
        row = [*rows.get(code, []), '', '', ''][:3]
        has_lines = 'lines' in kinds or code in lines
        if has_lines and code not in lines:
            unproven.append(code)
        by_lines, by_server = named(row[1], lines.get(code, ())), named(row[2], servers.get(code, ()))
        why = '' if has_lines else why_words(code, whom, kinds)
        text += f'| `{code}` | {by_lines} | {by_server} | {why} |\n'
    return text, unproven
