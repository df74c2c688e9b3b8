"""The installed service under load: restarted, reloaded, upgraded, killed, rebooted. Whatever is
done to it, a photo that was accepted is there."""

import re

from machine import wait_until
from service import URL

UPGRADE = "99.0.0"


def assert_all_are_kept(service, told):
    """Each photo that a client was told of is listed, with its SHA-256, and opens."""
    listed = service.photos()
    for number, sha256 in told["photos"]:
        assert listed[number]["sha256"] == sha256
    for number, sha256 in told["photos"][-5:]:
        assert service.stored_sha256(listed[number]) == sha256


def assert_every_request_was_answered(service, told, at_least):
    assert list(told["statuses"]) == ["200"], told["statuses"]
    assert told["statuses"]["200"] >= at_least
    assert_all_are_kept(service, told)


def test_the_sandbox_is_as_tight_as_it_should_be(service):
    for unit in ("photodrop.service", "photodrop-reap.service"):
        printed = service.run("systemd-analyze", "security", "--no-pager", unit).stdout
        exposure = re.search(r"Overall exposure level for .*: ([0-9.]+)", printed)
        assert float(exposure[1]) <= 1.1, printed


def test_thumbnails_are_made_within_the_sandbox(service):
    photo = service.upload()
    told = "%{http_code} %{content_type}"
    link = f"{URL}/{photo['id']}/thumbnail"
    assert service.curl("-o", "/dev/null", "-w", told, link) == "200 image/webp", service.journal()


def test_the_sockets_are_for_nginx_alone_and_have_room_for_each_worker(service):
    paths = [f"/run/photodrop/{name}.sock" for name in ("fcgi", "fcgi-upload", "fcgi-thumbnail")]
    stat = service.run("stat", "--format=%a %U %G", *paths).stdout
    assert stat == "660 root www-data\n" * 3
    service.setup("--set", "UPLOAD_WORKERS=50")
    listening = [service.run("ss", "-Hxl", "src", path).stdout.split()[3] for path in paths]
    assert listening == ["256", str(8 * 50), "256"]
    service.setup("--set", "UPLOAD_WORKERS=")


def test_it_is_ready_and_counts_what_waits_within_the_sandbox(service):
    place = URL.removesuffix("/api/photos")
    wait_until(lambda: service.status(f"{place}/readyz") == "200", "both probes")
    metrics = service.curl(f"{place}/metrics").splitlines()
    for pool in ("api", "upload", "thumbnail"):
        assert f'photodrop_listen_queue{{pool="{pool}"}} 0' in metrics


def test_restarts_under_load_lose_no_request(service):
    with service.load() as told:
        for _ in range(5):
            before, _ = service.pids()
            service.run("systemctl", "restart", "photodrop.service")
            assert service.pids()[0] != before
    assert_every_request_was_answered(service, told, at_least=50)


def test_reloads_under_load_lose_no_request_and_replace_every_worker(service):
    with service.load() as told:
        for _ in range(3):
            supervisor, before = service.pids()
            service.run("systemctl", "reload", "photodrop.service")
            wait_until(lambda: service.has_new_workers(supervisor, before), "new workers")
    assert_every_request_was_answered(service, told, at_least=50)


def test_a_reload_takes_new_settings_and_refuses_wrong_ones(service):
    service.upload(), service.upload()
    service.edit_settings("LIST_MAX=1")
    supervisor, before = service.pids()
    service.run("systemctl", "reload", "photodrop.service")
    wait_until(lambda: service.has_new_workers(supervisor, before), "new workers")
    assert 'rel="next"' in service.curl("-o", "/dev/null", "-D", "-", URL)
    service.edit_settings("LIST_MAX=none")
    service.run("systemctl", "reload", "photodrop.service")
    wait_until(lambda: "LIST_MAX must be" in service.journal(), "the complaint")
    assert service.status(URL) == "200"
    service.setup("--set", "LIST_MAX=")


def test_an_upgrade_under_load_loses_no_request_and_no_setting(service, newer_package):
    before = service.settings()
    with service.load() as told:
        service.install(newer_package)
    assert_every_request_was_answered(service, told, at_least=20)
    assert service.settings() == before
    assert f"photodrop {UPGRADE}\n" in service.run("photodrop", "help").stdout
    supervisor, _ = service.pids()
    program = service.run("readlink", f"/proc/{supervisor}/exe").stdout
    assert program == "/usr/lib/photodrop/photodrop\n"


def test_a_service_that_does_not_start_leaves_the_package_installed(service):
    folder = "/etc/systemd/system/photodrop.service.d"
    service.run("mkdir", "-p", folder)
    service.run("tee", f"{folder}/fails.conf", input="[Service]\nExecStartPre=/bin/false\n")
    service.run("/var/lib/dpkg/info/photodrop.postinst", "configure")
    service.run("rm", "-r", folder)
    service.run("systemctl", "daemon-reload")
    service.run("systemctl", "restart", "photodrop.service")
    assert service.status(URL) == "200"


def test_killed_workers_are_replaced_and_what_was_accepted_is_kept(service):
    with service.load() as told:
        for _ in range(5):
            supervisor, workers = service.pids()
            service.run("kill", "-KILL", *workers[:4], check=False)
            wait_until(lambda: service.has_new_workers(supervisor, workers[:4]), "new workers")
    assert set(told["statuses"]) <= {"200", "503"}
    assert_all_are_kept(service, told)


def test_a_killed_supervisor_is_replaced_and_what_was_accepted_is_kept(service):
    with service.load() as told:
        for _ in range(2):
            supervisor, _ = service.pids()
            service.run("kill", "-KILL", supervisor)
            wait_until(lambda: service.pids()[0] not in ("0", supervisor), "a new supervisor")
            wait_until(lambda: service.status(URL) == "200", "an answer")
    assert set(told["statuses"]) <= {"200", "503"}
    assert_all_are_kept(service, told)


def test_a_request_starts_a_service_that_was_stopped(service):
    service.run("systemctl", "stop", "photodrop.service")
    assert service.state() == "inactive"
    assert service.status(URL) == "200"
    wait_until(lambda: service.state() == "active", "the service to be ready")


def test_the_reaper_runs_by_itself(service):
    timers = service.run("systemctl", "list-timers", "--all", "photodrop-reap.timer").stdout
    assert "photodrop-reap.service" in timers
    service.run("systemctl", "start", "photodrop-reap.service")
    journal = service.run("journalctl", "--unit=photodrop-reap.service", "--output=cat").stdout
    assert '"failed":0' in journal


def test_after_a_reboot_everything_is_there_again(service):
    photo = service.upload()
    before = service.photos()
    service.machine.reboot()
    service.start_store()
    wait_until(lambda: service.state() == "active", "the service")
    assert service.state("photodrop-reap.timer") == "active"
    assert service.photos().keys() == before.keys()
    assert service.stored_sha256(service.photos()[photo["id"]]) == photo["sha256"]
    assert service.upload()["id"] > photo["id"]
