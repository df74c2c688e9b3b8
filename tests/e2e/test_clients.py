"""The clients that people use, with a name of a file that they write in different ways."""

import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.parse

import httpx
import pytest
import requests

from images import FORMATS, JPEG
from stack import CHECKOUT

NAME = 'C:\\cats\\q"uo;té \N{CAT}.jpg'
SHOWN = 'q"uo;té \N{CAT}.jpg'
NODE_UPLOAD = """
const [url, name] = process.argv.slice(1);
const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const form = new FormData();
form.append("title", "A cat");
form.append("photo", new Blob(chunks, { type: "image/jpeg" }), name);
const answer = await fetch(url, { method: "POST", body: form });
process.stdout.write(await answer.text());
"""


def run(*command, **options):
    """What the command prints; its failure is the test's."""
    ran = subprocess.run(command, capture_output=True, timeout=60, **options)
    assert ran.returncode == 0, ran.stderr.decode()
    return ran.stdout


def assert_arrived(photo, content=JPEG, shown=SHOWN):
    assert photo.get("filename") == shown, photo
    assert requests.get(photo["photo_url"], timeout=60).content == content


@pytest.fixture
def cat(folder):
    """A folder that holds cat.jpg."""
    (folder / "cat.jpg").write_bytes(JPEG)
    return folder


def readme_line():
    readme = CHECKOUT / "README.md"
    assert readme.exists(), "there is no README.md to take the curl line from"
    blocks = re.findall(r"^```sh\n(.*?)^```", readme.read_text(), re.DOTALL | re.MULTILINE)
    lines = re.findall(r"^curl -F photo=@.*", "".join(blocks), re.MULTILINE)
    assert len(lines) == 1, f"README.md has {len(lines)} lines that upload a photo by curl"
    return lines[0]


def test_the_line_in_the_readme_works_as_printed(stack, cat):
    line = readme_line()
    assert line == "curl -F photo=@cat.jpg http://localhost:8000/api/photos"
    line = line.replace("http://localhost:8000", stack.http_url)
    assert_arrived(json.loads(run("sh", "-c", line, cwd=cat)), shown="cat.jpg")


@pytest.mark.parametrize("escaping", [[], ["--form-escape"]], ids=["browsers'", "its own"])
def test_curl_with_either_escaping(stack, cat, escaping):
    quoted = NAME.replace("\\", "\\\\").replace('"', '\\"')
    form = ["-F", "title=A cat", "-F", f'photo=@cat.jpg;filename="{quoted}"']
    assert_arrived(json.loads(run("curl", "-sS", *escaping, *form, stack.photos_url, cwd=cat)))


def test_curl_with_a_type_that_it_does_not_know(stack, folder):
    (folder / "cat.webp").write_bytes(FORMATS["webp"])
    answer = run("curl", "-sS", "-F", "photo=@cat.webp", stack.photos_url, cwd=folder)
    assert_arrived(json.loads(answer), FORMATS["webp"], "cat.webp")


def test_curl_that_sends_the_photo_alone(stack, cat):
    headers = ["-H", "Content-Type: image/jpeg", "-H", "X-Filename: cat.jpg"]
    sent = run("curl", "-sS", "--data-binary", "@cat.jpg", *headers, stack.photos_url, cwd=cat)
    assert_arrived(json.loads(sent), shown="cat.jpg")


def test_curl_that_sends_a_form_from_a_pipe(stack, cat):
    """Of a size it cannot know, so that it sends chunks."""
    form = "photo=@-;filename=cat.jpg"
    command = ["curl", "-sS", "-H", "Transfer-Encoding: chunked", "-F", form, stack.photos_url]
    assert_arrived(json.loads(run(*command, input=JPEG)), shown="cat.jpg")


def test_the_fetch_of_node(stack):
    command = ["node", "--input-type=module", "--eval", NODE_UPLOAD, stack.photos_url, NAME]
    assert_arrived(json.loads(run(*command, input=JPEG)))


@pytest.mark.parametrize("library", [requests, httpx], ids=["requests", "httpx"])
def test_the_libraries_of_python(stack, library):
    form = {"photo": (NAME, JPEG, "image/jpeg")}
    answer = library.post(stack.photos_url, files=form, data={"title": "A cat"}, timeout=60)
    assert_arrived(answer.json())


def snippet(stack, name, language):
    """What nginx/README.md has under that heading, for the service under test."""
    text = (CHECKOUT / "nginx" / "README.md").read_text().split(f"\n### {name}\n")[1]
    code = re.search(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)[1]
    assert code.count("https://photos.example") == 1
    return code.replace("https://photos.example", stack.http_url)


@pytest.mark.parametrize("library", ["requests", "httpx"])
def test_the_snippets_of_python_upload_and_tell_why_not(stack, cat, library):
    code = snippet(stack, f"Python: {library}", "python")
    url = run(sys.executable, "-c", code, cwd=cat).decode().strip()
    assert requests.get(url, timeout=60).content == JPEG
    (cat / "cat.jpg").write_text("Hello")
    assert "Allowed types: " in run(sys.executable, "-c", code, cwd=cat).decode()


@pytest.mark.parametrize(
    ("name", "file", "command"),
    [("Go", "upload.go", ["go", "run"]), ("Java", "Upload.java", ["java"])],
)
def test_the_snippets_of_go_and_java_upload(stack, cat, name, file, command):
    if not shutil.which({"Go": "go", "Java": "javac"}[name]):
        pytest.skip(f"there is no {name} on this machine")
    (cat / file).write_text(snippet(stack, name, name.lower()))
    caches = {**os.environ, "HOME": str(cat), "GO111MODULE": "off"}
    assert_arrived(json.loads(run(*command, file, cwd=cat, env=caches)), shown="cat.jpg")


def test_a_form_written_out_as_browsers_do(stack):
    boundary = b"----WebKitFormBoundary7MA4YWxkTrZu0gW"
    name = NAME.replace('"', "%22").encode()
    fields = [
        b'name="title"\r\n\r\nA cat',
        b'name="tags"\r\n\r\none\r\ntwo --' + boundary,
        b'name="photo"; filename="%b"\r\nContent-Type: image/jpeg\r\n\r\n%b' % (name, JPEG),
        b'name="second"; filename=""\r\nContent-Type: application/octet-stream\r\n\r\n',
        b'name="send"\r\n\r\nUpload',
    ]
    line = b"--%b\r\nContent-Disposition: form-data; " % boundary
    body = b"".join(line + field + b"\r\n" for field in fields) + b"--%b--\r\n" % boundary
    address = urllib.parse.urlsplit(stack.http_url).netloc
    service = http.client.HTTPConnection(address, timeout=60)
    content_type = f"multipart/form-data; boundary={boundary.decode()}"
    try:
        service.request("POST", "/api/photos", body, {"Content-Type": content_type})
        answer = service.getresponse()
        assert answer.status == 200
        assert_arrived(json.loads(answer.read()))
    finally:
        service.close()
