"""The row of what images cost: a thumbnail, and a small file that claims to be a huge picture."""

import http.client
import json
import pathlib
import subprocess
import sys
import time
import urllib.parse

import launch
import photos
import processes
import wrk
from figures import Figure

USAGE = pathlib.Path(__file__).parent / "usage.py"
REFUSALS = 300, 3000  # quick, full


def images(stand):
    """A thumbnail of 12 megapixels; 5 KB that claim 65,000 × 65,000 pixels, one after the other."""
    spent = shrink_often(stand)
    meter = processes.CpuMeter({"front": stand.service.front})
    times = refusal_times(stand.service.url, REFUSALS[not stand.quick])
    front = 1000 * meter.read()["front"] / len(times)
    return [
        Figure("images", "thumbnail of 12 MP, CPU", "ms", spent["cpu"], at_most=150),
        Figure("images", "thumbnail of 12 MP, peak memory", "MiB", spent["memory"], at_most=95),
        Figure("images", "refusal of 65,000 × 65,000", "ms", times, at_most=10),
        Figure("images", "  CPU of nginx + workers", "ms", [front]),
    ]


def shrink_often(stand):
    """The milliseconds and MiB of each run."""
    photo = photos.write_camera_photo(stand.folder)
    program = pathlib.Path(stand.program).with_name(launch.THUMBNAIL_PROGRAM)
    runs = [usage_of([program, "640"], photo) for _ in range(4 * stand.rounds)]
    return {"cpu": [1000 * run["cpu"] for run in runs], "memory": [run["memory"] for run in runs]}


def usage_of(command, path):
    with path.open("rb") as file:
        done = subprocess.run(
            [sys.executable, USAGE, *command], stdin=file, stdout=subprocess.PIPE, check=True
        )
    return json.loads(done.stdout)


def refusal_times(url, count):
    """The milliseconds of each upload, on one connection."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=10)
    times = [1000 * seconds_to_refusal(connection, place.path) for _ in range(count)]
    connection.close()
    return times


def seconds_to_refusal(connection, path):
    began = time.monotonic()
    connection.request("POST", path, photos.HUGE_CLAIM, {"Content-Type": "image/jpeg"})
    answer = connection.getresponse()
    body = json.loads(answer.read())
    took = time.monotonic() - began
    if body["code"] != "invalid-image":
        raise wrk.Unmeasurable(f"{answer.status} {body} for 65,000 × 65,000 pixels")
    return took
