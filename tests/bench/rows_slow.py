"""Rows in which something is slow: what that costs those who do not need it."""

import concurrent.futures
import contextlib
import threading
import time

import lesson_app
import photos
import processes
import requests
from far_line import far_line
from figures import Figure, ratios
from slow_clients import many_addresses, slow_clients
from stack import wait_until

ROUND_TRIP = 0.1  # seconds
CLIENTS = 64
SLOW = 1000
PAUSE = 0.02  # seconds between two requests of a client that is timed


def thumbnails(stand):
    """64 thumbnails of 12 megapixels, asked for at once; lists and uploads meanwhile."""
    service = stand.service
    content, usual = (stand.files[size].read_bytes() for size in ("4 MB", "200 KB"))
    links = [upload(service, content)["thumbnail_url"] for _ in range(CLIENTS)]
    idle = side_by_side(stand.seconds, lambda: get_list(service), lambda: upload(service, usual))
    with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
        made = [pool.submit(get, service.stack.http_url + link) for link in links]
        busy = side_by_side(
            lambda: all(each.done() for each in made),
            lambda: get_list(service),
            lambda: upload(service, usual),
        )
        for each in made:
            each.result()
    photos.empty_bucket(service.stack)
    return [*comparison("thumbnails", "a list", idle[0], busy[0], most=2),
            *comparison("thumbnails", "an upload", idle[1], busy[1], most=2)]


def slow(stand):
    """1,000 clients of 1,000 addresses that upload a byte a second; an honest one meanwhile."""
    service = stand.service
    usual = stand.files["200 KB"].read_bytes()
    idle = side_by_side(stand.seconds, lambda: upload(service, usual))
    before = processes.memory_mib(service.nginx())
    with slow_clients(service.stack, many_addresses(SLOW)) as clients:
        wait_until(lambda: clients.sending == SLOW, "all slow clients")
        busy = side_by_side(stand.seconds, lambda: upload(service, usual))
        grown = processes.memory_mib(service.nginx()) - before
    photos.empty_bucket(service.stack)
    return [
        *comparison("slow", "an upload", idle[0], busy[0], most=2),
        Figure("slow", "  memory that nginx gained", "MiB", [grown]),
    ]


def comparison(row, what, idle, busy, most):
    before, meanwhile = 1000 * p95(idle), 1000 * p95(busy)
    return [
        Figure(row, f"  {what}, p95, idle", "ms", [before]),
        Figure(row, f"  {what}, p95, meanwhile", "ms", [meanwhile]),
        Figure(row, f"{what}, meanwhile : idle", "×", [meanwhile / before], at_most=most),
    ]


def side_by_side(end, *actions):
    """The seconds that each action took, each done again and again by a client of its own: until
    `end` is true, or for so many seconds."""
    limit = time.monotonic() + (end if isinstance(end, (int, float)) else 600)
    is_over = end if callable(end) else lambda: False

    def repeat(action):
        times = []
        while time.monotonic() < limit and not is_over():
            began = time.monotonic()
            action()
            times.append(time.monotonic() - began)
            time.sleep(PAUSE)
        return times

    with concurrent.futures.ThreadPoolExecutor(len(actions)) as pool:
        return [each.result() for each in [pool.submit(repeat, action) for action in actions]]


def get(url, **query):
    answer = requests.get(url, params=query, timeout=120)
    answer.raise_for_status()
    return answer


def get_list(service):
    return get(service.url, limit=100)


def upload(service, content):
    headers = {"Content-Type": "image/jpeg"}
    answer = requests.post(service.url, data=content, headers=headers, timeout=120)
    answer.raise_for_status()
    return answer.json()


def far(stand):
    """A store 100 ms away, 64 clients that upload 200 KB, default settings; lists meanwhile."""
    service = stand.service
    with contextlib.ExitStack() as ending:
        url = ending.enter_context(far_line(service.stack.env["S3_ENDPOINT_URL"], ROUND_TRIP))
        ending.enter_context(service.with_settings(S3_ENDPOINT_URL=url))
        app = lesson_app.LessonApp(
            service.stack, stand.folder / "far.log", name="far", S3_ENDPOINT_URL=url
        )
        ending.callback(app.close)
        app.wait_for_answer()
        for each in (service.url, app.url):  # connections, caches, imports
            stand.upload(each, "200 KB", seconds=4, at_once=CLIENTS)
        [idle] = side_by_side(stand.seconds, lambda: get_list(service))
        busy = []
        rates = stand.in_turn(
            photodrop=lambda: while_listing(stand, service, busy),
            lesson=lambda: stand.upload(app.url, "200 KB", at_once=CLIENTS).rate,
        )
    photos.empty_bucket(service.stack)
    row = {name: Figure("far", name, "/s", samples) for name, samples in rates.items()}
    return [
        *row.values(),
        Figure("far", "photodrop : lesson", "×", ratios(row["photodrop"], row["lesson"]), at_least=4),
        *comparison("far", "a list", idle, busy, most=3),
    ]


def while_listing(stand, service, times):
    enough = threading.Event()
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        lister = pool.submit(side_by_side, enough.is_set, lambda: get_list(service))
        try:
            return stand.upload(service.url, "200 KB", at_once=CLIENTS).rate
        finally:
            enough.set()
            times.extend(lister.result()[0])


def p95(times):
    return sorted(times)[int(0.95 * len(times))]
