#!/usr/bin/env python3
"""What a pod that cannot serve says of itself: each cause is named in one line of the log and at /ready, the process stays
alive, and serves by itself when the cause is gone. On the server of COUNTERSIGN_TEST_DATABASE, with partner-service."""
import json
import os
import pathlib
import random
import re
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.parse
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parent.parent
BIN = pathlib.Path(os.environ.get("COUNTERSIGN_BIN", ROOT / "build/release/bin")) / "partner-service"
SERVER = urllib.parse.urlsplit(os.environ.get("COUNTERSIGN_TEST_DATABASE", ""))
PATIENCE_SECONDS = 60


def bind_port():
    """A socket on a loopback port below those that the kernel gives to clients, which could take it before the server does."""
    while True:
        bound = socket.socket()
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            bound.bind(("127.0.0.1", random.randrange(10000, 20000)))
            return bound
        except OSError:
            bound.close()


def free_port():
    with bind_port() as bound:
        return bound.getsockname()[1]


def sql(statement, schema=""):
    subprocess.run(["mariadb", "--protocol=tcp", "-h", SERVER.hostname, "-P", str(SERVER.port), "-u", SERVER.username,
                    "-e", statement, schema], check=True, env=os.environ | {"MYSQL_PWD": SERVER.password or ""})


class Forwarder:
    """A database server that appears: a port that refuses connections, and leads to the real one from `open` on. `passes`
    is asked before each request of a client whether it goes on to the server; where it does not, the connection ends."""

    def __init__(self, passes=lambda: True):
        self.listener = bind_port()
        self.port = self.listener.getsockname()[1]
        self.passes = passes

    def open(self):
        self.listener.listen()
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def _accept(self, listener):
        while True:
            client, _ = listener.accept()
            server = socket.create_connection((SERVER.hostname, SERVER.port))
            for source, sink, passes in ((client, server, self.passes), (server, client, lambda: True)):
                threading.Thread(target=self._copy, args=(source, sink, passes), daemon=True).start()

    @staticmethod
    def _copy(source, sink, passes):
        try:
            while (data := source.recv(65536)) and passes():
                sink.sendall(data)
        except OSError:
            pass
        for end in (source, sink):
            try:
                end.shutdown(socket.SHUT_RDWR)  # Also for the thread that reads the other way.
            except OSError:
                pass
            end.close()


class UnreadyTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.name = f"unready_{secrets.token_hex(4)}"
        self.health = free_port()
        self.process = None
        subprocess.run(["scripts/certs", "var/certs"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        for key in ("reply", "data"):
            (self.folder / key).write_text(f"k1:{secrets.token_hex(32)}\n")
        for user in ("password", "migration"):
            (self.folder / user).write_text(secrets.token_hex(16) + "\n")
        self.flags = {
            "listen": f"127.0.0.1:{free_port()}", "health_listen": f"127.0.0.1:{self.health}",
            "tls_cert_file": ROOT / "var/certs/partner-service.pem", "tls_key_file": ROOT / "var/certs/partner-service.key",
            "tls_ca_file": ROOT / "var/certs/ca.pem", "reply_key_file": self.folder / "reply",
            "data_key_file": self.folder / "data", "order_service": "127.0.0.1:1",
            "database": self.url(SERVER.port), "database_password_file": self.folder / "password"}

    def url(self, port):
        return f"mysql://{self.name}@127.0.0.1:{port}/{self.name}"

    def tearDown(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
        sql(f"DROP DATABASE IF EXISTS {self.name}; DROP USER IF EXISTS {self.name}, {self.name}_m")

    def provision(self):
        migrate = self.flags | {
            "database": self.url(SERVER.port), "provision": os.environ["COUNTERSIGN_TEST_DATABASE"],
            "migrate": f"mysql://{self.name}_m@127.0.0.1:{SERVER.port}", "migration_password_file": self.folder / "migration"}
        subprocess.run([BIN, *(f"--{k}={v}" for k, v in migrate.items())], check=True, capture_output=True)

    def start(self, **changes):
        flags = self.flags | changes
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([BIN, *(f"--{k}={v}" for k, v in flags.items())], stderr=log,
                                            stdout=subprocess.DEVNULL)

    def get(self, path):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.health}{path}", timeout=5) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def wait_for(self, status, text):
        end = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < end:
            self.assertIsNone(self.process.poll(), "the process ended")
            seen = self.get("/ready")
            if seen[0] == status and text in seen[1]:
                return
            time.sleep(0.1)
        self.fail(f"/ready never said {status} {text}, but {seen}")

    def expect_patience(self, text, message="not serving|cannot serve"):
        """Says `text` where a pod's readers look, once in the log, and stays alive."""
        self.wait_for(503, text)
        time.sleep(2.5)  # Several tries.
        self.assertEqual(self.get("/live"), (200, "alive\n"))
        lines = [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]
        said = [line for line in lines if text in json.dumps(line) and re.match(message, line["message"])]
        self.assertEqual(len(said), 1, lines)

    def expect(self, text, put_right):
        """Waits, and serves when `put_right` has been called."""
        self.expect_patience(text)
        put_right()
        self.wait_for(200, "ready")
        self.process.terminate()
        self.assertEqual(self.process.wait(30), 0)

    def test_a_password_file_is_missing(self):
        self.provision()
        path = self.folder / "password"
        password = path.read_text()
        path.unlink()
        self.start()
        self.expect("password", lambda: path.write_text(password))

    def test_a_key_file_is_missing(self):
        self.provision()
        path = self.folder / "data"
        keys = path.read_text()
        path.unlink()
        self.start()
        self.expect(str(path), lambda: path.write_text(keys))

    def test_a_certificate_is_missing(self):
        self.provision()
        path = self.folder / "certificate"
        self.start(tls_cert_file=path)
        self.expect(str(path), lambda: path.write_text((ROOT / "var/certs/partner-service.pem").read_text()))

    def test_the_password_is_wrong(self):
        self.provision()
        path = self.folder / "password"
        password = path.read_text()
        path.write_text("wrong\n")
        self.start()
        self.expect("the user or the password is wrong", lambda: path.write_text(password))

    def test_the_database_is_not_there_yet(self):
        self.provision()
        forwarder = Forwarder()
        self.start(database=self.url(forwarder.port))
        self.expect("cannot be reached", forwarder.open)

    def test_a_sandboxs_database_is_not_there_yet(self):
        self.provision()
        forwarder = Forwarder()
        self.start(database=self.url(forwarder.port), clock="sandbox", business_clock_offset_seconds=86400)
        self.expect("cannot be reached", forwarder.open)

    def test_a_migration_waits_for_its_database(self):
        forwarder = Forwarder()
        self.start(provision=os.environ["COUNTERSIGN_TEST_DATABASE"], migration_password_file=self.folder / "migration",
                   migrate=f"mysql://{self.name}_m@127.0.0.1:{forwarder.port}")
        self.expect_patience("cannot be reached", "cannot migrate")
        forwarder.open()
        self.assertEqual(self.process.wait(PATIENCE_SECONDS), 0)

    def test_a_migration_waits_for_its_password(self):
        self.provision()
        path = self.folder / "migration"
        password = path.read_text()
        path.write_text("wrong\n")
        self.start(migrate=f"mysql://{self.name}_m@127.0.0.1:{SERVER.port}", migration_password_file=path)
        self.expect_patience("the user or the password is wrong", "cannot migrate")
        path.write_text(password)
        self.assertEqual(self.process.wait(PATIENCE_SECONDS), 0)

    def test_a_migration_that_was_killed_anywhere_is_finished_by_the_next(self):
        requests = 0
        kill_at = (0, False)  # At which request of the migrator, and whether the server still gets it.

        def passes():
            nonlocal requests
            requests += 1
            if requests != kill_at[0]:
                return True
            self.process.kill()
            return kill_at[1]

        def migrate():
            nonlocal requests
            requests = 0
            forwarder = Forwarder(passes)
            forwarder.open()
            self.start(provision=os.environ["COUNTERSIGN_TEST_DATABASE"], migration_password_file=self.folder / "migration",
                       migrate=f"mysql://{self.name}_m@127.0.0.1:{forwarder.port}")
            return self.process.wait(PATIENCE_SECONDS)

        self.assertEqual(migrate(), 0)
        whole, parts = requests, 6
        self.assertGreater(whole, 10 * parts)
        for part in range(1, parts):
            with self.subTest(part=part):
                sql(f"DROP DATABASE {self.name}")
                kill_at = (whole * part // parts, part % 2 == 0)
                self.assertEqual(migrate(), -signal.SIGKILL, (self.folder / "log").read_text())
                kill_at = (0, False)
                self.assertEqual(migrate(), 0, (self.folder / "log").read_text())
                self.start()
                self.wait_for(200, "ready")
                self.process.kill()
                self.process.wait()

    def test_the_schema_is_older_than_the_program(self):
        self.provision()
        last = "(SELECT name FROM (SELECT MAX(name) AS name FROM schema_migrations WHERE component = 'partner') AS l)"
        sql("CREATE TABLE kept AS SELECT * FROM schema_migrations; "
            f"DELETE FROM schema_migrations WHERE component = 'partner' AND name = {last}", self.name)
        self.start()
        self.expect("MIGRATION_PENDING", lambda: sql("INSERT IGNORE INTO schema_migrations SELECT * FROM kept", self.name))

    def test_the_schema_has_a_migration_that_the_program_does_not_know(self):
        self.provision()
        sql("INSERT INTO schema_migrations VALUES ('partner', '0000_unknown.sql', REPEAT('x', 32), UTC_TIMESTAMP())", self.name)
        self.start()
        self.expect("MIGRATION_MISSING", lambda: sql("DELETE FROM schema_migrations WHERE name = '0000_unknown.sql'", self.name))

    def test_a_schema_that_is_ahead_is_served(self):
        self.provision()
        sql("INSERT INTO schema_migrations VALUES ('partner', '9999_later.sql', REPEAT('x', 32), UTC_TIMESTAMP())", self.name)
        self.start()
        self.wait_for(200, "ready")

    def test_an_unknown_key_ends_the_process_and_is_named(self):
        (self.folder / "flags").write_text("--drain_secs=5\n")
        ended = subprocess.run([BIN, f"--flagfile={self.folder}/flags"], capture_output=True, text=True, timeout=30)
        self.assertNotEqual(ended.returncode, 0)
        self.assertRegex(ended.stderr, re.compile(r"^.*drain_secs.*$", re.MULTILINE))
        self.assertEqual(len(ended.stderr.strip().splitlines()), 1, ended.stderr)
        # Kubernetes starts it again with what the config map has then.
        self.provision()
        (self.folder / "flags").write_text("--drain_seconds=0\n")
        self.start(flagfile=self.folder / "flags")
        self.wait_for(200, "ready")


if __name__ == "__main__":
    if not SERVER.hostname or not BIN.exists():
        print("skipped: COUNTERSIGN_TEST_DATABASE is not set, or partner-service is not built")
        sys.exit(77)
    unittest.main()
