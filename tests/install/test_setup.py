"""`photodrop setup`: what it writes, what it refuses, and that it can be run again."""

import os
import pty
import subprocess

from machine import wait_until
from service import HOST, PHOTO, SETTINGS, SOCKETS, URL, sha256

CERTBOT = "/usr/local/bin/certbot"
CHALLENGES = ".well-known/acme-challenge"
SITE = "/etc/nginx/photodrop/photodrop.conf"
LINK = "/etc/nginx/sites-enabled/photodrop"
CONFIGURED = "/etc/photodrop/configured"
TIMER = "photodrop-reap.timer"
SECRETS = "/etc/photodrop/secrets"


def test_after_it_a_photo_can_be_uploaded_listed_and_viewed_over_tls(service):
    photo = service.upload()
    assert (photo["size"], photo["sha256"]) == (len(PHOTO), sha256(PHOTO))
    assert service.photos()[photo["id"]]["filename"] == "photo.jpg"
    assert service.stored_sha256(photo) == sha256(PHOTO)
    assert "HTTP/2 200" in service.curl("--http2", "-I", URL)


def test_after_it_an_upload_takes_a_token(service):
    assert service.status("-F", "photo=@/etc/hostname", URL) == "401"
    assert service.status(URL) == "200"


def test_plain_http_leads_to_tls(service):
    head = service.curl("-i", "-F", "photo=@/root/photo.jpg", f"http://{HOST}/api/photos?limit=1")
    assert head.startswith("HTTP/1.1 308 ")
    assert f"Location: {URL}?limit=1\n" in head.replace("\r", "")


def test_the_doctor_finds_everything_well(service):
    assert service.run("photodrop", "doctor").returncode == 0


def test_the_secret_key_is_in_a_file_of_roots_alone(service):
    _, secret = service.keys()
    assert service.run("stat", "--format=%a %U", f"{SECRETS}/AWS_SECRET_KEY").stdout == "600 root\n"
    assert secret not in str(service.settings())
    assert secret not in service.journal()
    supervisor, _ = service.pids()
    assert secret not in service.run("cat", f"/proc/{supervisor}/environ").stdout


def test_a_spare_file_among_the_secrets_is_not_looked_at(service):
    service.run("tee", f"{SECRETS}/AWS_SECRET_KEY.old", input="older\n")
    done = service.run("photodrop", "check")
    service.run("rm", f"{SECRETS}/AWS_SECRET_KEY.old")
    assert "older" not in done.stdout + done.stderr


def test_roots_commands_have_the_services_settings_and_nothing_of_roots_own(service):
    """The settings win over the secrets, as they do for the service."""
    service.run("tee", f"{SECRETS}/DATABASE_URL", input="postgresql:///elsewhere\n")
    printing = "s#^program=.*#program=/usr/bin/env#"
    service.run("sh", "-c", f"sed '{printing}' /usr/bin/photodrop >/root/photodrop")
    given = ("env", "HOME=/root", "BUCKET_NAME=another", "DATABASE_URL=postgresql:///roots")
    printed = service.run(*given, "bash", "/root/photodrop").stdout.splitlines()
    service.run("rm", f"{SECRETS}/DATABASE_URL", "/root/photodrop")
    environment = dict(line.split("=", 1) for line in printed)
    assert environment["HOME"] == "/nonexistent"
    assert environment["AWS_SECRET_KEY"] == service.keys()[1]
    assert f"DATABASE_URL={environment['DATABASE_URL']}" in service.settings()
    assert "BUCKET_NAME" not in environment


def test_a_database_url_with_a_password_comes_from_a_file_and_goes_into_one(service):
    before = service.settings()
    url = next(line.split("=", 1)[1] for line in before if line.startswith("DATABASE_URL="))
    service.setup("--set", "DATABASE_URL=@-", secret=f"{url}&password=hunter2\n")
    assert "hunter2" not in service.machine.path(SETTINGS).read_text()
    stat = service.run("stat", "--format=%a %U", f"{SECRETS}/DATABASE_URL")
    assert stat.stdout == "600 root\n"
    service.setup("--database", url)
    assert sorted(service.settings()) == sorted(before)


def test_run_again_it_changes_only_what_was_asked(service):
    before = service.settings()
    service.setup("--set", "LIST_MAX=500")
    assert service.settings() == [*before, "LIST_MAX=500"]
    service.setup("--set", "LIST_MAX=")
    assert [line for line in service.settings() if line != "LIST_MAX="] == before


def test_it_finds_a_setting_in_every_form_that_the_service_reads(service):
    forms = "LIST_MAX = 5\n LIST_MAX=6\nexport LIST_MAX=7\n"
    service.run("tee", "--append", SETTINGS, input=forms)
    service.setup("--set", "LIST_MAX=500")
    assert [line for line in service.settings() if "LIST_MAX" in line] == ["LIST_MAX=500"]
    service.setup("--set", "LIST_MAX=")


def test_origins_reach_nginx(service):
    origin = "https://app.example"
    asked = ("-D", "-", "-o", "/dev/null", "-H", f"Origin: {origin}", URL)
    assert "access-control-allow-origin" not in service.curl(*asked)
    service.setup("--origins", origin)
    allowed = f"access-control-allow-origin: {origin}"
    wait_until(lambda: allowed in service.curl(*asked), "nginx to have taken it")
    service.setup("--origins", "")


def test_wrong_keys_are_taken_back(service):
    before = service.settings()
    done = service.setup("--secret-key-file", "-", secret="wrong\n", check=False)
    assert done.returncode == 1
    assert "what was there before is back" in done.stderr
    assert service.settings() == before
    assert service.run("cat", f"{SECRETS}/AWS_SECRET_KEY").stdout.strip() == service.keys()[1]
    assert service.upload()["id"]


def test_wrong_settings_are_taken_back_and_named(service):
    before = service.settings()
    done = service.setup("--set", "WORKERS=many", "--store", "nowhere", check=False)
    assert "WORKERS must be" in done.stderr
    assert "S3_ENDPOINT_URL is not a URL" in done.stderr
    assert service.settings() == before


def test_an_interruption_takes_all_back(service):
    before = service.settings()
    with service.silent_listener(9998):
        process = subprocess.Popen(
            service.machine.inside("photodrop", "setup", "--store", "http://127.0.0.1:9998"),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        doctor = ("pgrep", "-f", "^/usr/lib/photodrop/photodrop doctor")
        wait_until(lambda: service.run(*doctor, check=False).stdout, "the doctor")
        assert service.settings() != before
        service.run("pkill", "-f", "scripts/setup --store|photodrop doctor")
        complaint = process.communicate(timeout=30)[1]
    assert (process.returncode, service.settings()) == (143, before), complaint
    assert "what was there before is back" in complaint


def test_a_site_that_nginx_refuses_is_taken_back(service):
    before = service.settings()
    certificate = service.run("cat", "/etc/photodrop/tls/server.pem").stdout
    clash = "/etc/nginx/conf.d/clash.conf"
    rendered = service.run("cat", SITE).stdout
    service.run("sh", "-c", f"echo 'limit_conn_zone all zone=clash:32k; nonsense;' >{clash}")
    done = service.setup("--domain", "other.example", check=False)
    service.run("rm", clash)
    assert done.returncode == 1
    assert 'unknown directive "nonsense"' in done.stderr
    assert "what was there before is back" in done.stderr
    assert service.run("cat", SITE).stdout == rendered
    assert service.run("cat", "/etc/photodrop/tls/server.pem").stdout == certificate
    assert service.settings() == before
    assert service.status(URL) == "200"


def test_a_site_that_nginx_cannot_show_is_taken_back(service):
    """With the port taken nginx goes on without the site, and no command of it fails."""
    service.run("rm", "-r", LINK, "/etc/nginx/photodrop")
    service.run("systemctl", "reload", "nginx")
    listening = ("ss", "-Hltn", "sport", "=", ":443")
    wait_until(lambda: not service.run(*listening).stdout, "nginx to leave the port")
    with service.silent_listener(443):
        done = service.setup("--refresh", check=False)
    assert done.returncode == 1
    assert "has another program port 443?" in done.stderr
    assert service.run("ls", LINK, SITE, check=False).stdout == ""
    service.setup("--refresh")
    assert service.status(URL) == "200"


def test_a_new_certificate_reaches_nginx(service):
    service.run("rm", "/etc/photodrop/tls/server.pem")
    service.setup("--refresh")
    assert service.status(URL) == "200"


def test_what_was_switched_off_stays_off(service):
    service.run("rm", LINK)
    service.run("systemctl", "disable", "--now", TIMER)
    service.setup("--set", "LIST_MAX=500")
    service.setup("--refresh")
    assert service.run("test", "-e", LINK, check=False).returncode == 1
    assert service.run("systemctl", "is-enabled", TIMER, check=False).stdout == "disabled\n"
    assert service.state(TIMER) == "inactive"
    service.run("ln", "-s", SITE, LINK)
    service.run("systemctl", "reload", "nginx")
    service.run("systemctl", "enable", "--now", TIMER)
    service.setup("--set", "LIST_MAX=")


def test_settings_that_were_written_by_hand_are_taken_by_a_refresh(service):
    service.run("rm", CONFIGURED)
    service.run("systemctl", "stop", "photodrop.service", *SOCKETS)
    service.run("systemctl", "start", "photodrop.service")
    assert service.state() == "inactive"
    service.setup("--refresh")
    assert service.state() == "active"
    assert service.status(URL) == "200"


def test_an_unknown_option_changes_nothing(service):
    before = service.settings()
    done = service.setup("--colour", "blue", check=False)
    assert (done.returncode, service.settings()) == (1, before)
    assert "unknown option --colour" in done.stderr


def test_only_root_may_run_it(service):
    done = service.run("runuser", "-u", "nobody", "--", "photodrop", "setup", check=False)
    assert (done.returncode, done.stderr) == (1, "setup: run this as root\n")


def test_on_a_terminal_it_asks_and_what_is_set_is_the_answer_by_default(service):
    before = service.settings()
    said = answer_questions(service, ["", "", "", "", "", "", "", service.keys()[1]])
    assert f"Domain that readers use [{HOST}]: " in said
    assert "Secret key [unchanged]: " in said
    assert service.keys()[1] not in said
    assert f"photodrop is running at https://{HOST}" in said
    assert [line for line in service.settings() if line in before] == before


def answer_questions(service, answers):
    """Types the answers into a terminal of the machine's and returns all that was to be read."""
    ours, theirs = pty.openpty()
    os.write(ours, ("\n".join(answers) + "\n").encode())
    done = service.on_terminal(theirs, "photodrop", "setup")
    os.close(theirs)
    os.close(ours)
    assert done.returncode == 0, done.stdout
    return done.stdout


FAKE_CERTBOT = """#!/bin/sh
echo "$@" >/root/certbot.called
mkdir -p /etc/letsencrypt/live/photos.example
cp /etc/photodrop/tls/server.pem /etc/letsencrypt/live/photos.example/fullchain.pem
cp /etc/photodrop/tls/server.key /etc/letsencrypt/live/photos.example/privkey.pem
"""


def test_certbots_certificate_takes_the_place_of_the_self_signed_one(service):
    """certbot's issuer cannot be reached from here: what stands in writes what certbot would."""
    service.run("tee", CERTBOT, input=FAKE_CERTBOT)
    service.run("chmod", "+x", CERTBOT)
    try:
        service.setup("--email", "admin@photos.example")
        called = service.run("cat", "/root/certbot.called").stdout
        assert "--webroot-path /var/lib/photodrop/acme --domain photos.example" in called
        site = service.run("cat", SITE).stdout
        assert 'ssl_certificate "/etc/letsencrypt/live/photos.example/fullchain.pem"' in site
        service.run("mkdir", "-p", f"/var/lib/photodrop/acme/{CHALLENGES}")
        service.run("tee", f"/var/lib/photodrop/acme/{CHALLENGES}/token", input="proof")
        assert service.curl(f"http://{HOST}/{CHALLENGES}/token") == "proof"
    finally:
        service.run("rm", "-rf", CERTBOT, "/etc/letsencrypt")
        service.setup("--refresh")
