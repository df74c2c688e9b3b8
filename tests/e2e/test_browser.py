"""A page of the allowed origin uploads, shows and is told why not; another reads nothing."""

import hashlib
import json

import pytest

from browser import running
from images import HEIGHT, JPEG, WIDTH

# What a page's own script would have: the address, a photo, an upload and what came of it.
PRELUDE = """
const photosUrl = %s, oddName = %s;
const cat = async () => (await fetch("/cat.jpg")).blob();
const form = (photo, name) => {
  const fields = new FormData();
  fields.append("title", "A cat");
  fields.append("photo", photo, name);
  return fields;
};
const post = async (body, headers = {}) => {
  const options = { method: "POST", credentials: "include", body, headers };
  const answer = await fetch(photosUrl, options);
  const requestId = answer.headers.get("X-Request-ID");
  return { status: answer.status, requestId, body: await answer.json() };
};
const failure = (promise) => promise.then(() => "none", (error) => error.name);
"""
NAME = 'q"uo%22;té \N{CAT}.jpg'
SHOWN = 'q"uo";té \N{CAT}.jpg'  # browsers write a quote and a %22 the same


@pytest.fixture(scope="module")
def browser():
    with running() as browser:
        yield browser


@pytest.fixture
def page(stack, browser):
    """Runs a script on a page of the allowed origin."""
    return lambda script: browser.on_allowed_page(prelude(stack) + script)


@pytest.fixture
def other_page(stack, browser):
    """Runs a script on a page whose origin the service does not know."""
    return lambda script: browser.on_other_page(prelude(stack) + script)


def prelude(stack):
    return PRELUDE % (json.dumps(stack.photos_url), json.dumps(NAME))


def test_a_page_uploads_a_photo_and_shows_it(page):
    answer, shown = page(
        """
        const answer = await post(form(await cat(), oddName));
        const image = new Image();
        const loaded = new Promise((resolve, reject) => {
          image.onload = resolve;
          image.onerror = () => reject(new Error("the photo does not load"));
        });
        image.src = answer.body.photo_url;
        document.body.append(image);
        await loaded;
        return [answer, [image.naturalWidth, image.naturalHeight]];
        """
    )
    assert answer["status"] == 200, answer
    assert answer["body"]["filename"] == SHOWN
    assert answer["body"]["sha256"] == hashlib.sha256(JPEG).hexdigest()
    assert shown == [WIDTH, HEIGHT]


def test_a_page_reads_the_list_page_by_page(stack, page):
    last = [stack.post(JPEG).json() for _ in range(2)][-1]
    newest, link = page(
        """
        const url = photosUrl + "?limit=1&order=desc";
        const answer = await fetch(url, { credentials: "include" });
        return [await answer.json(), answer.headers.get("Link")];
        """
    )
    assert [photo["id"] for photo in newest] == [last["id"]]
    assert link.endswith('rel="next"')


def test_a_page_sends_the_photo_alone_with_headers_that_need_leave(page):
    answer = page(
        """
        const headers = { "Content-Type": "image/jpeg", "X-Filename": "caf%C3%A9.jpg" };
        return post(await cat(), headers);
        """
    )
    assert answer["status"] == 200, answer
    assert answer["body"]["filename"] == "café.jpg"


def test_a_page_is_told_why_a_photo_is_refused(page, unchanged):
    large, text = page(
        """
        const large = await post(form(new Blob([new Uint8Array(20_000_000)]), "cat.jpg"));
        const text = await post(form(new Blob(["Hello"], { type: "image/jpeg" }), "cat.jpg"));
        return [large, text];
        """
    )
    assert (large["status"], large["body"]["code"]) == (413, "too-large")
    assert "5242880" in large["body"]["detail"]
    assert (text["status"], text["body"]["code"]) == (400, "unsupported-type")
    assert "Allowed types: " in text["body"]["detail"]
    for answer in (large, text):
        assert answer["requestId"] == answer["body"]["request_id"]


def test_a_form_of_html_uploads_without_a_script_of_its_own(stack, page):
    before = max([row[0] for row in stack.rows()], default=0)
    page(
        """
        document.body.innerHTML = `
          <iframe name="answer"></iframe>
          <form method="post" enctype="multipart/form-data" target="answer">
            <input name="title" value="A cat">
            <input name="photo" type="file" accept="image/*">
            <input name="second" type="file">
            <button name="send" value="now">Upload</button>
          </form>`;
        const [html, frame] = [document.forms[0], document.querySelector("iframe")];
        const chosen = new DataTransfer();
        chosen.items.add(new File([await cat()], oddName, { type: "image/jpeg" }));
        html.elements.photo.files = chosen.files;
        html.action = photosUrl;
        const answered = new Promise((resolve) => { frame.onload = resolve; });
        html.requestSubmit(html.elements.send);
        await answered;
        """
    )
    (photo,) = stack.list(after=before)
    assert photo["filename"] == SHOWN
    assert photo["sha256"] == hashlib.sha256(JPEG).hexdigest()


def test_a_page_of_another_origin_can_read_nothing(other_page):
    reached, *failures = other_page(
        """
        const blind = await fetch(photosUrl, { mode: "no-cors" });
        return [
          [blind.type, blind.status, await blind.text()],
          await failure(fetch(photosUrl)),
          await failure(fetch(photosUrl, { credentials: "include" })),
          await failure(post(form(await cat(), "cat.jpg"))),
          await failure(post(form(new Blob(["Hello"]), "cat.jpg"))),
        ];
        """
    )
    assert reached == ["opaque", 0, ""]  # the service is within reach, and mute
    assert failures == ["TypeError"] * 4


def test_a_page_of_another_origin_gets_no_leave_to_send_headers(other_page, unchanged):
    failed = other_page(
        """
        const headers = { "Content-Type": "image/jpeg", "X-Filename": "cat.jpg" };
        return failure(post(await cat(), headers));
        """
    )
    assert failed == "TypeError"
