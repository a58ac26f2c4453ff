#!/usr/bin/python3
"""survey.py DANEWATCH, inside the lab's bulk world (danewatch-lab --bulk N --providers P): `danewatch survey` from outside."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

DANEWATCH = os.environ['DANEWATCH']
ROUTES = ('-4', 'local', '45.64.0.0/12'), ('-6', 'local', '2a0e:b000::/32')
NAMES = Path(os.environ['DANEWATCH_LAB_TARGETS']).read_text().split()


def command(names, out, *options):
    return [DANEWATCH, 'survey', '--in', str(names), '--out', str(out), *options]


def unpacked(path):
    return subprocess.run(['zstd', '-dcq', str(path)], capture_output=True, check=True).stdout.decode()


def results(out):
    return [json.loads(line) for path in sorted(Path(out).glob('*.ndjson.zst')) for line in unpacked(path).splitlines()]


def conclusion(result):
    return result['verdict'] + ('/' + result['reason'] if result['reason'] else '')


class SurveyCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name)
        self.out = self.path / 'out'

    def tearDown(self):
        self.folder.cleanup()

    def names(self, names, name='names'):
        path = self.path / name
        path.write_text(''.join(f'{each}\n' for each in names))
        return path

    def survey(self, names, *options, status=0, out=None):
        done = subprocess.run(command(names, out or self.out, *options), capture_output=True, text=True, timeout=250)
        self.assertEqual(done.returncode, status, done.stderr + done.stdout)
        return done


class Whole(SurveyCase):
    """A survey from its names to its summary."""

    def test_each_domain_exactly_once_and_one_look_per_server(self):
        self.survey(self.names(NAMES + NAMES[:100]))
        seen = results(self.out)
        self.assertEqual(sorted(each['domain'] for each in seen), sorted(NAMES))
        self.assertEqual(Counter(map(conclusion, seen)), {'authenticated': len(NAMES)})
        self.assertTrue(all(each['algorithms'] for each in seen), 'the zones are signed')
        self.assertFalse((self.out / 'names').exists())
        done = subprocess.run([DANEWATCH, 'survey', 'summary', '--json', self.out], capture_output=True, text=True, check=True)
        summary = json.loads(done.stdout)
        self.assertEqual(summary['domains'], len(NAMES))
        self.assertEqual(summary['verdicts'], {'authenticated': len(NAMES)})
        self.assertIn('p1.lab', [each['provider'] for each in summary['providers']])

    def test_two_shards_are_the_whole(self):
        names = self.names(NAMES[:400])
        for shard in ('1/2', '2/2'):
            self.survey(names, '--shard', shard, out=self.path / shard[0])
        one, two = ({each['domain'] for each in results(self.path / shard)} for shard in '12')
        self.assertFalse(one & two)
        self.assertEqual(one | two, set(NAMES[:400]))
        self.assertGreater(min(len(one), len(two)), 100)

    def test_junk_is_one_line_each(self):
        junk = ['exa mple.org', 'a..b', 'example.org:25', 'https://example.org', '192.0.2.1', '\x01\x02', '"', '-', 'x' * 5000]
        self.survey(self.names([*NAMES[:20], *junk, '', '# comment']))
        seen = results(self.out)
        self.assertEqual(len(seen), 20 + len(junk))
        bad = {each['domain']: each['why'] for each in seen if conclusion(each) == 'unknown/bad-target'}
        self.assertEqual(set(bad), {each[:300] for each in junk})
        self.assertTrue(all(bad.values()))

    def test_packed_names(self):
        names = self.names(NAMES[:50])
        for tool, ending in (('gzip', 'gz'), ('zstd', 'zst')):
            packed = self.path / f'names.{ending}'
            packed.write_bytes(subprocess.run([tool, '-c', str(names)], capture_output=True, check=True).stdout)
            out = self.path / ending
            self.survey(packed, out=out)
            self.assertEqual(len(results(out)), 50)

    def test_a_report_may_be_kept(self):
        self.survey(self.names(NAMES[:5]), '--keep', 'report')
        for each in results(self.out):
            self.assertEqual(each['report']['schema'], 'danewatch.report/1')
            self.assertEqual(each['report']['verdict'], each['verdict'])


    def test_evidence_may_be_kept_and_judged_again(self):
        self.survey(self.names(NAMES[:5]), '--keep', 'evidence')
        kept = self.path / 'evidence'
        kept.write_text(''.join(json.dumps(each['evidence']) + '\n' for each in results(self.out)))
        done = subprocess.run([DANEWATCH, 'judge', '--json', str(kept)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        judged = [json.loads(line) for line in done.stdout.splitlines()]
        self.assertEqual([each['verdict'] for each in judged], ['authenticated'] * 5)


class Refused(SurveyCase):
    """What makes no sense is said before anything is looked at."""

    def test_the_directory_of_another_survey(self):
        self.survey(self.names(NAMES[:10]))
        for names, options, why in ((NAMES[:11], [], 'other names'), (NAMES[:10], ['--shard', '1/2'], 'shard 1/1'),
                                    (NAMES[:10], ['--keep', 'report'], '--keep verdict')):
            done = self.survey(self.names(names), *options, status=64)
            self.assertIn(why, done.stderr)
        self.assertEqual(len(results(self.out)), 10)

    def test_input(self):
        self.assertIn('holds no name', self.survey(self.names([]), status=64).stderr)
        self.assertIn('No such file', self.survey(self.path / 'none', status=64).stderr)
        self.assertIn('shards', self.survey(self.names(NAMES[:3]), '--shard', '0/0', status=64).stderr)
        leave_alone = self.names(['exa mple'], 'leave-alone')
        self.assertIn('line 1', self.survey(self.names(NAMES[:3]), '--opt-out', leave_alone, status=64).stderr)


class Manners(SurveyCase):
    def test_who_opted_out_is_left_alone(self):
        leave_alone = self.names([NAMES[0], 'p2.lab', '45.80.0.0/16'], 'leave-alone')
        self.survey(self.names(NAMES), '--opt-out', leave_alone)
        seen = {each['domain']: each for each in results(self.out)}
        self.assertEqual(conclusion(seen[NAMES[0]]), 'unknown/refused-by-policy')
        self.assertEqual(seen[NAMES[0]]['hosts'], [])
        at_p2 = [each for each in seen.values() if any(host['host'] == 'mx.p2.lab' for host in each['hosts'])]
        self.assertTrue(at_p2)
        for each in at_p2:
            self.assertEqual(conclusion(each), 'unknown/refused-by-policy', each)
            self.assertEqual(each['hosts'][0]['addresses'], [])


class Interrupted(SurveyCase):
    """Whatever ends it, what is there is whole, and the same command goes on."""

    def test_fifty_kills(self):
        names = self.names(NAMES)
        dice = random.Random(18)
        for _ in range(50):
            process = subprocess.Popen(command(names, self.out, '--segment', '8', '--rest', '10ms'), stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE)
            try:
                process.wait(dice.uniform(0.02, 0.6))
                self.assertEqual(process.returncode, 0, process.stderr.read())
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            process.stderr.close()
            seen = [each['domain'] for each in results(self.out)] if self.out.exists() else []
            self.assertEqual(len(seen), len(set(seen)), 'none twice, at any time')
        self.survey(names, '--segment', '8')
        self.assertEqual(sorted(each['domain'] for each in results(self.out)), sorted(NAMES))
        self.assertFalse(list(self.out.glob('*.part')))

    def test_ctrl_c_keeps_what_is_done(self):
        names = self.names(NAMES)
        process = subprocess.Popen(command(names, self.out, '--rate', '100'), stderr=subprocess.PIPE, text=True)
        while not (self.out / 'plan').exists():
            os.sched_yield()
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertIn('the same command goes on', said)
        first = [each['domain'] for each in results(self.out)]
        self.assertGreater(len(first), 20)
        self.assertLess(len(first), len(NAMES))
        self.survey(names)
        self.assertEqual(sorted(each['domain'] for each in results(self.out)), sorted(NAMES))

    def test_a_full_disk(self):
        disk, names = self.path / 'disk', self.names(NAMES)
        disk.mkdir()
        subprocess.run(['mount', '-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', disk], check=True)
        try:
            out, options = disk / 'out', ('--segment', '50', '--keep', 'report')
            process = subprocess.Popen(command(names, out, *options, '--rate', '100'), stderr=subprocess.PIPE, text=True)
            while not (out / 'plan').exists():
                os.sched_yield()
            with self.assertRaises(OSError), open(disk / 'ballast', 'wb', buffering=0) as ballast:
                while ballast.write(bytes(4096)) == 4096:
                    pass
            _, said = process.communicate(timeout=120)
            self.assertEqual(process.returncode, 3, said)
            self.assertIn('No space left on device', said)
            self.assertIn('segments are whole', said)
            self.assertFalse(list(out.glob('*.part')))
            (disk / 'ballast').unlink()
            self.survey(names, *options, out=out)
            self.assertEqual(sorted(each['domain'] for each in results(out)), sorted(NAMES))
        finally:
            subprocess.run(['umount', disk], check=True)


class Overloaded(SurveyCase):
    """Our own limits are never told as the fault of others."""

    def begun(self, names, *options):
        log = open(self.path / 'log', 'w+')
        self.addCleanup(log.close)
        process = subprocess.Popen(command(names, self.out, *options), stdout=subprocess.DEVNULL, stderr=log, text=True)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        while not (self.out / 'plan').exists():
            os.sched_yield()
        return process

    def ended(self, process):
        self.assertEqual(process.wait(240), 0, (self.path / 'log').read_text())
        seen = results(self.out)
        self.assertEqual(sorted(each['domain'] for each in seen), sorted(NAMES))
        return seen

    def test_a_process_that_gets_no_time(self):
        """It runs for a moment, and then stands still for longer than its own time limits; again and again."""
        process, dice = self.begun(self.names(NAMES), '--rest', '10ms'), random.Random(7)
        for _ in range(8):
            self.goes_on(process, dice.uniform(0.02, 0.2))
            process.send_signal(signal.SIGSTOP)
            self.goes_on(process, dice.uniform(5.1, 6))
            process.send_signal(signal.SIGCONT)
        seen = self.ended(process)
        told = Counter(map(conclusion, seen))
        self.assertLessEqual(set(told), {'authenticated', 'unknown/local-limit'}, told)
        self.assertGreater(told['authenticated'], len(NAMES) * 0.9, told)
        for each in seen:
            if conclusion(each) == 'unknown/local-limit':
                self.assertIn('this machine was too slow', each['why'])

    def goes_on(self, process, seconds):
        with self.assertRaises(subprocess.TimeoutExpired):
            process.wait(seconds)

    def route(self, action):
        for family, *route in ROUTES:
            subprocess.run(['ip', family, 'route', action, *route, 'dev', 'lo'], check=True)

    def test_a_network_that_goes_away(self):
        """Nobody answers for a while: the survey waits, and loses nothing."""
        process = self.begun(self.names(NAMES), '--rate', '150', '--rest', '10ms')
        self.goes_on(process, 1)
        self.route('del')
        try:
            self.goes_on(process, 8)
        finally:
            self.route('add')
        told = Counter(map(conclusion, self.ended(process)))
        self.assertEqual(told, {'authenticated': len(NAMES)})
        said = (self.path / 'log').read_text().splitlines()
        waiting = [line for line in said if 'no server out there answers' in line]
        self.assertTrue(waiting, said)
        self.assertNotIn(said[-1], waiting, 'it says that it is over')


if __name__ == '__main__':
    unittest.main(verbosity=2)
