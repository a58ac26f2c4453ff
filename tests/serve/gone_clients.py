"""gone_clients.py, inside the lab's scene `good`: clients of `danewatch serve` that go away while their probe runs, as a
Prometheus whose scrape takes too long does. DANEWATCH names the program."""

import random
import signal
import socket
import struct
import sys
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from served import Served  # noqa: E402

REQUEST = b'GET /probe?target=good.lab HTTP/1.1\r\nHost: h\r\n\r\n'
ABORT = struct.pack('ii', 1, 0)  # SO_LINGER: a reset instead of a goodbye
LONGEST = 0.012  # a probe of good.lab takes a few milliseconds


def leave(server, random_source, reset=False):
    """Asks, and goes at some moment of the probe."""
    with server.connect() as client:
        if reset:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, ABORT)
        client.sendall(REQUEST)
        client.settimeout(random_source.uniform(0.0001, LONGEST))
        try:
            client.recv(1)
        except TimeoutError:
            pass


def leave_often(server, seed, times):
    random_source = random.Random(seed)
    for number in range(times):
        leave(server, random_source, reset=number % 2 == 1)


def together(server, clients, times):
    threads = [threading.Thread(target=leave_often, args=(server, seed, times)) for seed in range(clients)]
    for thread in threads:
        thread.start()
    return threads


class GoneClients(unittest.TestCase):
    def assert_whole(self, server):
        """Probes still run, and nothing of those that nobody waits for is left."""
        self.assertIsNone(server.process.poll(), server.log.decode())
        self.assertEqual(server.status('/-/healthy'), 200)
        self.assertIn('\ndane_verdict{verdict="authenticated"} 1\n', server.text('/probe?target=good.lab'))
        server.until(lambda: server.metric('danewatch_probes_in_flight') == 0)

    def test_one_after_the_other(self):
        with Served(dns='') as server:
            leave_often(server, 1, 2000)
            self.assert_whole(server)

    def test_eight_at_a_time(self):
        with Served(dns='') as server:
            for thread in together(server, clients=8, times=250):
                thread.join()
            self.assert_whole(server)

    def test_fifty_connections_at_once(self):
        with Served(dns='') as server:
            for _ in range(20):
                clients = [server.connect() for _ in range(50)]
                for client in clients:
                    client.sendall(REQUEST)
                for client in clients:
                    client.close()
            self.assert_whole(server)

    def test_amid_reloads(self):
        with Served('targets: [good.lab]\ndefaults: {interval: 10s}\n', dns='') as server:
            threads = together(server, clients=4, times=250)
            while any(thread.is_alive() for thread in threads):
                server.signal(signal.SIGHUP)
                self.assertEqual(server.status('/-/reload', method='POST'), 200)
                self.assertIn('Metrics of the probe', server.text('/probe?target=good.lab&debug=true'))
            self.assert_whole(server)

    def test_amid_the_end(self):
        for seed in range(10):
            with Served('targets: [good.lab]\n', dns='') as server:
                clients = [server.connect() for _ in range(20)]
                for client in clients:
                    client.sendall(REQUEST)
                random_source = random.Random(seed)
                leave(server, random_source, reset=True)
                for client in random_source.sample(clients, 10):
                    client.close()
                status, _ = server.stop()
                self.assertEqual(status, 0)
                for client in clients:
                    client.close()


if __name__ == '__main__':
    unittest.main()
