"""The rows of the table, by the names that scripts/bench takes."""

import rows_images
import rows_more
import rows_scale
import rows_slow
import rows_uploads

ROWS = {
    "uploads": rows_uploads.uploads,
    "cpu": rows_uploads.cpu,
    "disk": rows_uploads.disk,
    "list": rows_more.lists,
    "pages": rows_more.pages,
    "presign": rows_more.presign,
    "images": rows_images.images,
    "memory": rows_more.memory,
    "start": rows_more.start,
    "healthz": rows_more.healthz,
    "commits": rows_scale.commits,
    "hosts": rows_scale.hosts,
    "far": rows_slow.far,
    "thumbnails": rows_slow.thumbnails,
    "slow": rows_slow.slow,
}
