"""One life of `beacon serve`, and what its clients do."""

import signal
import socket
import subprocess
import sys
import threading


class Refused(Exception):
    """A reply that is ERR."""


class Server:
    """A server on any free port of the loopback, at the latest until the end of a `with`."""

    def __init__(self, beacon, data, *options):
        command = [beacon, "serve", "--data", data, "--listen", "127.0.0.1:0", "--rows", "100000000", *options]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        line = self.process.stderr.readline()
        if " on 127.0.0.1:" not in line:
            self.process.kill()
            sys.exit(f"the server did not start: {line}{self.process.stderr.read()}")
        self.port = int(line.rsplit(":", 1)[1])
        # Read as it is written: a server whose pipe is full would wait.
        self.said = []
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        with self.process.stderr as messages:
            self.said += messages

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def kill(self):
        """Kills it, in the middle of what it does; it must have lived until then."""
        self.end(signal.SIGKILL, -signal.SIGKILL)

    def stop(self):
        """Asks it to end, which must go well."""
        self.end(signal.SIGTERM, 0)

    def end(self, with_signal, expected):
        self.process.send_signal(with_signal)
        status = self.process.wait()
        self.listener.join(timeout=1)
        if status != expected:
            sys.exit(f"the server ended with {status}, not {expected}: {''.join(self.said)}")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=60)

    def rows(self, request, audience="all"):
        """The rows of a reply, as lists of texts."""
        with self.connect() as connection:
            stream = connection.makefile("rwb")
            stream.write(f"SET audience = {audience}\n{request}\n".encode())
            stream.flush()
            stream.readline()
            status = stream.readline().decode()
            if not status.startswith("OK "):
                raise Refused(f"{request}: {status.strip()}")
            count = int(status.split()[1])
            lines = [stream.readline().decode().rstrip("\n").split("\t") for _ in range(count + 1)]
            return lines[1:]

    def number(self, query):
        """The first cell of the first row."""
        return int(self.rows(query)[0][0])

    def status(self):
        return dict(self.rows("STATUS"))

    def ingest(self, source_format, lines):
        """Sends one block; returns the counts of the reply."""
        with self.connect() as connection:
            stream = connection.makefile("rwb")
            stream.write(f"INGEST {source_format}\n{lines}.\n".encode())
            stream.flush()
            status = stream.readline().decode()
            if not status.startswith("OK "):
                raise Refused(status.strip())
            stream.readline()
            return stream.readline().decode().split()


def hit(number, campaign):
    """A line of an access log: recipient `r<number>` opened."""
    request = f"GET /o?c={campaign}&r=r{number} HTTP/1.1"
    return f'192.0.2.1 - - [14/Mar/2026:09:12:01 +0000] "{request}" 200 43 "-" "Mail"\n'


def read_back(server, campaign):
    """How often each recipient of a campaign opened, by the recipient's number."""
    query = f"SELECT recipient, opens FROM events WHERE campaign = '{campaign}' GROUP BY recipient"
    return {int(recipient[1:]): int(opens) for recipient, opens in server.rows(query)}
