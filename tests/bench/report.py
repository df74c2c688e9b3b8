"""The figures, for people and for programs."""

import json

WIDTHS = "{:<52}{:>12} {:<13}{:>10}  {}"


def print_machine(about):
    for name, text in about.items():
        print(f"{name:18}{text}")
    print("\nThe load generator, the database and the store run on the same cores.", flush=True)


def print_row(name, figures):
    print(f"\n{name}")
    for figure in figures:
        print(line_of(figure), flush=True)


def line_of(figure):
    verdict = {None: "", True: "reached", False: "not reached"}[figure.reached]
    texts = (number(figure.value), figure.unit, figure.target or "", verdict)
    return WIDTHS.format("  " + figure.name, *texts).rstrip()


def number(value):
    """Three digits that count, or all before the point."""
    if value and abs(value) < 100:
        return f"{value:.3g}"
    return f"{value:,.0f}"


def print_summary(figures):
    goals = [figure for figure in figures if figure.target]
    print(f"\n{sum(figure.reached for figure in goals)} of {len(goals)} targets reached")


def write_json(path, about, figures):
    content = {"machine": about, "figures": [as_json(figure) for figure in figures]}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def as_json(figure):
    names = ("row", "name", "unit", "value", "samples", "target", "reached")
    return {name: getattr(figure, name) for name in names}
