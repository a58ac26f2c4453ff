#!/usr/bin/python3
"""advice.py DANEWATCH, inside a lab of scenes with its resolver: following a remedy never makes anything worse.

Each remedy that danewatch gives for a scene is carried out on the scene's zone, which is signed again; then danewatch and
posttls-finger look again at every target of the scene and at every port of its hosts. First each remedy alone, then, in up to
three rounds, the first of every finding together: after that nothing may be left that the zone alone can mend."""

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from looks import Look, look_at, worse
from zones import Zones

SIDE_BY_SIDE = 6
ROUNDS = 3
OF_A_KIND = 3  # remedies of one finding's code that are tried for one target; sixty left-over records are one case


class Trial(NamedTuple):
    look: Look
    code: str
    number: int  # of the remedy in the report, as --remedy counts
    steps: tuple
    shared: bool  # the operator is told to look at others first


def zone_steps(remedy):
    """The changes up to the first step that is none; what comes before a wait is carried out before it."""
    steps = []
    for step in remedy['steps']:
        if step['do'] == 'wait':
            continue
        if step['do'] not in ('add', 'remove'):
            break
        steps.append((step['do'], step['record']))
    return tuple(steps)


def remedies_of(look, report):
    number = 0
    trials = []
    for finding in report['findings']:
        for remedy in finding['remedies']:
            number += 1
            steps = zone_steps(remedy)
            if steps:
                shared = any(step['shared'] for step in remedy['steps'])
                trials.append(Trial(look, finding['code'], number, steps, shared))
    return trials


def single_trials(seen):
    tried, kinds, chosen = set(), {}, []
    for look, each in seen.items():
        for trial in remedies_of(look, each.report):
            kind = (look.target, trial.code)
            key = (trial.code, frozenset(trial.steps))
            if key in tried or kinds.get(kind, 0) == OF_A_KIND:
                continue
            tried.add(key)
            kinds[kind] = kinds.get(kind, 0) + 1
            chosen.append(trial)
    return chosen


def first_of_each(seen):
    """What an operator does who follows the first remedy of every finding of every plain look."""
    chosen, steps = [], []
    for look in plain(seen):
        codes = set()
        for trial in remedies_of(look, seen[look].report):
            finding = (trial.code, trial.steps[0] if trial.steps[0][0] == 'remove' else trial.steps)
            if trial.shared or finding in codes:
                continue
            codes.add(finding)
            chosen.append(trial)
            steps += [step for step in trial.steps if step not in steps]
    return chosen, steps


class Book:
    """What came of it."""

    def __init__(self):
        self.wrong = []
        self.proven = {}  # code: scenes
        self.trials = 0

    def note(self, trial, sentences):
        self.trials += 1
        if sentences:
            head = f'{trial.look.scene}: danewatch check --remedy {trial.number} {trial.look}: {trial.code}'
            self.wrong.append('\n    '.join([head, *(f'{do} {line}' for do, line in trial.steps), *sentences]))
        else:
            self.proven.setdefault(trial.code, set()).add(trial.look.scene)


def compare(before, after):
    return [f'{look}: {sentence}' for look, now in after.items() for sentence in worse(before[look], now)]


def plain(looks):
    """Those without further words: what others see. `--next` is one operator's plan, and no other's."""
    return [look for look in looks if not look.args]


def play(before, zones, book):
    """One scene: yields (its zones, who looks), and is sent what is seen then."""
    for trial in single_trials(before):
        try:
            state = zones.after(trial.steps, {})
        except ValueError as error:
            book.note(trial, [str(error)])
            continue
        after = yield state, [trial.look] if trial.shared else dict.fromkeys([*plain(before), trial.look])
        book.note(trial, compare(before, after))
    yield from follow_all(before, zones, book)


def follow_all(before, zones, book):
    seen, state = before, {}
    for turn in range(1, ROUNDS + 1):
        trials, steps = first_of_each(seen)
        if not steps:
            return
        state = zones.after(steps, state)
        after = yield state, plain(before)
        said = compare(seen, after)
        if said:
            scene = trials[0].look.scene
            book.wrong.append('\n    '.join([f'{scene}: all together, round {turn}', *(f'{do} {line}' for do, line in steps), *said]))
            return
        seen = after
    for look in plain(seen):
        findings = seen[look].report['findings']
        left = [f for f in findings if f['severity'] in ('warning', 'critical') and any(map(zone_steps, f['remedies']))]
        if left:
            book.wrong.append(f'{look}: after {ROUNDS} rounds there is still {left[0]["code"]}: {left[0]["text"]}')


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


def see(pool, program, looks):
    return dict(zip(looks, pool.map(lambda look: look_at(program, look), looks)))


def turns(pool, program, zones, plays):
    """All scenes side by side: in each turn one state of the zones of every scene that has still something to show."""
    results = {scene: None for scene in plays}
    touched = {scene: set() for scene in plays}
    while plays:
        states, wanted = {}, {}
        for scene in list(plays):
            try:
                state, wanted[scene] = plays[scene].send(results[scene])
            except StopIteration:
                del plays[scene]
                continue
            states |= {origin: zones.first[origin] for origin in touched[scene]} | state
            touched[scene] = set(state)
        if not plays:
            return
        zones.publish(states)
        seen = see(pool, program, [look for looks in wanted.values() for look in looks])
        results = {scene: {look: seen[look] for look in looks} for scene, looks in wanted.items()}


def main():
    program = sys.argv[1]
    zones, book = Zones(), Book()
    looks = looks_of(zones)
    with ThreadPoolExecutor(SIDE_BY_SIDE) as pool:
        before = see(pool, program, [look for all_looks in looks.values() for look in all_looks])
        at_first = {scene: {look: before[look] for look in all_looks} for scene, all_looks in looks.items()}
        plays = {scene: play(seen, zones, book) for scene, seen in at_first.items()}
        turns(pool, program, zones, plays)
    for sentence in book.wrong:
        print(sentence)
    for code, scenes in sorted(book.proven.items()):
        print(f'proven: {code}: {", ".join(sorted(scenes))}')
    print(f'{book.trials} remedies carried out, {len(book.wrong)} wrong')
    return 1 if book.wrong else 0


sys.exit(main())
