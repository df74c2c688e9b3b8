"""Rows of uploads: how many, what one costs, and what nginx writes."""

import photos
import processes
from bench_stand import UPLOADS_AT_ONCE
from figures import Figure, ratios
from images import padded_jpeg

LARGEST = 5 * 1024 * 1024
MOST_CPU = {
    ("200 KB", "HTTP"): 1.05,
    ("200 KB", "TLS"): 1.4,
    ("4 MB", "HTTP"): 8,
    ("4 MB", "TLS"): 12,
}
PAGE = 4096


def uploads(stand):
    """200 KB, 32 at once: straight to the store, through the service, through the lesson's app.

    A worker has one upload at a time, and waits for the store most of it. So the service has as many
    workers for them as there are uploads, which is less than its default.
    """
    service = stand.service
    with service.with_settings(UPLOAD_WORKERS=str(UPLOADS_AT_ONCE)):
        rates = stand.in_turn(
            direct=lambda: stand.put_directly("200 KB").rate,
            photodrop=lambda: stand.upload(service.url, "200 KB").rate,
            lesson=lambda: stand.upload(stand.lesson.url, "200 KB").rate,
        )
        service.settle()
        memory = processes.memory_mib(service.workers())
    photos.empty_bucket(service.stack)
    row = {name: Figure("uploads", name, "/s", samples) for name, samples in rates.items()}
    direct = ratios(row["photodrop"], row["direct"])
    lesson = ratios(row["photodrop"], row["lesson"])
    return [
        *row.values(),
        Figure("uploads", "photodrop : direct", "×", direct, at_least=0.85),
        Figure("uploads", "photodrop : lesson", "×", lesson, at_least=4),
        Figure("uploads", "  memory of its workers", "MiB", [memory]),
    ]


def cpu(stand):
    """Of nginx, supervisor and workers for one upload; of all other servers, without a target."""
    service, lesson = stand.service, stand.lesson
    groups = {
        "nginx": service.nginx,
        "workers": service.workers,
        "PostgreSQL": service.postgres,
        "Ceph": service.ceph,
    }
    figures = []
    for size in photos.PIXELS:
        costs = stand.in_turn(
            HTTP=lambda: stand.cpu_of_uploads(service.url, size, service.count, groups),
            TLS=lambda: stand.cpu_of_uploads(service.https_url, size, service.count, groups),
            lesson=lambda: stand.cpu_of_uploads(
                lesson.url, size, lesson.count, {"lesson": lesson.processes}
            ),
        )
        photos.empty_bucket(service.stack)
        figures += cpu_figures(size, costs)
    return figures


def cpu_figures(size, costs):
    for scheme in ("HTTP", "TLS"):
        both = [cost["nginx"] + cost["workers"] for cost in costs[scheme]]
        most = MOST_CPU[size, scheme]
        yield Figure("cpu", f"nginx + workers, {size}, {scheme}", "ms", both, at_most=most)
        for group in costs[scheme][0]:
            samples = [cost[group] for cost in costs[scheme]]
            yield Figure("cpu", f"  {group}, {size}, {scheme}", "ms", samples)
    yield Figure("cpu", f"lesson, {size}", "ms", [cost["lesson"] for cost in costs["lesson"]])


def disk(stand):
    """What nginx writes beside its log: nothing for a usual photo, the body for the largest."""
    service = stand.service
    largest = stand.folder / "largest.jpg"
    largest.write_bytes(padded_jpeg(LARGEST))
    stand.files["5 MiB"] = largest
    usual, large = (written_for_an_upload(stand, size) for size in ("200 KB", "5 MiB"))
    photos.empty_bucket(service.stack)
    return [
        Figure("disk", "written for 200 KB", "bytes/upload", [usual], at_most=PAGE),
        Figure("disk", "  for 5 MiB", "bytes/upload", [large]),
    ]


def written_for_an_upload(stand, size):
    service = stand.service
    log = service.stack.run_dir / "log" / "access.log"
    before, count = written_beside(service, log), service.count()
    stand.upload(service.url, size)
    count = service.count() - count
    return max(0, written_beside(service, log) - before) / count


def written_beside(service, log):
    return processes.written_bytes(service.nginx()) - log.stat().st_size
