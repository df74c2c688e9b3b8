"""What the rows measure with: both services, the photos, and how long a run is."""

import contextlib

import lesson_app
import photos
import processes
import wrk
from service import Service

UPLOADS_AT_ONCE = 32
FEW_AT_ONCE = 8  # of what a run cuts off in the end there is CPU time, but no upload


class Stand:
    def __init__(self, program, folder, quick):
        self.folder = folder
        self.program = program
        self.quick = quick
        self.rounds = 2 if quick else 5
        self.seconds = 1 if quick else 4  # of a run
        self.service = Service(program)
        self.lesson = None
        self.files = photos.write_photos(folder)

    def start(self):
        self.service.start()
        self.lesson = lesson_app.LessonApp(self.service.stack, self.folder / "lesson.log")
        self.lesson.wait_for_answer()
        for url in (self.service.url, self.lesson.url):  # connections, caches, imports
            self.upload(url, "200 KB", seconds=1)

    def close(self):
        if self.lesson:
            self.lesson.close()
        self.service.close()

    def in_turn(self, **runs):
        """Runs them all one after the other, some rounds of that; returns lists, by name."""
        results = {name: [] for name in runs}
        for _ in range(self.rounds):
            for name, run in runs.items():
                results[name].append(run())
        return results

    # The loads.

    def upload(self, url, size, seconds=None, at_once=UPLOADS_AT_ONCE):
        file = str(self.files[size])
        return wrk.run(url, seconds or self.seconds, at_once, "upload.lua", [file])

    @contextlib.contextmanager
    def uploading(self, url, size, at_once=UPLOADS_AT_ONCE):
        file = str(self.files[size])
        with wrk.running(url, self.seconds, at_once, "upload.lua", [file]) as outcome:
            yield outcome

    def put_directly(self, size):
        """To the store, by URLs that were signed before."""
        urls = self.folder / "urls"
        most = 2000 * self.seconds
        urls.write_text("\n".join(photos.presigned_paths(self.service.stack, most)) + "\n")
        endpoint = self.service.stack.env["S3_ENDPOINT_URL"]
        arguments = [str(self.files[size]), str(urls)]
        return wrk.run(endpoint, self.seconds, UPLOADS_AT_ONCE, "direct.lua", arguments)

    def cpu_of_uploads(self, url, size, count, groups):
        """The CPU milliseconds that one upload costs each group of processes."""
        before, meter = count(), processes.CpuMeter(groups)
        self.upload(url, size, at_once=FEW_AT_ONCE)
        uploads = count() - before
        return {name: 1000 * spent / uploads for name, spent in meter.read().items()}
