"""What `danewatch serve` remembers, on loopback: files it must not touch, files that go away, disks that are full.

Nobody answers, so every run could not look: that is remembered too, and written at every run.
"""

import os
import re
import resource
import signal
import sqlite3
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import Served  # noqa: E402


# Root may write whatever a file's mode says.
WITHOUT_PRIVILEGES = ('setpriv', '--bounding-set=-dac_override,-dac_read_search', '--inh-caps=-all') if os.geteuid() == 0 else ()


def config(file, targets='example.org'):
    return f'targets: [{targets}]\ndefaults: {{interval: 1s}}\nhistory: {{file: {file}}}\n'


def is_up(server):
    return server.metric('danewatch_history_up ') == 1


class History(unittest.TestCase):
    def setUp(self):
        self.directory = tempfile.TemporaryDirectory()
        self.addCleanup(self.directory.cleanup)
        self.file = Path(self.directory.name) / 'history.db'

    def kept(self):
        """What is in the file, once nobody has it open."""
        connection = sqlite3.connect(self.file)
        try:
            self.assertEqual(connection.execute('PRAGMA integrity_check').fetchone(), ('ok',))
            return [name for name, in connection.execute('SELECT name FROM target ORDER BY name')]
        finally:
            connection.close()

    def assert_goes_on(self, server):
        self.assertEqual(server.status('/metrics'), 200)
        runs = server.metric('danewatch_probes_total{verdict="unknown"}')
        server.until(lambda: server.metric('danewatch_probes_total{verdict="unknown"}') > runs)

    def test_without_a_history_there_are_no_series_of_it(self):
        with Served('targets: [example.org]\n') as server:
            self.assertNotIn('danewatch_history', server.text('/metrics'))
            self.assertNotIn('dane_events_total', server.text('/metrics'))

    def test_what_was_seen_is_in_the_file(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            self.assertEqual(server.metric('dane_events_total{code="removed-too-early"}'), 0)
            self.assert_goes_on(server)
            self.assertEqual(server.stop()[0], 0)
        self.assertEqual(self.kept(), ['example.org'])

    def refused(self, words, **how):
        with Served(config(self.file), **how) as server:
            server.wait_for_log(b'the history is not kept, all else goes on: .*' + words)
            self.assertFalse(is_up(server))
            self.assertGreater(server.metric('danewatch_history_write_errors_total '), 0)
            self.assert_goes_on(server)

    def test_a_directory_is_refused(self):
        self.file.mkdir()
        self.refused(b'is a directory')

    def test_a_file_that_is_not_ours_stays_as_it_is(self):
        self.file.write_text('my notes\n')
        self.refused(b'is not an SQLite database')
        self.assertEqual(self.file.read_text(), 'my notes\n')

    def test_the_database_of_another_program_stays_as_it_is(self):
        connection = sqlite3.connect(self.file)
        connection.execute('CREATE TABLE mail (id INTEGER)')
        connection.close()
        before = self.file.read_bytes()
        self.refused(b'is a database of another program')
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_damaged_file_stays_as_it_is(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            self.assert_goes_on(server)
            server.stop()
        damaged = bytearray(self.file.read_bytes())
        damaged[4096] ^= 0x40
        self.file.write_bytes(damaged)
        self.refused(b'is damaged')
        self.assertEqual(self.file.read_bytes(), damaged)

    def test_a_file_that_may_not_be_written_stays_as_it_is(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            self.assert_goes_on(server)
            server.stop()
        before = self.file.read_bytes()
        self.file.chmod(0o400)
        self.refused(b'may not be written', before=WITHOUT_PRIVILEGES)
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_folder_of_another_is_no_place_for_it(self):
        Path(self.directory.name).chmod(0o500)
        self.addCleanup(Path(self.directory.name).chmod, 0o700)
        self.refused(b'history.db: ', before=WITHOUT_PRIVILEGES)
        self.assertFalse(self.file.exists())

    def test_a_newer_file_stays_as_it_is(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            server.stop()
        connection = sqlite3.connect(self.file)
        connection.execute('PRAGMA user_version = 99')
        connection.close()
        before = self.file.read_bytes()
        self.refused(b'was written by a newer danewatch')
        self.assertEqual(self.file.read_bytes(), before)

    def test_a_second_one_waits_for_the_first(self):
        with Served(config(self.file)) as first:
            first.until(lambda: is_up(first))
            with Served(config(self.file, 'example.net')) as second:
                second.wait_for_log(b'another program has it open')
                self.assertFalse(is_up(second))
                self.assert_goes_on(second)
                first.stop()
                second.wait_for_log(b'the history is kept again')
                self.assertTrue(is_up(second))
                self.assert_goes_on(second)
                second.stop()
        self.assertEqual(self.kept(), ['example.net', 'example.org'])

    def test_a_file_that_is_deleted_is_written_anew(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            self.assert_goes_on(server)
            self.file.unlink()
            server.wait_for_log(b'was deleted or replaced while it was open')
            server.wait_for_log(b'the history is kept again')
            self.assert_goes_on(server)
            server.stop()
        self.assertEqual(self.kept(), ['example.org'])

    def test_a_file_that_is_replaced_by_anothers_is_left_alone(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            self.assert_goes_on(server)
            other = self.file.with_name('other')
            other.write_text('my notes\n')
            other.rename(self.file)
            server.wait_for_log(b'is not an SQLite database')
            self.assert_goes_on(server)
        self.assertEqual(self.file.read_text(), 'my notes\n')

    def test_a_full_disk_stops_nothing_and_is_made_up_for(self):
        def ignore():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

        with Served(config(self.file), preexec_fn=ignore) as server:
            server.until(lambda: is_up(server))
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
            server.until(lambda: not is_up(server))
            self.assert_goes_on(server)
            resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            server.wait_for_log(b'the history is kept again')
            self.assert_goes_on(server)
            server.stop()
        self.assertEqual(self.kept(), ['example.org'])

    def test_events_and_histories_are_asked_for(self):
        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server))
            self.assertEqual(server.ask('/api/v1/events')[::2], (200, b''))
            self.assertEqual(server.status('/api/v1/events?since=soon'), 400)
            self.assertEqual(server.status('/api/v1/events?until=1d'), 400)
            self.assert_goes_on(server)
            self.assertIn('"schema":"danewatch.history/1"', server.text('/api/v1/history/example.org'))
            self.assertEqual(server.status('/api/v1/history/example.net'), 404)
        with Served('targets: [example.org]\n') as server:
            self.assertEqual(server.status('/api/v1/events'), 404)
            self.assertEqual(server.status('/api/v1/history/example.org'), 404)

    def test_recent_runs_are_there_after_a_kill(self):
        def runs(server):
            words = re.search(r'Last (\d+) runs', server.text('/targets/example.org'))
            return int(words[1]) if words else 0

        with Served(config(self.file)) as server:
            server.until(lambda: is_up(server) and runs(server) > 3)
            server.process.kill()
            server.process.wait()
        connection = sqlite3.connect(self.file)
        kept = connection.execute('SELECT runs FROM target').fetchone()[0].count(';')
        connection.close()
        self.assertGreaterEqual(kept, 2)
        with Served(config(self.file).replace('1s', '1h')) as server:
            server.until(lambda: runs(server) > kept)
            self.assertIn('Time line', server.text('/targets/example.org'))

    def test_the_overview_is_searched_and_what_changed_has_a_page(self):
        with Served(config(self.file, 'example.org, example.net')) as server:
            server.until(lambda: is_up(server))
            found = server.text('/?q=.NET&state=unknown')
            self.assertIn('/targets/example.net', found)
            self.assertNotIn('/targets/example.org', found)
            self.assertIn('What changed in the last 7 days', server.text('/'))
            self.assertIn('Nothing.', server.text('/changes'))
            for wrong in ('/?state=sad', '/?page=0', '/?page=x'):
                self.assertEqual(server.status(wrong), 400)
            self.assertEqual(server.status('/?utm_source=mail&page=99'), 200)
        with Served('targets: [example.org]\n') as server:
            self.assertNotIn('What changed', server.text('/'))
            self.assertEqual(server.status('/changes'), 404)

    def test_another_history_takes_a_restart(self):
        with Served(config(self.file)) as server:
            server.configure(config(self.file.with_name('other.db')))
            self.assertEqual(server.status('/-/reload', method='POST'), 500)
            server.wait_for_log(b'history: is another than before; that takes a restart')
            server.configure(config(self.file, 'example.net'))
            self.assertEqual(server.status('/-/reload', method='POST'), 200)


if __name__ == '__main__':
    unittest.main()
