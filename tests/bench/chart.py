"""The figures as bars: an SVG that is readable on light and on dark pages."""

import html

from report import number

WIDTH, LABELS, NUMBERS = 760, 210, 110  # the bars lie between labels and numbers
TITLE, BAR, GAP, SPACE = 26, 18, 5, 18  # heights
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328; }
.title { font-weight: 600; }
.less { fill: #59636e; }
.photodrop { fill: #0969da; }
.other { fill: #8c959f; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .less { fill: #9198a1; }
  .photodrop { fill: #4493f8; }
  .other { fill: #6e7681; }
}
"""
# A panel is a title and its bars: each a label and the row and the name of a figure.
PANELS = [
    (
        "Uploads of 200 KB a second, 32 at once (more is better)",
        [
            ("straight to the store", "uploads", "direct"),
            ("photodrop", "uploads", "photodrop"),
            ("FastAPI app", "uploads", "lesson"),
        ],
    ),
    (
        "CPU milliseconds for one upload (less is better)",
        [
            ("photodrop, 200 KB", "cpu", "nginx + workers, 200 KB, HTTP"),
            ("FastAPI app, 200 KB", "cpu", "lesson, 200 KB"),
            ("photodrop, 4 MB", "cpu", "nginx + workers, 4 MB, HTTP"),
            ("FastAPI app, 4 MB", "cpu", "lesson, 4 MB"),
        ],
    ),
    (
        "Lists of 1,000 photos a second, 8 at once (more is better)",
        [
            ("photodrop, the same list", "list", "photodrop"),
            ("photodrop, another each time", "list", "  new lists"),
            ("FastAPI app", "list", "lesson"),
        ],
    ),
    (
        "Seconds for all of 100,000 photos (less is better)",
        [
            ("photodrop, again", "pages", "photodrop"),
            ("photodrop, at first", "pages", "  new pages"),
            ("FastAPI app", "pages", "lesson"),
        ],
    ),
    (
        "Memory of all its processes in MiB (less is better)",
        [
            ("photodrop, idle", "memory", "idle"),
            ("photodrop, at its busiest", "memory", "while 4 MB photos come, at most"),
            ("FastAPI app", "memory", "lesson"),
        ],
    ),
]


def draw(figures, about):
    """The panels of which all figures are there."""
    values = {(figure.row, figure.name): figure.value for figure in figures}
    parts, top = [], 0
    for title, bars in PANELS:
        if all((row, name) in values for _, row, name in bars):
            panel = [(label, values[row, name]) for label, row, name in bars]
            parts.append(draw_panel(title, panel, top))
            top += TITLE + len(bars) * (BAR + GAP) + SPACE
    note = f"{about['cores']} cores of {about['CPU']}; load, database and store on the same cores"
    parts.append(text(0, top + 13, note, "less"))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + SPACE}" role="img">\n'
        f"<title>photodrop measured against the store alone and the app that it replaces</title>\n"
        f"<style>{STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def draw_panel(title, bars, top):
    most = max(value for _, value in bars)
    lines = [text(0, top + 15, title, "title")]
    for place, (label, value) in enumerate(bars):
        y = top + TITLE + place * (BAR + GAP)
        lines += draw_bar(label, value, value / most, y)
    return "\n".join(lines)


def draw_bar(label, value, share, y):
    width = max(1, share * (WIDTH - LABELS - NUMBERS))
    kind = "photodrop" if label.startswith("photodrop") else "other"
    return [
        text(0, y + 14, label),
        f'<rect class="{kind}" x="{LABELS}" y="{y}" width="{width:.0f}" height="{BAR}" rx="2"/>',
        text(LABELS + width + 8, y + 14, number(value)),
    ]


def text(x, y, words, kind=None):
    of_kind = f' class="{kind}"' if kind else ""
    return f'<text{of_kind} x="{x:.0f}" y="{y}">{html.escape(words)}</text>'
