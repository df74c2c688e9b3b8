"""Taking the package away again: it leaves no trace, and every photo."""

from service import SETTINGS

LINK = "/etc/nginx/sites-enabled/photodrop"
ROWS = "select count(*) from photos where state = 'stored'"


def stored_rows(service):
    psql = ("runuser", "-u", "postgres", "--", "psql", "-qAtX", "-d", "photos", "-c", ROWS)
    return int(service.run(*psql).stdout)


def traces(service):
    """What in the machine is called photodrop, but for what the tests have put there."""
    names = ("/etc", "/usr", "/var/cache", "/var/lib", "/var/log", "/run")
    found = service.run("find", *names, "-xdev", "-iname", "*photodrop*").stdout.split()
    return [name for name in found if "/doc/" not in name]


def test_removed_and_installed_again_it_goes_on_with_its_settings(service, newer_package):
    before = service.settings()
    rows = stored_rows(service)
    service.run("apt", "remove", "-y", "photodrop")
    assert service.run("nginx", "-t", check=False).returncode == 0
    refused = service.run("curl", "-sS", "https://127.0.0.1/", check=False)
    assert "Failed to connect" in refused.stderr
    assert service.run("test", "-e", SETTINGS, check=False).returncode == 0
    service.install(newer_package)
    assert service.settings() == before
    assert len(service.photos()) == rows


def test_what_was_switched_off_stays_off_when_it_is_removed_and_installed_again(
    service, newer_package
):
    service.run("rm", LINK)
    service.run("apt", "remove", "-y", "photodrop")
    service.install(newer_package)
    assert service.run("test", "-e", LINK, check=False).returncode == 1
    service.run("ln", "-s", "/etc/nginx/photodrop/photodrop.conf", LINK)
    service.run("systemctl", "restart", "nginx")


def test_a_purge_leaves_nothing_but_the_photos(service):
    rows = stored_rows(service)
    photo = service.upload()
    service.run("apt", "purge", "-y", "photodrop")
    assert stored_rows(service) == rows + 1
    service.run("curl", "-sS", "--fail", "-o", "/dev/null", photo["photo_url"])
    assert traces(service) == []
    assert service.run("getent", "passwd", "photodrop", check=False).returncode == 2
    units = ("systemctl", "list-units", "--all", "--plain", "--no-legend", "photodrop*")
    assert service.run(*units).stdout == ""
    assert service.run("nginx", "-t", check=False).returncode == 0
