"""photodrop as it was installed in the machine, seen by who runs it and by who uses it."""

import contextlib
import hashlib
import json
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

FOLDER = pathlib.Path(__file__).resolve().parent
CHECKOUT = FOLDER.parents[1]
HOST = "photos.example"
URL = f"https://{HOST}/api/photos"
CA_CERT = "/etc/photodrop/tls/ca.pem"
SETTINGS = "/etc/photodrop/photodrop.env"
STORE = "/srv/s3"
SOCKETS = ("photodrop.socket", "photodrop-upload.socket", "photodrop-thumbnail.socket")
WORKERS = 8 + 40 + 1  # of the three pools, by default
CLIENTS = 12
PHOTO = (CHECKOUT / "tests" / "data" / "images" / "baseline.jpg").read_bytes()


def sha256(content):
    return hashlib.sha256(content).hexdigest()


class Service:
    def __init__(self, machine):
        self.machine = machine
        self.run = machine.run
        self.token = None

    # What it takes besides the package.

    def install(self, package):
        """Returns what apt has printed."""
        shutil.copy(package, self.machine.path("/root"))
        return self.run("apt", "install", "-y", f"/root/{package.name}").stdout

    def start_store(self):
        """A store for the machine, by the scripts of the checkout, with a bucket in it."""
        shutil.copytree(CHECKOUT / "scripts", self.machine.path("/opt/scripts"), dirs_exist_ok=True)
        self.run("/opt/scripts/local-s3", "start", STORE, "9000")
        self.run("/opt/scripts/local-s3", "make-bucket", STORE, "photos")

    def keys(self):
        """The store's access key and secret key."""
        lines = shlex.split(self.machine.path(f"{STORE}/credentials").read_text())
        given = dict(line.split("=", 1) for line in lines)
        return given["AWS_ACCESS_KEY"], given["AWS_SECRET_KEY"]

    # Who runs it.

    def setup(self, *options, secret="", check=True):
        return self.run("photodrop", "setup", *options, input=secret, check=check)

    def take_token(self, printed):
        """The one that the first setup has shown; uploads carry it from now on."""
        self.token = re.search(r"^The first token, .*: (pd_\S+)$", printed, re.MULTILINE)[1]

    def settings(self):
        """The lines of the settings that set something."""
        lines = self.machine.path(SETTINGS).read_text().splitlines()
        return [line for line in lines if line and not line.startswith("#")]

    def state(self, unit="photodrop.service"):
        return self.run("systemctl", "is-active", unit, check=False).stdout.strip()

    def pids(self):
        """The supervisor, and its workers."""
        show = ("systemctl", "show", "--property=MainPID", "--value", "photodrop.service")
        supervisor = self.run(*show).stdout.strip()
        return supervisor, self.run("pgrep", "-P", supervisor, check=False).stdout.split()

    def has_new_workers(self, supervisor, before):
        """The same supervisor has as many workers as it should, and none of those before."""
        now, workers = self.pids()
        return now == supervisor and len(workers) >= WORKERS and not set(workers) & set(before)

    def edit_settings(self, line):
        """As an administrator does by hand."""
        name = line.split("=")[0]
        self.run("sed", "-i", f"/^{name}=/d", SETTINGS)
        self.run("tee", "--append", SETTINGS, input=f"{line}\n")

    def on_terminal(self, terminal, *words):
        """Runs a command whose input is that terminal, an open file."""
        command = self.machine.inside(*words)
        return subprocess.run(
            command, stdin=terminal, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )

    def journal(self):
        return self.run("journalctl", "--unit=photodrop.service", "--output=cat").stdout

    # Who uses it.

    def curl(self, *options, check=True):
        """curl in the machine, for which the host's name is the machine's own."""
        resolve = [word for port in (80, 443) for word in ("--resolve", f"{HOST}:{port}:127.0.0.1")]
        return self.run("curl", "-sS", "--cacert", CA_CERT, *resolve, *options, check=check).stdout

    def upload(self, content=PHOTO):
        self.machine.path("/root/photo.jpg").write_bytes(content)
        bearer = f"Authorization: Bearer {self.token}"
        return json.loads(self.curl("-H", bearer, "-F", "photo=@/root/photo.jpg", URL))

    def photos(self):
        """Every photo in the list, page by page, by its id."""
        photos, page = {}, [None]
        while page:
            last = max(photos, default=0)
            page = json.loads(self.curl(f"{URL}?after={last}"))
            photos |= {photo["id"]: photo for photo in page}
        return photos

    def status(self, *options):
        return self.curl("-o", "/dev/null", "-w", "%{http_code}", *options)

    def stored_sha256(self, photo):
        """Of the bytes that its URL gives."""
        self.curl("-f", "-o", "/root/seen", photo["photo_url"])
        return sha256(self.machine.path("/root/seen").read_bytes())

    @contextlib.contextmanager
    def silent_listener(self, port):
        """Another program has that port of the machine, and answers nobody."""
        listen = f"import socket; s = socket.create_server(('', {port})); print(); input(); s.close()"
        process = subprocess.Popen(
            self.machine.in_network(sys.executable, "-c", listen),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            assert process.stdout.readline() == b"\n"
            yield
        finally:
            process.communicate(b"\n", timeout=30)

    @contextlib.contextmanager
    def load(self):
        """CLIENTS upload and list meanwhile; what they were told is in the dict when it ends."""
        words = (self.machine.path(CA_CERT), HOST, self.token, CLIENTS)
        process = subprocess.Popen(
            self.machine.in_network(sys.executable, FOLDER / "clients.py", *words),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        told = {}
        try:
            yield told
            told.update(json.loads(process.communicate(timeout=120)[0]))
        finally:
            process.kill()
            process.wait()
