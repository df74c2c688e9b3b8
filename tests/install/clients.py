"""Clients of the machine's site over TLS: a program, for it has to run in the machine's network.

    clients.py CA_CERT HOST TOKEN COUNT

uploads photos, each another one, and lists, until its standard input ends. Then it prints what
became of that as JSON: how often each status was answered, and the id and SHA-256 of each photo that
was accepted. Statuses are those of HTTP; a request without answer counts by the name of its error.
"""

import collections
import hashlib
import http.client
import json
import pathlib
import socket
import ssl
import sys
import threading

SAMPLE = pathlib.Path(__file__).resolve().parents[1] / "data" / "images" / "baseline.jpg"


class Connection(http.client.HTTPSConnection):
    """To the loopback, whatever the host is called."""

    def connect(self):
        plain = socket.create_connection(("127.0.0.1", 443), timeout=90)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)


class Clients:
    def __init__(self, ca_cert, host, token):
        self.tls = ssl.create_default_context(cafile=ca_cert)
        self.host = host
        self.headers = {"Authorization": f"Bearer {token}", "Content-Type": "image/jpeg"}
        self.statuses = collections.Counter()
        self.photos = []
        self.enough = threading.Event()
        self._lock = threading.Lock()

    def go_on(self, name):
        number = 0
        while not self.enough.is_set():
            self.upload(photo(f"{name} {number}"))
            self.ask("GET", "/api/photos?limit=10&order=desc")
            number += 1

    def upload(self, content):
        answer = self.ask("POST", "/api/photos", content)
        if answer is not None:
            with self._lock:
                self.photos.append((answer["id"], hashlib.sha256(content).hexdigest()))

    def ask(self, method, path, body=None):
        """What was answered with 200, else None."""
        connection = Connection(self.host, context=self.tls)
        try:
            connection.request(method, path, body, self.headers if body else {})
            answer = connection.getresponse()
            text = answer.read()
            status = str(answer.status)
        except (OSError, http.client.HTTPException) as error:
            status = type(error).__name__
        finally:
            connection.close()
        with self._lock:
            self.statuses[status] += 1
        return json.loads(text) if status == "200" else None


def photo(text):
    """The sample with the text after its data, before the end mark: decoders pass over it."""
    sample = SAMPLE.read_bytes()
    return sample[:-2] + text.encode() + sample[-2:]


def main(ca_cert, host, token, count):
    clients = Clients(ca_cert, host, token)
    run = socket.gethostname() + str(id(clients))
    names = [f"{run} {number}" for number in range(int(count))]
    threads = [threading.Thread(target=clients.go_on, args=(name,)) for name in names]
    for thread in threads:
        thread.start()
    sys.stdin.read()
    clients.enough.set()
    for thread in threads:
        thread.join()
    print(json.dumps({"statuses": clients.statuses, "photos": clients.photos}))


main(*sys.argv[1:])
