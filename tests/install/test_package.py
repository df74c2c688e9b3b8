"""The package, as it comes: what is in it, and what it does before anybody has set it up."""

import re
import subprocess

from service import CHECKOUT, SETTINGS, SOCKETS

UNITS = (*SOCKETS, "photodrop.service", "photodrop-reap.timer")


def test_lintian_finds_no_error(package):
    done = subprocess.run(["lintian", "--fail-on=error", package], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_apt_brings_what_it_needs_and_says_in_one_line_what_to_do(unconfigured):
    service, printed = unconfigured
    said = [line for line in printed.splitlines() if line.startswith("photodrop: ")]
    assert said == [
        "photodrop: not started yet: run 'photodrop setup', which asks for domain, database, store "
        "and keys."
    ]
    missing = service.run("ldd", "/usr/lib/photodrop/photodrop").stdout
    assert "not found" not in missing
    assert "vips" not in missing


def test_nothing_runs_before_it_is_set_up_and_all_is_enabled(unconfigured):
    service, _ = unconfigured
    for unit in UNITS:
        assert service.state(unit) == "inactive"
        assert service.run("systemctl", "is-enabled", unit).stdout == "enabled\n"


def test_only_root_and_the_service_may_read_the_settings_and_only_root_the_secrets(unconfigured):
    service, _ = unconfigured
    stat = ("stat", "--format=%a %U %G")
    assert service.run(*stat, SETTINGS).stdout == "640 root photodrop\n"
    assert service.run(*stat, "/etc/photodrop/secrets").stdout == "700 root root\n"


def test_the_user_is_of_the_system_and_cannot_log_in(unconfigured):
    service, _ = unconfigured
    user = service.run("getent", "passwd", "photodrop").stdout.strip().split(":")
    assert int(user[2]) < 1000
    assert user[-1] == "/usr/sbin/nologin"


def test_a_command_without_settings_says_which_are_missing(unconfigured):
    service, _ = unconfigured
    done = service.run("photodrop", "check", check=False)
    assert done.returncode == 2
    assert "AWS_ACCESS_KEY is missing" in done.stderr


def test_setup_without_a_terminal_says_which_options_are_missing(unconfigured):
    service, _ = unconfigured
    done = service.setup("--domain", "photos.example", check=False)
    assert done.returncode == 1
    assert "not set yet: --database --store --access-key --secret-key-file" in done.stderr
    assert "SERVER_NAME" not in str(service.settings())


def test_systemd_starts_nothing_before_that_and_nothing_fails(unconfigured):
    service, _ = unconfigured
    service.run("systemctl", "start", *UNITS)
    assert [service.state(unit) for unit in UNITS] == ["inactive"] * len(UNITS)
    failed = service.run("systemctl", "list-units", "--failed", "--plain", "--no-legend").stdout
    assert "photodrop" not in failed


def test_settings_that_never_worked_are_mended_one_after_the_other(unconfigured):
    service, _ = unconfigured
    empty = service.machine.path(SETTINGS).read_text()
    options = {"domain": "photos.example", "database": "postgresql://nobody@127.0.0.1:9/none"}
    options |= {"store": "http://127.0.0.1:9", "access-key": "key", "secret-key-file": "-"}
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    for mended in (words, ["--bucket", "another"]):
        done = service.setup(*mended, secret="secret\n", check=False)
        assert done.returncode == 1
        assert "the settings are kept" in done.stderr
    assert {"SERVER_NAME=photos.example", "BUCKET_NAME=another"} <= set(service.settings())
    service.machine.path(SETTINGS).write_text(empty)
    service.run("rm", "/etc/photodrop/secrets/AWS_SECRET_KEY")


def test_setup_says_that_it_needs_the_nginx_of_debian(unconfigured):
    service, _ = unconfigured
    service.run("mv", "/etc/nginx/sites-enabled", "/etc/nginx/elsewhere")
    done = service.setup("--domain", "photos.example", check=False)
    service.run("mv", "/etc/nginx/elsewhere", "/etc/nginx/sites-enabled")
    assert "there is no /etc/nginx/sites-enabled" in done.stderr


def test_the_units_are_in_order(unconfigured):
    service, _ = unconfigured
    folder = "/usr/lib/systemd/system"
    units = [f"{folder}/{unit}" for unit in (*UNITS, "photodrop-reap.service")]
    done = service.run("systemd-analyze", "verify", "--man=no", *units, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_manual_names_every_setting(unconfigured):
    service, _ = unconfigured
    text = service.run("zcat", "/usr/share/man/man5/photodrop.env.5.gz").stdout
    example = (CHECKOUT / ".env.example").read_text().split("# For scripts/run alone")[0]
    names = re.findall(r"^#([A-Z_0-9]+)=", example, re.MULTILINE)
    assert len(names) > 15
    for name in names:
        assert f".B {name}\n" in text
