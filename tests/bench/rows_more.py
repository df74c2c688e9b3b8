"""Rows of lists, signatures, memory, the start and bare requests."""

import http.client
import json
import pathlib
import re
import subprocess
import threading
import time
import urllib.parse

import launch
import photos
import processes
import wrk
from figures import Figure, ratios

LISTS_AT_ONCE = 8
REQUESTS_AT_ONCE = 32
LESSON_LIST_SECONDS = 4, 8  # a list takes it long: quick, full
PRESIGN = launch.CHECKOUT / "build" / "release" / "tests" / "bench" / "presign_bench"
IDLE_MIB, MIB_PER_BUSY_WORKER, UPLOAD_WORKERS = 60, 6, 40


def lists(stand):
    """1,000 photos, 8 at once; the service's rows have every column.

    nginx keeps a list as long as it stays the same, so that what one costs which nobody has asked for
    before is measured beside it, and both compressed, as browsers take them.
    """
    fill_both(stand, 1000)
    seconds = LESSON_LIST_SECONDS[not stand.quick]
    rates = stand.in_turn(
        photodrop=lambda: wrk.run(stand.service.url, stand.seconds, LISTS_AT_ONCE).rate,
        lesson=lambda: wrk.run(stand.lesson.url, seconds, LISTS_AT_ONCE).rate,
    )
    row = {name: Figure("list", name, "/s", samples) for name, samples in rates.items()}
    ratio = ratios(row["photodrop"], row["lesson"])
    kept = [
        *cost_of_lists(stand, "kept", "outcome.lua"),
        *cost_of_lists(stand, "compressed", "compressed_list.lua"),
    ]
    photos.fill(stand.service.database, photos.SERVICE_ROWS, 50_000)
    return [
        *row.values(),
        Figure("list", "photodrop : lesson", "×", ratio, at_least=100),
        *kept,
        *cost_of_lists(stand, "new", "another_list.lua"),
        *cost_of_lists(stand, "new compressed", "another_compressed_list.lua"),
    ]


def cost_of_lists(stand, kind, script):
    groups = {"nginx + workers": stand.service.front, "PostgreSQL": stand.service.postgres}
    meter = processes.CpuMeter(groups)
    outcome = wrk.run(stand.service.url, stand.seconds, LISTS_AT_ONCE, script)
    yield Figure("list", f"  {kind} lists", "/s", [outcome.rate])
    for name, spent in meter.read().items():
        cost = [1000 * spent / outcome.requests]
        yield Figure("list", f"  {name}, a {kind} list", "ms", cost)


def fill_both(stand, count):
    photos.fill(stand.service.database, photos.SERVICE_ROWS, count)
    photos.fill(stand.lesson.database, photos.LESSON_ROWS, count)


def pages(stand):
    """100,000 photos, page by page on one connection, against the lesson's one list.

    nginx keeps a page that was asked for twice. Memory counts from when every worker has had a list.
    """
    count = 100_000
    fill_both(stand, count)
    wrk.run(stand.service.url, 1, LISTS_AT_ONCE, "another_list.lua")
    before = processes.memory_mib(stand.service.workers())
    new = [read_all(stand.service.url, count) for _ in range(2)]
    kept = [read_all(stand.service.url, count) for _ in range(stand.rounds)]
    grown = processes.memory_mib(stand.service.workers()) - before
    theirs = [read_all(stand.lesson.url, count) for _ in range(1 if stand.quick else 2)]
    fill_both(stand, 0)
    row = Figure("pages", "photodrop", "s", kept), Figure("pages", "lesson", "s", theirs)
    return [
        *row,
        Figure("pages", "lesson : photodrop", "×", [row[1].value / row[0].value], at_least=100),
        Figure("pages", "  new pages", "s", new),
        Figure("pages", "memory that workers gained", "MiB", [grown], at_most=2),
    ]


def read_all(url, count):
    """The seconds that it takes to follow the list to its end."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=120)
    path, bodies, began = place.path, [], time.monotonic()
    while path:
        connection.request("GET", path)
        answer = connection.getresponse()
        bodies.append(answer.read())
        if answer.status != 200:
            raise wrk.Unmeasurable(f"{answer.status} for {path}")
        following = re.match("<(.*)>", answer.getheader("Link", ""))
        path = following and following[1]
    took = time.monotonic() - began
    connection.close()
    photos_read = sum(body.count(b'"photo_url"') for body in bodies)
    if photos_read != count:
        raise wrk.Unmeasurable(f"{photos_read} photos of {count}")
    return took


def presign(stand):
    """One thread, no list around them."""
    done = subprocess.run(
        [PRESIGN, "--benchmark_format=json", f"--benchmark_repetitions={stand.rounds}"],
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    runs = [run for run in json.loads(done.stdout)["benchmarks"] if run["run_type"] == "iteration"]
    rates = [run["items_per_second"] for run in runs]
    return [Figure("presign", "presigned URLs on one core", "/s", rates, at_least=1e6)]


def memory(stand):
    """Of supervisor and workers: as they start, while large photos come, after many requests."""
    service = stand.service
    service.seconds_to_first_answer()
    idle = processes.memory_mib(service.workers())
    with stand.uploading(service.url, "4 MB") as outcome:
        busy = most_memory(service, outcome)
    service.settle()
    photos.empty_bucket(service.stack)
    requests = many_requests(stand)
    after = processes.memory_mib(service.workers())
    most_busy = IDLE_MIB + UPLOAD_WORKERS * MIB_PER_BUSY_WORKER
    return [
        Figure("memory", "idle", "MiB", [idle], at_most=IDLE_MIB),
        Figure("memory", "while 4 MB photos come, at most", "MiB", [busy], at_most=most_busy),
        Figure("memory", f"after {requests:,} requests", "MiB", [after], at_most=most_busy),
        Figure("memory", "lesson", "MiB", [processes.memory_mib(stand.lesson.processes())]),
    ]


def most_memory(service, outcome):
    """The most that was seen until the load ended."""
    ended, samples = threading.Event(), []

    def watch():
        while not ended.wait(0.1):
            samples.append(processes.memory_mib(service.workers()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        outcome()
    finally:
        ended.set()
        watcher.join()
    return max(samples)


def many_requests(stand):
    """Returns how many: a million, or what a few seconds allow."""
    requests, goal = 0, 50_000 if stand.quick else 1_000_000
    while requests < goal:
        requests += wrk.run(stand.service.health_url, stand.seconds, REQUESTS_AT_ONCE).requests
    return requests


def start(stand):
    """From the start of the program to the first list that nginx answers."""
    times = [1000 * stand.service.seconds_to_first_answer() for _ in range(2 * stand.rounds)]
    return [Figure("start", "serve to first answer", "ms", times, at_most=100)]


def healthz(stand):
    rates = [
        wrk.run(stand.service.health_url, stand.seconds, REQUESTS_AT_ONCE).rate
        for _ in range(stand.rounds)
    ]
    return [Figure("healthz", "GET /healthz", "/s", rates, at_least=15_000)]
