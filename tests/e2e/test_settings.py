"""Where settings come from, and what is said of wrong ones."""

import re
import subprocess

import pytest

import launch
from images import JPEG

GOOD = {"AWS_ACCESS_KEY": "an-access-key", "AWS_SECRET_KEY": "a-secret-key"}
SECRETS = ("an-access-key", "a-secret-key", "secretpassword")


@pytest.fixture
def photodrop(stack, folder):
    """Runs photodrop in an empty folder with nothing but these settings."""

    def run(*arguments, **settings):
        return subprocess.run(
            [stack.program(), *arguments],
            cwd=folder,
            env={"LISTEN_SOCKET": str(folder / "socket"), **settings},
            capture_output=True,
            text=True,
            timeout=30,
        )

    return run


def faults(done):
    """The settings that the list names, in its order."""
    first, *lines = done.stderr.splitlines()
    assert done.returncode == 2
    assert first == "photodrop cannot start. Wrong settings:"
    assert all(re.fullmatch(r"  [A-Z0-9_]+ .*\.", line) for line in lines), lines
    assert not [secret for secret in SECRETS if secret in done.stdout + done.stderr]
    return [line.split()[0] for line in lines]


@pytest.mark.parametrize("command", ["serve", "migrate"])
def test_three_wrong_settings_are_one_list(photodrop, command):
    done = photodrop(
        command,
        AWS_ACCESS_KEY="an-access-key",
        DATABASE_URL="mysql://user:secretpassword@x",
        WORKERS="many",
    )
    assert faults(done) == ["DATABASE_URL", "AWS_SECRET_KEY", "WORKERS"]
    assert "AWS_SECRET_KEY is missing." in done.stderr
    assert "WORKERS must be a whole number from 1 to 1024." in done.stderr


def test_without_any_setting_only_the_keys_are_missed(photodrop):
    assert faults(photodrop("serve")) == ["AWS_ACCESS_KEY", "AWS_SECRET_KEY"]


@pytest.mark.parametrize(
    "name, value",
    [
        ("DATABASE_URL", "postgresql://user:secretpassword@x:99999/photos"),
        ("DATABASE_URL", "user:secretpassword@x/photos"),
        ("S3_ENDPOINT_URL", "localhost:9000"),
        ("S3_PUBLIC_URL", "ftp://localhost"),
        ("S3_ADDRESSING", "sideways"),
        ("BUCKET_NAME", "no/bucket"),
        ("CORS_ORIGINS", "http://localhost:5173,*"),
        ("METRICS_ALLOW", "10.0.0.0/8,everyone"),
        ("MAX_IMAGE_SIZE_BYTES", "5 MB"),
        ("MAX_IMAGE_PIXELS", "-1"),
        ("MAX_IMAGE_FRAMES", "0"),
        ("STRIP_METADATA", "perhaps"),
        ("MAX_ANIMATION_PIXELS", "many"),
        ("AUTH", "on"),
        ("LIST_MAX", "0"),
        ("PRESIGN_EXPIRES", "604801"),
        ("WORKERS", "8.5"),
        ("UPLOAD_WORKERS", "0"),
        ("TRUSTED_PROXIES", "everyone"),
        ("PROXY_PROTOCOL", "on"),
    ],
)
def test_each_wrong_setting_is_named(photodrop, name, value):
    assert faults(photodrop("serve", **GOOD, **{name: value})) == [name]


def test_an_empty_setting_counts_as_none(photodrop):
    done = photodrop("serve", AWS_ACCESS_KEY="an-access-key", AWS_SECRET_KEY="", WORKERS="")
    assert faults(done) == ["AWS_SECRET_KEY"]


def test_the_keys_may_have_the_names_that_aws_gives_them(photodrop, stack):
    shared = launch.backing(stack)
    shared["AWS_ACCESS_KEY_ID"] = shared.pop("AWS_ACCESS_KEY")
    shared["AWS_SECRET_ACCESS_KEY"] = shared.pop("AWS_SECRET_KEY")
    assert photodrop("migrate", **shared).returncode == 0


def test_a_file_named_env_in_the_working_directory_is_read(photodrop, folder, stack):
    shared = launch.backing(stack)
    url = shared.pop("DATABASE_URL")
    lines = [f"{name}={text}\n" for name, text in shared.items()]
    lines += ["# WORKERS=many\n", "\n", f"export DATABASE_URL = '{url}'\r\n"]
    (folder / ".env").write_text("".join(lines))
    done = photodrop("migrate")
    assert (done.returncode, done.stdout) == (0, "the database is up to date\n")


def test_a_fault_of_the_file_is_found_and_the_environment_wins(photodrop, folder, stack):
    (folder / ".env").write_text("DATABASE_URL=mysql://user:secretpassword@x\n")
    shared = launch.backing(stack)
    url = shared.pop("DATABASE_URL")
    assert faults(photodrop("migrate", **shared)) == ["DATABASE_URL"]
    assert photodrop("migrate", **shared, DATABASE_URL=url).returncode == 0


def test_secrets_may_come_as_credentials_of_systemd(spare, folder):
    for name in ("AWS_SECRET_KEY", "DATABASE_URL"):
        (folder / name).write_text(spare.settings[name] + "\n")
    changes = {"AWS_SECRET_KEY": None, "DATABASE_URL": None}
    with spare.serving(CREDENTIALS_DIRECTORY=str(folder), **changes):
        assert spare.stack.post(JPEG).status_code == 200


def test_the_environment_wins_over_credentials(photodrop, folder):
    (folder / "WORKERS").write_text("8\n")
    done = photodrop("serve", **GOOD, CREDENTIALS_DIRECTORY=str(folder), WORKERS="many")
    assert faults(done) == ["WORKERS"]


def test_a_database_that_does_not_answer_is_said_without_its_password(photodrop):
    url = "postgresql://user:secretpassword@127.0.0.1:1/photos"
    done = photodrop("migrate", **GOOD, DATABASE_URL=url)
    assert done.returncode == 1
    assert done.stderr.startswith("photodrop: ")
    assert "Connection refused" in done.stderr
    assert "secretpassword" not in done.stdout + done.stderr


def test_a_socket_that_cannot_be_made_is_said_in_one_sentence(photodrop, folder):
    socket = folder / "missing" / "socket"
    done = photodrop("serve", **GOOD, LISTEN_SOCKET=str(socket))
    assert done.returncode == 1
    reason = "No such file or directory"
    assert done.stderr == f"photodrop: Cannot listen on {socket}: {reason}.\n"


@pytest.mark.parametrize("arguments", [["dance"], [], ["serve", "twice"], ["--serve"]])
def test_an_unknown_command_is_answered_with_the_usage(photodrop, arguments):
    done = photodrop(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "usage: photodrop serve " in done.stderr


@pytest.mark.parametrize("option", ["help", "--help"])
def test_help_is_an_answer_and_no_fault(photodrop, option):
    done = photodrop(option)
    assert (done.returncode, done.stderr) == (0, "")
    assert "usage: photodrop serve " in done.stdout
