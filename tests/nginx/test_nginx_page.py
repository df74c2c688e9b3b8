"""The page: its files, the policy that binds it, and errors like all others."""

import re

import pytest
from conftest import running_site
from nginx_site import ALLOWED, BODY_LIMIT, PHOTO_LIMIT, ROOT
from problem_checks import check_cors, check_security_headers
from test_nginx_errors import check

WWW = ROOT / "nginx" / "www"
TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".json": "application/json",
}
FILES = sorted(file.name for file in WWW.iterdir())


def policy(answer) -> dict[str, str]:
    (text,) = answer.headers.get_all("Content-Security-Policy")
    return dict(part.strip().split(" ", 1) for part in text.split(";"))


@pytest.fixture
def own_www(certificate, tmp_path):
    """A site whose page is a folder of the test's own."""
    tmp_path.chmod(0o755)
    (tmp_path / "a folder").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>")
    with running_site(certificate, WWW_ROOT=str(tmp_path)) as site:
        yield site, tmp_path


@pytest.mark.parametrize("name", FILES)
def test_every_file_is_sent_with_its_type_and_may_be_kept_but_not_unasked(site, name):
    answer = site.ask("GET", f"/{name}")
    assert (answer.status, answer.body) == (200, (WWW / name).read_bytes())
    assert answer.headers.get_all("Content-Type") == [TYPES[(WWW / name).suffix]]
    assert answer.headers.get_all("Cache-Control") == ["no-cache"]
    same = site.ask("GET", f"/{name}", If_None_Match=answer.headers["ETag"])
    assert (same.status, same.body) == (304, b"")
    head = site.ask("HEAD", f"/{name}")
    assert (head.status, head.body) == (200, b"")
    assert head.headers["Content-Length"] == str(len(answer.body))


def test_the_page_is_at_the_root(site):
    answer = site.ask("GET", "/?from=somewhere")
    assert (answer.status, answer.body) == (200, (WWW / "index.html").read_bytes())
    assert site.ask("HEAD", "/").status == 200


def test_the_page_may_load_its_own_files_and_the_store_s_photos_only(site):
    answer = site.ask("GET", "/")
    assert policy(answer) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' blob: http://localhost:9000",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    assert answer.headers.get_all("X-Content-Type-Options") == ["nosniff"]
    assert answer.headers.get_all("Referrer-Policy") == ["no-referrer"]


def test_the_description_is_shown_by_a_page_that_may_load_its_own_files_only(site):
    answer = site.ask("GET", "/docs")
    assert (answer.status, answer.body) == (200, (WWW / "docs.html").read_bytes())
    assert policy(answer) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }


def test_the_viewer_is_a_folder_of_its_own_which_may_be_missing(certificate, tmp_path):
    with running_site(certificate, VIEWER_ROOT=str(tmp_path)) as site:
        for path in ("/docs/viewer.js", "/docs/", "/docs/../app.js/"):
            check(site.ask("GET", path), 404)
        tmp_path.chmod(0o755)
        (tmp_path / "docs").mkdir()
        (tmp_path / "docs" / "viewer.js").write_text("view()")
        answer = site.ask("GET", "/docs/viewer.js")
        assert (answer.status, answer.body) == (200, b"view()")
        assert answer.headers["Content-Type"] == "text/javascript"
        check_security_headers(answer)
        check(site.ask("GET", "/docs/app.js"), 404)


def test_the_page_keeps_to_its_policy():
    """No script, style or handler within the page, and nothing from elsewhere."""
    html = (WWW / "index.html").read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?! type=\"module\" src=\"/)", html)
    for name in FILES:
        if name == "openapi.json":  # which has examples of URLs
            continue
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", (WWW / name).read_text()), name


def test_other_files_have_the_strictest_policy(site):
    check_security_headers(site.ask("GET", "/app.js"))
    check_security_headers(site.ask("GET", "/config.json"))


def test_the_page_s_files_go_out_packed(site):
    for name in ("/", "/app.js", "/base.css"):
        answer = site.ask("GET", name, Accept_Encoding="gzip")
        assert answer.headers["Content-Encoding"] == "gzip", name


def test_the_page_is_told_the_limit(site):
    answer = site.ask("GET", "/config.json")
    assert answer.json() == {"max_image_size_bytes": PHOTO_LIMIT}
    assert answer.headers.get_all("Content-Type") == ["application/json"]
    assert answer.headers.get_all("Cache-Control") == ["no-cache"]
    assert site.ask("HEAD", "/config.json").status == 200


@pytest.mark.parametrize("path", ["/", "/app.js"])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_file_takes_no_other_method(site, method, path):
    answer = site.ask(method, path, bytes(2 * BODY_LIMIT), Origin=ALLOWED)
    check(answer, 405)
    check_cors(answer)
    assert answer.headers["Allow"] == "GET, HEAD"


def test_a_precondition_that_fails_is_a_412(site):
    answer = site.ask("GET", "/", If_Match='"another"', Origin=ALLOWED)
    check(answer, 412)
    check_cors(answer)


def test_a_range_that_cannot_be_is_no_error(site):
    answer = site.ask("GET", "/app.js", Range="bytes=999999-")
    assert (answer.status, answer.body) == (200, (WWW / "app.js").read_bytes())


def test_a_folder_is_not_found(own_www):
    site, _ = own_www
    for path in ("/a%20folder", "/a%20folder/"):
        check(site.ask("GET", path), 404)


def test_nothing_above_the_folder_is_reached(own_www):
    site, folder = own_www
    (folder.parent / "secret").write_text("secret")
    check(site.send_raw(b"GET /../secret HTTP/1.1\r\nHost: a\r\n\r\n"), 400)
    check(site.ask("GET", "/a%20folder/..%2f..%2fsecret"), 400)


def test_a_missing_page_is_not_found(own_www):
    site, folder = own_www
    assert site.ask("GET", "/").status == 200
    (folder / "index.html").unlink()
    check(site.ask("GET", "/"), 404)


def test_a_file_that_nginx_may_not_read_is_not_found(certificate, tmp_path):
    # Root may read everything, so the refusal is nginx's own.
    edit = {"try_files $uri =404;": "deny all;"}
    with running_site(certificate, edits=edit) as site:
        check(site.ask("GET", "/index.html"), 404)
