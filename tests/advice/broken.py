#!/usr/bin/python3
"""broken.py DANEWATCH, inside a lab of the scenes of broken.yaml: tests/advice notices advice that breaks something.

Bad remedies take the place of danewatch's own; each must be found, by danewatch and, where mail is meant, by posttls-finger."""

import sys

from advice import Book, Play, Trial, played

DIGEST_OF_NOTHING_KNOWN = 'ab' * 64


def record_line(record):
    return f'{record["owner"]}. IN TLSA {record["usage"]} {record["selector"]} {record["matching_type"]} {record["data"]}'


def of_state(report, state):
    return next(record_line(record) for record in report['hosts'][0]['tlsa'] if record['state'] == state)


def shown_key(report):
    host = report['hosts'][0]
    return f'_25._tcp.{host["host"]}. IN TLSA 3 1 1 {host["endpoints"][0]["chain"][0]["spki_sha256"]}'


def stronger(report):
    return f'_25._tcp.{report["hosts"][0]["host"]}. IN TLSA 3 1 2 {DIGEST_OF_NOTHING_KNOWN}'


# Scene: (the bad remedy, what is worse then, what posttls-finger says of it).
BROKEN = {
    'current-record': (lambda report: [('remove', of_state(report, 'current'))], 'impact protected became unprotected', 'verified became unprotected'),
    'wildcard-address': (lambda report: [('add', shown_key(report))], 'undeliverable', 'unprotected became nowhere'),
    'sibling-port': (lambda report: [('remove', of_state(report, 'unmatched'))], 'web.sibling-port.lab:443', ''),
    'stronger-digest': (lambda report: [('add', stronger(report))], 'deferred', 'verified became mismatch'),
    'last-record': (lambda report: [('remove', of_state(report, 'unmatched'))], 'unprotected', 'mismatch became unprotected'),
    'next-server': (lambda report: [('remove', of_state(report, 'unmatched'))], 'in the act tomorrow', 'verified became mismatch'),
}


class BadAdvice(Play):
    def singles(self):
        look = next(iter(self.before))
        steps = BROKEN[self.scene][0](self.before[look].report)
        return [Trial(look, 'bad-advice', 1, tuple(steps), False, (), False)]

    def follow_all(self):
        return iter(())


def main():
    book = Book()
    played(sys.argv[1], book, BadAdvice)
    missed = []
    for scene, (_, *phrases) in BROKEN.items():
        told = '\n'.join(sentence for sentence in book.wrong if sentence.startswith(f'{scene}: '))
        missed += [f'{scene}: nothing says "{phrase}":\n{told}' for phrase in phrases if phrase and phrase not in told]
        if not told:
            missed.append(f'{scene}: not noticed')
    for sentence in missed:
        print(sentence)
    print(f'{len(BROKEN)} bad remedies, {len(missed)} complaints')
    return 1 if missed else 0


sys.exit(main())
