"""scripts/render-nginx: every setting in its place, and nothing that is more than a value."""

import re
import subprocess

import pytest
from nginx_site import RENDER, ROOT, render, settings

FILES = [
    "nginx.conf",
    "photodrop-common.conf",
    "photodrop-fastcgi.conf",
    "photodrop-stored.conf",
    "photodrop.conf",
]
LIMITS = [
    "UPLOADS_PER_MINUTE",
    "UPLOADS_PER_MINUTE_PER_TOKEN",
    "CONNECTIONS_PER_ADDRESS",
    "MAX_CONNECTIONS",
]
LONGEST_ORIGIN = "https://" + ".".join(["a" * 48] * 5) + ".example:65535"


def rendered(folder, **changes) -> str:
    done = render(folder / "out", settings(folder, **changes))
    assert (done.returncode, done.stderr) == (0, "")
    return "".join((folder / "out" / name).read_text() for name in FILES)


def refusal(folder, **changes) -> str:
    done = render(folder / "out", settings(folder, **changes))
    assert (done.returncode, done.stdout) == (2, "")
    assert not (folder / "out").exists()
    assert done.stderr.startswith("render-nginx: ") and done.stderr.endswith(".\n")
    return done.stderr


def test_the_settings_are_in_the_files_and_no_placeholder_is_left(tmp_path):
    text = rendered(tmp_path, SERVER_NAME="photos.example", MAX_UPLOADS="7")
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == FILES
    assert not re.search("@[A-Z0-9_]+@", text)
    for line in (
        "listen 127.0.0.1:20080;",
        "listen 127.0.0.1:20443 ssl http2;",
        "server_name photos.example;",
        f'server "unix:{tmp_path}/worker.sock" max_fails=0;',
        f'server "unix:{tmp_path}/worker-upload.sock" max_fails=0;',
        f'server "unix:{tmp_path}/worker-thumbnail.sock" max_fails=0;',
        f'ssl_certificate "{tmp_path}/cert.pem";',
        f'ssl_certificate_key "{tmp_path}/key.pem";',
        f'pid "{tmp_path}/nginx/nginx.pid";',
        f'access_log "{tmp_path}/log/access.log" photodrop;',
        "client_max_body_size 6291456;",
        "client_body_buffer_size 262144;",
        "limit_conn photodrop_uploads 7;",
        '"https://app.example" "https://app.example";',
        f'default   "{ROOT}/nginx/www";',
        "fastcgi_next_upstream off;",
        "fastcgi_connect_timeout 2s;",
        "fastcgi_send_timeout 15s;",
        "fastcgi_read_timeout 60s;",
    ):
        assert text.count(line) == 1, line


def test_the_same_settings_give_the_same_files(tmp_path):
    assert rendered(tmp_path) == rendered(tmp_path)


def test_unset_settings_have_defaults(tmp_path):
    text = rendered(tmp_path, CORS_ORIGINS=None)
    assert '"http://localhost:5173" "http://localhost:5173";' in text
    assert "server_name localhost;" in text
    assert "limit_conn photodrop_uploads 1200;" in text


def test_an_empty_list_allows_no_origin(tmp_path):
    assert '"http://' not in rendered(tmp_path, CORS_ORIGINS="")


def test_a_list_is_trimmed_lowered_and_freed_of_repetitions(tmp_path):
    listed = " https://A.example ,, https://a.example,http://[::1]:80,"
    text = rendered(tmp_path, CORS_ORIGINS=listed)
    origins = re.findall(r'^    "([a-z]+://[^"]+)" "(.*)";$', text, re.MULTILINE)
    assert origins == [(origin, origin) for origin in ("https://a.example", "http://[::1]:80")]


def test_a_long_origin_and_a_path_with_spaces_make_a_valid_configuration(tmp_path, certificate):
    folder = tmp_path / "a folder, with # and @RUN_DIR@ & é"
    folder.mkdir()
    files = {"TLS_CERT": str(certificate[0]), "TLS_KEY": str(certificate[1])}
    socket = {"LISTEN_SOCKET": "/tmp/a b@HTTP_PORT@.sock"}
    text = rendered(folder, CORS_ORIGINS=LONGEST_ORIGIN, **files, **socket)
    assert f'pid "{folder}/nginx/nginx.pid";' in text
    command = ["nginx", "-t", "-q", "-e", "stderr", "-c", folder / "out" / "nginx.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "localhost:5173",
        "https://",
        "https://app.example/",
        "https://app.example/path",
        "https://user@app.example",
        "https://*.example",
        "https://app.example:port",
        'https://app.example" "x',
        "https://app.example;",
        "https://app.example\nhttps://b.example",
        "https://app.example\n",
        "https://$host",
        "~^https://.*$",
        "https://a b",
        "https://é.example",
        "https://" + "a" * 300,
    ],
)
def test_what_is_not_an_origin_is_refused(tmp_path, origin):
    stderr = refusal(tmp_path, CORS_ORIGINS=f"http://localhost:5173,{origin}")
    assert "CORS_ORIGINS must list origins" in stderr
    assert "'http://localhost:5173'" not in stderr


def test_networks_are_let_in_in_their_order(tmp_path):
    listed = " 10.0.0.0/8,,192.0.2.7 , 2001:db8::/32,::1/128"
    lines = re.findall(r"^ +(allow .*|deny .*)$", rendered(tmp_path, METRICS_ALLOW=listed), re.M)
    named = ["10.0.0.0/8", "192.0.2.7", "2001:db8::/32", "::1/128"]
    allowed = [f"allow {network};" for network in ["127.0.0.0/8", "::1", *named]]
    assert lines == [*allowed, "deny all;"]


@pytest.mark.parametrize(
    "network",
    ["all", "10.0.0.0/33", "10.0.0.256", "10.0.0", "10.0.0.0/8;", "10.0.0.1 10.0.0.2"]
    + ["localhost", "unix:", "2001:db8::/129", "::1; deny all", "10.0.0.0/08"],
)
def test_what_is_not_a_network_is_refused(tmp_path, network):
    stderr = refusal(tmp_path, METRICS_ALLOW=f"192.0.2.0/24,{network}")
    assert f"METRICS_ALLOW must list networks like 10.0.0.0/8 or 2001:db8::/32, not '{network}'" in stderr


@pytest.mark.parametrize(
    "name", ["LISTEN_SOCKET", "TLS_CERT", "TLS_KEY", "RUN_DIR", "WWW_ROOT", "VIEWER_ROOT"]
)
@pytest.mark.parametrize(
    "path",
    ["relative", '/a"', "/a'", "/a;", "/a{", "/a}", "/$a", "/a\\", "/a\nb", "/a\n", "/a\tb"],
)
def test_a_path_that_could_be_more_than_a_path_is_refused(tmp_path, name, path):
    assert f"{name} must be an absolute path" in refusal(tmp_path, **{name: path})


def test_a_socket_path_longer_than_the_kernel_takes_is_refused(tmp_path):
    rendered(tmp_path, LISTEN_SOCKET="/" + "a" * 96)
    (tmp_path / "other").mkdir()
    stderr = refusal(tmp_path / "other", LISTEN_SOCKET="/" + "a" * 97)
    assert "LISTEN_SOCKET must be at most 97 bytes long" in stderr


@pytest.mark.parametrize(
    "name", ["HTTP_PORT", "HTTPS_PORT", "MAX_IMAGE_SIZE_BYTES", "MAX_UPLOADS"]
)
@pytest.mark.parametrize(
    "number", ["0", "-1", "08", "80;", "1k", "1 ", "1\n", "99999999999", "a[$(id)0]"]
)
def test_what_is_not_a_number_is_refused(tmp_path, name, number):
    assert f"{name} must be a number from 1 to" in refusal(tmp_path, **{name: number})


@pytest.mark.parametrize("name", LIMITS)
@pytest.mark.parametrize("number", ["-1", "00", "65536", "1;", "many", ""])
def test_what_is_no_limit_is_refused(tmp_path, name, number):
    what = "is missing" if number == "" else "must be a number from 0 to 65535"
    assert f"{name} {what}" in refusal(tmp_path, **{name: number})


@pytest.mark.parametrize(
    ("by_address", "by_token", "seconds"),
    [(0, 0, 1), (600, 0, 1), (59, 0, 2), (7, 600, 9), (600, 7, 9), (1, 0, 63), (65535, 65535, 1)],
)
def test_retry_after_is_that_of_the_slower_limit(tmp_path, by_address, by_token, seconds):
    limits = {"UPLOADS_PER_MINUTE": by_address, "UPLOADS_PER_MINUTE_PER_TOKEN": by_token}
    text = rendered(tmp_path, **{name: str(limit) for name, limit in limits.items()})
    retry_after = text.split("map $status $photodrop_problem_retry_after {")[1].split("}")[0]
    assert retry_after.split() == ["429", f"{seconds};", "503", "2;", "default", '"";']


@pytest.mark.parametrize("name", ["a b", "a;b", "$host", "~a", "*.example", "a\n", "é"])
def test_what_is_not_a_host_name_is_refused(tmp_path, name):
    assert "SERVER_NAME must be a host name" in refusal(tmp_path, SERVER_NAME=name)


AWS = "https://s3.eu-central-1.amazonaws.com"


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ({}, "http://localhost:9000"),
        ({"S3_ENDPOINT_URL": "http://10.0.0.1:9000"}, "http://10.0.0.1:9000"),
        ({"S3_ENDPOINT_URL": "http://a", "S3_PUBLIC_URL": "https://S3.example/"}, "https://s3.example"),
        ({"S3_ENDPOINT_URL": "", "S3_PUBLIC_URL": ""}, "http://localhost:9000"),
        ({"S3_PUBLIC_URL": "http://[::1]:9000"}, "http://[::1]:9000"),
        ({"S3_PUBLIC_URL": AWS}, "https://photos.s3.eu-central-1.amazonaws.com"),
        ({"S3_PUBLIC_URL": AWS + ".cn"}, "https://photos.s3.eu-central-1.amazonaws.com.cn"),
        ({"S3_PUBLIC_URL": AWS, "S3_ADDRESSING": "path"}, AWS),
        (
            {"S3_PUBLIC_URL": "http://s3.example:81", "S3_ADDRESSING": "virtual", "BUCKET_NAME": "cats"},
            "http://cats.s3.example:81",
        ),
    ],
)
def test_the_page_may_show_photos_from_where_their_urls_lead(tmp_path, changes, origin):
    assert f"img-src 'self' blob: {origin};" in rendered(tmp_path, **changes)


@pytest.mark.parametrize("name", ["S3_PUBLIC_URL", "S3_ENDPOINT_URL"])
@pytest.mark.parametrize(
    "url", ["s3.example", "ftp://a", "http://a/b", "http://a b", "http://a;", 'http://a"', "http://*"]
)
def test_what_is_no_store_s_address_is_refused(tmp_path, name, url):
    assert f"{name} must be an address like" in refusal(tmp_path, **{name: url})


def test_addressing_and_bucket_are_what_photodrop_takes(tmp_path):
    stderr = refusal(tmp_path, S3_ADDRESSING="both", BUCKET_NAME="a b; c")
    assert "S3_ADDRESSING must be auto, path or virtual" in stderr
    assert "BUCKET_NAME must be the name of a bucket" in stderr


@pytest.mark.parametrize("value", ["yes", "on;", "ON"])
def test_hsts_is_on_or_off(tmp_path, value):
    assert "HSTS must be on or off" in refusal(tmp_path, HSTS=value)


def test_one_line_says_all_that_is_wrong(tmp_path):
    stderr = refusal(tmp_path, HTTP_PORT=None, TLS_KEY="", MAX_UPLOADS="many", CORS_ORIGINS="*")
    assert stderr.count("\n") == 1
    for fault in ("HTTP_PORT is missing", "TLS_KEY is missing", "MAX_UPLOADS must", "not '*'"):
        assert fault in stderr


def test_two_listeners_cannot_share_a_port(tmp_path):
    assert "HTTPS_PORT must differ from HTTP_PORT" in refusal(tmp_path, HTTPS_PORT="20080")


def test_without_a_folder_the_usage_is_shown():
    done = subprocess.run([RENDER], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "render-nginx: usage: render-nginx [--public] OUT_DIR\n")


def stored(folder, endpoint, **changes):
    """How the location of the permanent links reaches the store."""
    text = rendered(folder, S3_ENDPOINT_URL=endpoint, **changes)
    found = re.search(r"^ *(resolver .*;)?\n *proxy_pass (.*)\$stored_path;$", text, re.MULTILINE)
    return found[2], found[1]


def test_a_store_by_address_or_on_this_machine_needs_no_name_server(tmp_path):
    assert stored(tmp_path, "http://localhost:9000") == ("http://127.0.0.1:9000", None)
    assert stored(tmp_path, "http://192.0.2.7:80/") == ("http://192.0.2.7:80", None)
    assert stored(tmp_path, "http://[2001:db8::7]") == ("http://[2001:db8::7]", None)


def test_the_name_of_a_store_is_looked_up_again_and_again(tmp_path):
    url, resolver = stored(tmp_path, "https://S3.eu-central-1.amazonaws.com")
    assert url == "https://photos.s3.eu-central-1.amazonaws.com"
    assert re.fullmatch(r"resolver [0-9. ]+ valid=60s ipv6=off;", resolver)


def test_the_links_may_be_kept_by_everybody_when_that_is_set(tmp_path):
    assert 'add_header Cache-Control "private, no-cache";' in rendered(tmp_path)
    public = rendered(tmp_path, IMAGE_CACHE="public", IMAGE_CACHE_MIB="7")
    assert 'add_header Cache-Control "public, max-age=3600";' in public
    assert "max_size=7m" in public


def test_lists_are_kept_beside_the_photos(tmp_path):
    text = rendered(tmp_path, LIST_CACHE_MIB="8")
    assert f'fastcgi_cache_path "{tmp_path}/nginx/lists"' in text
    assert "max_size=8m" in text
    assert "LIST_CACHE_MIB" in refusal(tmp_path / "other", LIST_CACHE_MIB="8M")


def test_the_end_of_an_answer_is_not_held_back_whatever_debian_has_set(tmp_path):
    assert "tcp_nopush off;" in rendered(tmp_path)


def test_a_cache_that_is_neither_is_refused(tmp_path):
    assert "IMAGE_CACHE must be private or public" in refusal(tmp_path, IMAGE_CACHE="shared")
