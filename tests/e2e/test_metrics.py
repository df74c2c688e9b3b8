"""/metrics: right over all workers, whatever becomes of them; /healthz and /readyz."""

import concurrent.futures
import json
import os
import signal
import subprocess

import pytest
import requests

from crowd import frozen_store, numbered_photo, uploading, wait_for_pending
from images import JPEG
from launch import pools
from metrics import UPLOADS, Moves, names, page, samples
from stack import CHECKOUT, wait_until
from test_reload import start_anew
from test_workers import kill_worker

DASHBOARD = CHECKOUT / "systemd" / "grafana-dashboard.json"
LISTS = 'photodrop_http_requests_total{method="GET",route="/api/photos",code="200"}'
KILLED = 'photodrop_worker_restarts_total{cause="signal"}'
OF_POOL = 'photodrop_workers{pool="%s",state="%s"}'


def workers(found, pool):
    """Busy and idle ones."""
    return found[OF_POOL % (pool, "busy")], found[OF_POOL % (pool, "idle")]


def test_promtool_finds_nothing_to_complain_of(stack):
    stack.post(JPEG)
    command = ["promtool", "check", "metrics"]
    done = subprocess.run(command, input=page(stack), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_it_says_what_it_is_and_which_version_runs(stack):
    answer = requests.get(stack.http_url + "/metrics", timeout=60)
    assert answer.headers["Content-Type"] == "text/plain; version=0.0.4; charset=utf-8"
    version = stack.run("help").stdout.split()[1]
    assert f'\nphotodrop_build_info{{version="{version}"}} 1\n' in answer.text


def test_an_upload_moves_what_it_should(stack):
    moves = Moves(stack)
    answer = stack.post(JPEG)
    labels = '{method="POST",route="/api/photos"}'
    moves.wait_for(
        {
            UPLOADS % 200: 1,
            f"photodrop_http_request_bytes_total{labels}": len(answer.request.body),
            f"photodrop_http_request_duration_seconds_count{labels}": 1,
            "photodrop_s3_attempts_total": 1,
            "photodrop_s3_errors_total": 0,
            "photodrop_s3_duration_seconds_count": 1,
            "photodrop_database_errors_total": 0,
        }
    )
    sent = moves.now(f"photodrop_http_response_bytes_total{labels}").popitem()[1]
    assert len(answer.content) < sent < len(answer.content) + 1000


def test_a_refusal_is_counted_and_costs_the_store_nothing(stack):
    moves = Moves(stack)
    stack.post(b"no photo")
    moves.wait_for({UPLOADS % 400: 1, UPLOADS % 200: 0, "photodrop_s3_attempts_total": 0})


def test_the_counters_are_those_of_all_workers(stack):
    moves, lines = Moves(stack), len(stack.log_lines())
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: stack.list(limit=1), range(80)))
    moves.wait_for({LISTS: 80})
    requests_of = [line["pid"] for line in stack.log_lines()[lines:] if line.get("route")]
    assert len(set(requests_of)) > 1, "one worker alone has answered"


def test_the_counters_survive_the_death_of_workers(stack):
    stack.post(JPEG)
    moves = Moves(stack)
    for worker in stack.workers():
        kill_worker(stack, worker)
    moves.wait_for({UPLOADS % 200: 0, LISTS: 0, KILLED: 26})
    assert moves.before[UPLOADS % 200] > 0


def test_the_counters_survive_a_reload(spare):
    with spare.serving(**pools(2, 1, 1)) as supervisor:
        for _ in range(3):
            assert spare.stack.post(JPEG).status_code == 200
        for generation in (1, 2):
            start_anew(spare, supervisor)
            ended = "old workers ended"
            wait_until(lambda: spare.served_log().count(ended) == generation, ended)
        found = samples(spare.stack)
        assert found[UPLOADS % 200] == 3
        assert workers(found, "api") == (1, 1)
        spare.stack.post(JPEG)
        wait_until(lambda: samples(spare.stack)[UPLOADS % 200] == 4, "the next upload")


def test_a_start_begins_at_zero(spare):
    with spare.serving(WORKERS="1"):
        assert UPLOADS % 200 not in samples(spare.stack)


@pytest.mark.usefixtures("tidy")
def test_it_tells_who_is_busy_and_what_is_pending(stack):
    contents = [numbered_photo(n) for n in range(3)]
    with frozen_store(stack) as thaw:
        with uploading(stack, contents, at_once=3):
            wait_for_pending(stack, 3)
            found = samples(stack)
            thaw()
    assert workers(found, "upload") == (3, 13)
    assert workers(found, "api") == (1, 7)  # the one that tells it
    assert found['photodrop_ledger_rows{state="pending"}'] == 3
    assert found["photodrop_ledger_oldest_pending_seconds"] > 0
    wait_until(lambda: workers(samples(stack), "upload")[0] == 0, "the end of the uploads")
    assert samples(stack)['photodrop_ledger_rows{state="pending"}'] == 0


@pytest.mark.usefixtures("tidy")
def test_a_worker_that_is_killed_at_work_is_not_busy_for_ever(stack):
    with frozen_store(stack) as thaw:
        with uploading(stack, [JPEG], at_once=1):
            wait_for_pending(stack, 1)
            for worker in stack.workers():
                os.kill(worker, signal.SIGKILL)
            thaw()
    wait_until(lambda: workers(samples(stack), "upload") == (0, 16), "sixteen idle workers")


def test_the_dashboard_shows_every_metric_and_no_other(stack):
    stack.post(JPEG)
    shown = [
        target["expr"]
        for panel in json.loads(DASHBOARD.read_text())["panels"]
        for target in panel.get("targets", [])
    ]
    told = {line.split()[2] for line in page(stack).splitlines() if line.startswith("# TYPE")}
    assert names("\n".join(shown)) == told


def test_a_service_whose_parts_answer_is_ready(stack):
    answer = requests.get(stack.http_url + "/readyz", timeout=60)
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_a_probe_that_succeeds_leaves_no_line_in_the_logs(stack):
    ids = [
        requests.get(stack.http_url + path, timeout=60).headers["X-Request-ID"]
        for path in ("/healthz", "/readyz", "/metrics")
    ]
    stack.list()
    for name in ("photodrop.log", "access.log"):
        assert not {line.get("request_id") for line in stack.log_lines(name)} & set(ids)


def not_ready(stack):
    """The answer of /readyz, once every worker has forgotten that all was well."""
    headers = {"Origin": "http://localhost:5173"}

    def refused():
        answer = requests.get(stack.http_url + "/readyz", headers=headers, timeout=60)
        return [answer] if answer.status_code != 200 else []  # a refusal itself is false

    [answer] = wait_until(refused, "the service not to be ready")
    return answer


@pytest.mark.faults
def test_a_stopped_store_is_seen(stack, stopped_store):
    stack.assert_problem(not_ready(stack), 503, "storage-unavailable")
    moves = Moves(stack)
    assert stack.post(JPEG).status_code == 503
    moves.wait_for(
        {UPLOADS % 503: 1, "photodrop_s3_attempts_total": 3, "photodrop_s3_errors_total": 3}
    )
    assert requests.get(stack.http_url + "/healthz", timeout=60).status_code == 200
    stopped_store()
    stack.wait_until_ready()


@pytest.mark.faults
def test_a_database_that_was_not_brought_up_to_date_is_seen(stack):
    [(last,)] = stack.rows(
        "DELETE FROM photodrop_migrations"
        " WHERE name = (SELECT max(name) FROM photodrop_migrations) RETURNING name"
    )
    try:
        stack.assert_problem(not_ready(stack), 503, "database-unavailable")
    finally:
        stack.rows("INSERT INTO photodrop_migrations (name) VALUES (%s)", last)
    stack.wait_until_ready()


@pytest.mark.faults
def test_a_stopped_database_is_seen(stack, stopped_database):
    stack.assert_problem(not_ready(stack), 503, "database-unavailable")
    found = samples(stack)
    assert found["photodrop_database_up"] == 0
    assert found["photodrop_database_errors_total"] > 0
    assert not [name for name in found if name.startswith("photodrop_ledger")]
    assert requests.get(stack.http_url + "/healthz", timeout=60).status_code == 200
    stopped_database()
    assert samples(stack)["photodrop_database_up"] == 1
