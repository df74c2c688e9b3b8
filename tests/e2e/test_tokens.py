"""Who may do what when AUTH asks for a token."""

import http.client
import urllib.parse
import uuid

import pytest
import requests

import wire
from images import FORMATS, JPEG
from stack import ORIGIN, wait_until

ALL = "upload,read,delete"
CHALLENGE = 'Bearer realm="photodrop"'
INVALID = f'{CHALLENGE}, error="invalid_token"'
STRANGER = "pd_0123456789ab_" + 64 * "0"  # has a token's form and is none
NOWHERE = "postgresql://postgres@127.0.0.1:1/photos"
CALLS = [
    ("POST", "", "upload"),
    ("GET", "", "read"),
    ("HEAD", "", "read"),
    ("GET", "/{id}", "read"),
    ("GET", "/{id}/image", "read"),
    ("DELETE", "/{id}", "delete"),
]


@pytest.fixture
def photo(stack):
    """The id of a photo, uploaded where no token is asked for."""
    return stack.post(JPEG).json()["id"]


def ask(stack, method, path, token=None):
    headers = {"Origin": ORIGIN}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    files = {"photo": ("cat.jpg", JPEG, "image/jpeg")} if method == "POST" else None
    url = stack.photos_url + path
    return requests.request(
        method, url, headers=headers, files=files, allow_redirects=False, timeout=60
    )


def post(stack, token, content=JPEG, **headers):
    return stack.post(content, headers={"Authorization": f"Bearer {token}", **headers})


def assert_refused(stack, answer, status, code, challenge):
    stack.assert_problem(answer, status, code)
    assert answer.headers["WWW-Authenticate"] == challenge


@pytest.mark.parametrize("method, path, scope", CALLS)
def test_each_call_takes_its_scope_and_no_other(locked, token, photo, method, path, scope):
    path = path.format(id=photo)
    others = ",".join(sorted(set(ALL.split(",")) - {scope}))
    refused = ask(locked, method, path, token(others))
    assert refused.status_code == 403
    insufficient = f'error="insufficient_scope", scope="{scope}"'
    assert refused.headers["WWW-Authenticate"] == f"{CHALLENGE}, {insufficient}"
    if method != "HEAD":
        locked.assert_problem(refused, 403, "forbidden")
    assert ask(locked, method, path, token(scope)).status_code < 400


@pytest.mark.parametrize("method, path, scope", CALLS)
def test_each_call_asks_for_a_token(locked, photo, unchanged, method, path, scope):
    answer = ask(locked, method, path.format(id=photo))
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, CHALLENGE)
    if method != "HEAD":
        locked.assert_problem(answer, 401, "unauthorized")


@pytest.mark.parametrize("method, path, scope", CALLS)
def test_reading_is_free_where_only_writing_takes_a_token(spare, photo, method, path, scope):
    with spare.serving(AUTH="write"):
        answer = ask(spare.stack, method, path.format(id=photo))
        assert (answer.status_code == 401) == (scope != "read")


def test_where_auth_is_off_a_token_means_nothing(stack):
    assert post(stack, "nonsense").status_code == 200


def test_a_token_uploads_where_only_writing_takes_one(spare, token):
    made = token("upload")
    with spare.serving(AUTH="write"):
        assert post(spare.stack, made).status_code == 200


@pytest.mark.parametrize("text", ["", "x", "pd_", STRANGER, STRANGER + "0", "pd_é"])
def test_what_is_no_token_in_force_is_invalid(locked, unchanged, text):
    answer = post(locked, text.encode().decode("latin-1"))
    assert_refused(locked, answer, 401, "unauthorized", INVALID if text else CHALLENGE)


def test_another_scheme_is_no_token(locked, token, unchanged):
    answer = locked.post(JPEG, headers={"Authorization": f"Basic {token()}"})
    assert_refused(locked, answer, 401, "unauthorized", CHALLENGE)


def test_the_scheme_has_no_case(locked, token):
    assert locked.post(JPEG, headers={"Authorization": f"bEARER {token()}"}).status_code == 200


def test_two_tokens_in_one_request_are_none(locked, token):
    made = token()
    place = urllib.parse.urlsplit(locked.http_url).netloc
    connection = http.client.HTTPConnection(place, timeout=60)
    connection.putrequest("GET", "/api/photos")
    for _ in range(2):
        connection.putheader("Authorization", f"Bearer {made}")
    connection.endheaders()
    assert connection.getresponse().status in (400, 401)  # nginx refuses it since 1.23
    connection.close()


def test_a_list_that_is_kept_is_for_those_alone_who_may_read_it(
    stack, locked, token, token_name, photo
):
    reader, uploader = token("read", token_name), token("upload")
    assert {ask(locked, "GET", "", reader).status_code for _ in range(4)} == {200}
    assert_refused(locked, ask(locked, "GET", ""), 401, "unauthorized", CHALLENGE)
    assert ask(locked, "GET", "", uploader).status_code == 403
    assert stack.run("token", "revoke", token_name).returncode == 0
    assert_refused(locked, ask(locked, "GET", "", reader), 401, "unauthorized", INVALID)


def test_a_revoked_token_stops_working_at_once(stack, locked, token, token_name, photo):
    made = token(name=token_name)
    # So many that every worker has seen the token.
    statuses = {ask(locked, "GET", f"/{photo}", made).status_code for _ in range(40)}
    assert statuses == {200}
    done = stack.run("token", "revoke", token_name)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    for _ in range(40):
        answer = ask(locked, "GET", f"/{photo}", made)
        assert_refused(locked, answer, 401, "unauthorized", INVALID)
    assert token(name=token_name) != made, "the name is free again"


def test_an_expired_token_does_not_work(locked, token, token_name):
    made = token(name=token_name, life="30m")
    assert post(locked, made).status_code == 200
    locked.rows("UPDATE photodrop_tokens SET expires_at = now() WHERE name = %s", token_name)
    assert_refused(locked, post(locked, made), 401, "unauthorized", INVALID)


def test_a_stranger_learns_nothing_but_that_a_token_is_missing(locked, unchanged):
    for answer in (
        wire.send(locked, b"--frontier"),
        wire.send(locked, b"", headers={"Idempotency-Key": '"'}),
        locked.post(bytes(5_500_000)),
        ask(locked, "GET", "/999999999"),
        ask(locked, "GET", "?limit=x"),
    ):
        assert_refused(locked, answer, 401, "unauthorized", CHALLENGE)


def test_what_is_not_there_asks_for_no_token(locked):
    locked.assert_problem(ask(locked, "GET", "/1/nothing"), 404, "not-found")
    locked.assert_problem(ask(locked, "PUT", ""), 405, "method-not-allowed")


def test_an_upload_repeated_with_its_key_needs_its_token_again(locked, token):
    made, key = token("upload"), {"Idempotency-Key": str(uuid.uuid4())}
    first, again = post(locked, made, **key), post(locked, made, **key)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json()["id"] == first.json()["id"]
    assert locked.post(JPEG, headers=key).status_code == 401
    locked.assert_problem(post(locked, made, FORMATS["png"], **key), 422, "idempotency-mismatch")


def test_a_page_may_ask_to_send_a_token_before_it_has_one(locked):
    asks = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    answer = requests.options(locked.photos_url, headers=asks, timeout=60)
    assert answer.status_code == 204
    assert answer.headers["Access-Control-Allow-Headers"] == "authorization,content-type"


def test_a_database_that_does_not_answer_lets_nobody_in_and_refuses_nobody(spare, unchanged):
    with spare.serving(AUTH="all", DATABASE_URL=NOWHERE):
        answer = post(spare.stack, STRANGER)
        spare.stack.assert_problem(answer, 503, "database-unavailable")
        assert "WWW-Authenticate" not in answer.headers


def test_no_log_has_a_token(spare, token):
    made, narrow = token(), token("read")
    with spare.serving(AUTH="all"):
        answers = [post(spare.stack, text) for text in (made, narrow, STRANGER, made + "x")]
        assert [answer.status_code for answer in answers] == [200, 403, 401, 401]
        last = answers[-1].headers["X-Request-ID"]
        access_log = spare.run_dir / "log" / "access.log"
        wait_until(lambda: last in access_log.read_text(), "the last request in the access log")
        wait_until(lambda: last in spare.served_log(), "the last request in the workers' log")
    logs = {path: path.read_text(errors="replace") for path in spare.run_dir.glob("log/*")}
    assert spare.served_log_path() in logs and access_log in logs
    for path, text in logs.items():
        for secret in (made, narrow, STRANGER):
            assert secret.split("_")[2] not in text, path


def test_the_log_tells_which_token_was_refused(spare, token):
    narrow = token("read")
    with spare.serving(AUTH="all"):
        post(spare.stack, narrow)
        cause = f'"cause":"token {narrow.split("_")[1]}"'
        wait_until(lambda: cause in spare.served_log(), "the refusal in the log")


def test_the_doctor_needs_no_token(locked):
    done = locked.run("doctor", "--url", locked.http_url)
    assert done.returncode == 0, done.stdout
    assert "reach a worker, which asks for a token first" in done.stdout
