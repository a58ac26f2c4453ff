#!/usr/bin/python3
"""advice.py DANEWATCH DANEWATCH-DOCS PAGE, inside a lab of scenes with its resolver: following a remedy never makes anything worse.

Each remedy that danewatch gives for a scene is carried out: on the scene's zone, which is signed again, and on its servers where
the scene has an act `advised`. Then danewatch and posttls-finger look again at every target of the scene and at every port of its
hosts. First each remedy alone, then, in up to three rounds, the first of every finding together: after that nothing may be left
that the zone alone can mend. Other acts are what servers may show tomorrow: it must not be worse then, either.

PAGE names what was proven so; DANEWATCH_UPDATE_GOLDEN=1 writes it."""

import os
import shutil
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

from looks import Look, look_at, worse
from page import findings, page
from printed import misprints
from zones import Unloadable, Zones

SIDE_BY_SIDE = 6
ROUNDS = 3
OF_A_KIND = 3  # remedies of one finding's code that are tried for one target; sixty left-over records are one case
ADVISED = 'advised'


def lines_of(steps):
    return [f'{do} {line}' for do, line in steps]


class Trial(NamedTuple):
    look: Look
    code: str
    number: int  # of the remedy in the report, as --remedy counts
    steps: tuple  # changes of the zone
    server: bool  # and then something to do at the server
    after: tuple  # and then further changes of the zone
    shared: bool  # the operator is told to look at others first

    def __str__(self):
        head = f'{self.look.scene}: danewatch check --remedy {self.number} {self.look}: {self.code}'
        server = ['(at the server)'] if self.server else []
        return '\n    '.join([head, *lines_of(self.steps), *server, *lines_of(self.after)])


class Ask(NamedTuple):
    """A state of a scene, and who looks at it."""
    zones: dict
    looks: list
    act: str = ''


def doing(remedy):
    """Changes of the zone, whether the server's turn comes then, and what comes after it. Other words end it; to wait is no deed."""
    before, server, after = [], False, []
    for step in remedy['steps']:
        if step['do'] in ('add', 'remove') and ' IN TLSA ' in step['record']:
            (after if server else before).append((step['do'], step['record']))
        elif step['do'] == 'server' and not server:
            server = True
        elif step['do'] != 'wait':
            break
    return tuple(before), server, tuple(after)


def remedies_of(look, report):
    number = 0
    trials = []
    for finding in report['findings']:
        for remedy in finding['remedies']:
            number += 1
            steps, server, after = doing(remedy)
            shared = any(step['shared'] for step in remedy['steps'])
            trials.append(Trial(look, finding['code'], number, steps, server, after, shared))
    return trials


class Book:
    """What came of it."""

    def __init__(self):
        self.wrong = []
        self.lines, self.servers = {}, {}  # code: scenes
        self.trials = 0

    def note(self, trial, sentences):
        self.trials += 1
        if sentences:
            self.wrong.append('\n    '.join([str(trial), *sentences]))
            return
        if trial.steps:
            self.lines.setdefault(trial.code, set()).add(trial.look.scene)
        if trial.server:
            self.servers.setdefault(trial.code, set()).add(trial.look.scene)


def compare(before, after, halfway=False):
    return [f'{look}: {sentence}' for look, now in after.items() for sentence in worse(before[look], now, halfway)]


def plain(looks):
    """Those without further words: what others see. `--next` is one operator's plan, and no other's."""
    return [look for look in looks if not look.args]


class Play:
    """One scene: a generator of Asks, which is sent what is seen then."""

    def __init__(self, scene, before, zones, book):
        self.scene, self.before, self.zones, self.book = scene, before, zones, book
        self.acts = zones.acts.get(scene, [])

    def run(self):
        tomorrow = {}
        for act in self.acts[1:]:
            if act != ADVISED:
                tomorrow[act] = yield Ask({}, plain(self.before), act)
        for trial in self.singles():
            yield from self.try_one(trial, tomorrow)
        yield from self.follow_all()

    def first_act(self):
        return self.acts[0] if self.acts else ''

    def can_do(self, trial, state):
        try:
            return self.zones.after(trial.steps, state) is not None
        except Unloadable:
            return False

    def is_deed(self, trial):
        return bool(trial.steps) or (trial.server and ADVISED in self.acts)

    def singles(self):
        tried, kinds, chosen = set(), {}, []
        for look, each in self.before.items():
            for trial in filter(self.is_deed, remedies_of(look, each.report)):
                kind = (look.target, trial.code)
                key = (trial.code, frozenset(trial.steps), trial.server)
                if key not in tried and kinds.get(kind, 0) < OF_A_KIND and self.can_do(trial, {}):
                    tried.add(key)
                    kinds[kind] = kinds.get(kind, 0) + 1
                    chosen.append(trial)
        return chosen

    def try_one(self, trial, tomorrow):
        at_server = trial.server and ADVISED in self.acts
        trial = trial._replace(server=at_server)
        state = self.zones.after(trial.steps, {})
        looks = [trial.look] if trial.shared else list(dict.fromkeys([*plain(self.before), trial.look]))
        said = []
        if trial.steps:
            said += compare(self.before, (yield Ask(state, looks, self.first_act())))
            for act, then in tomorrow.items():
                after = yield Ask(state, [look for look in looks if look in then], act)
                said += [f'in the act {act}: {sentence}' for sentence in compare(then, after)]
        if at_server:
            said += compare(self.before, (yield Ask(state, looks, ADVISED)), bool(trial.after))
        if at_server and trial.after:
            state = self.zones.after(trial.after, state)
            said += compare(self.before, (yield Ask(state, looks, ADVISED)))
        self.book.note(trial, said)

    def first_of_each(self, seen, state):
        """What an operator does who follows the first remedy of every finding of every plain look."""
        steps = []
        for look in plain(seen):
            done = set()
            for trial in remedies_of(look, seen[look].report):
                about = (trial.code, trial.steps[:1])
                if not trial.steps or trial.shared or about in done or not self.can_do(trial, state):
                    continue
                done.add(about)
                steps += [step for step in trial.steps if step not in steps]
        return steps

    def follow_all(self):
        seen, state = self.before, {}
        for turn in range(1, ROUNDS + 1):
            steps = self.first_of_each(seen, state)
            if not steps:
                return
            state = self.zones.after(steps, state)
            after = yield Ask(state, plain(self.before), self.first_act())
            said = compare(seen, after)
            if said:
                self.book.wrong.append('\n    '.join([f'{self.scene}: all together, round {turn}', *lines_of(steps), *said]))
                return
            seen = after
        for look in plain(seen):
            self.book.wrong += self.left_over(look, seen[look].report)

    def left_over(self, look, report):
        """Faults that the zone can mend, and has not after so many rounds; what we did not look at may be more than they mend."""
        codes = {finding['code'] for finding in self.before[look].report['findings']}
        left = [f for f in report['findings'] if f['severity'] in ('warning', 'critical') and any(doing(r)[0] for r in f['remedies'])]
        if not left or 'limits-reached' in codes:
            return []
        return [f'{look}: after {ROUNDS} rounds there is still {left[0]["code"]}: {left[0]["text"]}']


def looks_of(zones):
    """Every target of a scene, and every port of its hosts."""
    looks = {}
    for check in zones.checks:
        look = Look(check['scene'], check['target'], tuple(check['args']), check['trust'])
        looks.setdefault(check['scene'], {})[look] = None
    for each in zones.endpoints:
        look = Look(each['scene'], f'{each["host"]}:{each["port"]}')
        known = {known.target for known in looks[each['scene']]}
        if look.target not in known:
            looks[each['scene']][look] = None
    return {scene: list(all_looks) for scene, all_looks in looks.items()}


class Driver:
    """All scenes side by side: in each turn one state of every scene that has still something to show."""

    def __init__(self, pool, program, zones):
        self.pool, self.program, self.zones = pool, program, zones
        self.touched = {}

    def see(self, looks):
        return dict(zip(looks, self.pool.map(lambda look: look_at(self.program, look), looks)))

    def set_up(self, asks):
        states = {}
        for scene, ask in asks.items():
            if ask.act:
                self.zones.turn(scene, ask.act)
                states[f'{scene}.lab'] = self.zones.first[f'{scene}.lab']  # loaded: then the servers have heard, too
            states |= {origin: self.zones.first[origin] for origin in self.touched.get(scene, ())} | ask.zones
            self.touched[scene] = set(ask.zones)
        self.zones.publish(states)

    def run(self, plays):
        running = {scene: play.run() for scene, play in plays.items()}
        results = dict.fromkeys(running)
        while True:
            asks = {}
            for scene, play in list(running.items()):
                try:
                    asks[scene] = play.send(results[scene])
                except StopIteration:
                    del running[scene]
            if not running:
                return
            self.set_up(asks)
            seen = self.see([look for ask in asks.values() for look in ask.looks])
            results = {scene: {look: seen[look] for look in ask.looks} for scene, ask in asks.items()}


def played(program, book, make, look_first=None):
    """Plays every scene; `make` makes its Play of (scene, what is seen before, zones, book)."""
    zones = Zones()
    looks = looks_of(zones)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        driver = Driver(pool, program, zones)
        seen = driver.see([look for all_looks in looks.values() for look in all_looks])
        before = {scene: {look: seen[look] for look in all_looks} for scene, all_looks in looks.items()}
        plays = {scene: make(scene, each, zones, book) for scene, each in before.items()}
        if look_first:
            look_first(pool, program, [trial for each in plays.values() for trial in each.singles()], book)
        driver.run(plays)


def check_printed(pool, program, trials, book):
    for said in pool.map(lambda trial: misprints(program, trial), trials):
        book.wrong += said


def check_page(docs, path, book):
    """The table of docs is what was proven, and at most every tenth finding with zone lines is without proof."""
    old = path.read_text(encoding='utf-8') if path.exists() else ''
    table = findings(docs)
    text, unproven = page(table, old, book.lines, book.servers)
    if os.environ.get('DANEWATCH_UPDATE_GOLDEN'):
        path.write_text(text, encoding='utf-8')
    elif text != old:
        rows = [line for line in text.splitlines() if line not in old.splitlines()]
        book.wrong.append('\n    '.join([f'{path} is stale: DANEWATCH_UPDATE_GOLDEN=1 ctest -R advice; now it would say', *rows]))
    if len(unproven) * 10 > len(book.lines) + len(unproven):
        book.wrong.append(f'no scene proves the zone lines of: {", ".join(unproven)}')


def main():
    if not shutil.which('posttls-finger'):
        print('advice.py: posttls-finger is not installed')
        return 3
    program, docs, path = sys.argv[1:]
    book = Book()
    played(program, book, Play, check_printed)
    check_page(docs, Path(path), book)
    for sentence in book.wrong:
        print(sentence)
    print(f'{book.trials} remedies carried out, {len(book.wrong)} wrong')
    return 1 if book.wrong else 0


if __name__ == '__main__':
    sys.exit(main())
