"""scripts/render-nginx --public: a site for the machine's own nginx. That it serves, the test of
the installed package shows."""

import re

from nginx_site import render, settings

FILES = [
    "photodrop-common.conf",
    "photodrop-fastcgi.conf",
    "photodrop-stored.conf",
    "photodrop.conf",
]
OF_THE_LOCAL_ONE = {"RUN_DIR": None, "HTTP_PORT": None, "HTTPS_PORT": None}


def rendered(folder, **changes) -> str:
    environment = settings(folder, **{**OF_THE_LOCAL_ONE, **changes})
    done = render(folder / "out", environment, "--public")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    return (folder / "out" / "photodrop.conf").read_text()


def listened(text: str) -> list[str]:
    """Each address once, in the order of the file, those of IPv6 left out."""
    return [line for line in re.findall(r"^    listen (.*);$", text, re.MULTILINE) if "[" not in line]


def test_it_listens_on_all_addresses_with_tls_and_leads_there_from_plain_http(tmp_path):
    text = rendered(tmp_path, SERVER_NAME="photos.example")
    assert listened(text) == ["443 ssl http2", "80"]
    assert text.count("server_name photos.example;") == 2
    assert 'return 308 "https://photos.example$request_uri";' in text
    assert "listen 127.0.0.1" not in text


def test_only_what_belongs_to_a_site_is_written(tmp_path):
    text = rendered(tmp_path)
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == FILES
    assert sorted(file.name for file in tmp_path.iterdir()) == ["out"]
    assert not re.search("@[A-Z0-9_]+@", text)
    assert "include photodrop" not in text, "nginx would look for it in /etc/nginx"
    assert "include /etc/nginx/photodrop/photodrop-common.conf;" in text
    assert text.count('access_log "/var/log/nginx/photodrop.access.log" photodrop;') == 2


def test_other_ports_are_in_the_address_that_it_leads_to(tmp_path):
    text = rendered(tmp_path, HTTP_PORT="8080", HTTPS_PORT="8443", SERVER_NAME="photos.example")
    assert listened(text) == ["8443 ssl http2", "8080"]
    assert 'return 308 "https://photos.example:8443$request_uri";' in text


def test_one_client_is_limited_as_on_loopback_it_is_not(tmp_path):
    text = rendered(tmp_path)
    for line in (
        "limit_req zone=photodrop_uploads_by_address burst=600 nodelay;",
        "limit_req zone=photodrop_uploads_by_token burst=600 nodelay;",
        "limit_conn photodrop_connections_by_address 128;",
        "limit_conn photodrop_uploads_in_progress_by_address 16;",
        "limit_conn photodrop_connections 2000;",
    ):
        assert re.search(f"^ +{line}$", text, re.MULTILINE), line
    (tmp_path / "local").mkdir()
    local = tmp_path / "local" / "out"
    render(local, settings(tmp_path)).check_returncode()
    text = (local / "photodrop.conf").read_text()
    zones = re.findall("^ +limit_(?:req|conn) ([^ ]+) .*;$", text, re.MULTILINE)
    assert set(zones) == {"photodrop_connections", "photodrop_uploads"}


def test_the_same_values_are_refused_as_for_the_local_one(tmp_path):
    environment = settings(tmp_path, **OF_THE_LOCAL_ONE, SERVER_NAME="a;b", HSTS="perhaps")
    done = render(tmp_path / "out", environment, "--public")
    assert done.returncode == 2
    assert "SERVER_NAME must be a host name; HSTS must be on or off." in done.stderr
    assert not (tmp_path / "out").exists()


def test_what_nginx_shares_with_other_sites_is_named_after_photodrop(tmp_path):
    text = rendered(tmp_path)
    names = re.findall(r"^map \S+ \$(\w+)", text, re.MULTILINE)
    names += re.findall(r"(?:zone=|limit_conn_zone \S+ zone=|log_format |keys_zone=)(\w+)", text)
    assert len(names) > 15
    assert [name for name in names if not name.startswith("photodrop")] == []


def test_the_one_hash_of_all_sites_is_only_sized_when_an_origin_needs_it(tmp_path):
    sized = r"^map_hash_bucket_size 512;"
    short, long = "https://" + "a" * 38, "https://" + "a" * 39
    assert not re.search(sized, rendered(tmp_path, CORS_ORIGINS=short), re.MULTILINE)
    assert re.search(sized, rendered(tmp_path, CORS_ORIGINS=long), re.MULTILINE)
