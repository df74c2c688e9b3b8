"""The benchmark that scripts/bench runs: a stack of its own, the lesson's app beside it, the rows.

What is measured, and the load that measures it, share the machine's cores: figures compare within
one run and on one machine. Nothing is judged: the status is 1 when a row could not be measured.
"""

import argparse
import pathlib
import signal
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "e2e"))

import chart  # noqa: E402
import machine  # noqa: E402
import report  # noqa: E402
from bench_stand import Stand  # noqa: E402
from rows import ROWS  # noqa: E402
from wrk import Unmeasurable  # noqa: E402

ENDINGS = signal.SIGINT, signal.SIGTERM, signal.SIGHUP


def arguments():
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--program", required=True)
    parser.add_argument("--out", type=pathlib.Path, required=True)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("rows", nargs="*", metavar="ROW")
    given = parser.parse_args()
    if unknown := set(given.rows) - set(ROWS):
        parser.error(f"no such row: {', '.join(unknown)}; there are {', '.join(ROWS)}")
    return given


def measure(stand, names):
    """Prints each row as it comes; returns the figures and how many rows could not be measured."""
    figures, failures = [], 0
    for name in names:
        try:
            row = ROWS[name](stand)
            report.print_row(name, row)
            figures += row
        except Exception as error:  # the others can be measured all the same
            failures += 1
            print(f"\n{name} could not be measured: {error}", flush=True)
            if not isinstance(error, Unmeasurable):
                traceback.print_exc()
    return figures, failures


def main():
    given = arguments()
    for number in ENDINGS:
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    about = machine.describe()
    report.print_machine(about)
    with tempfile.TemporaryDirectory(prefix="photodrop-bench-") as folder:
        stand = Stand(given.program, pathlib.Path(folder), given.quick)
        try:
            stand.start()
            figures, failures = measure(stand, given.rows or ROWS)
        finally:
            for number in ENDINGS:
                signal.signal(number, signal.SIG_IGN)  # a second one must not leave it half stopped
            stand.close()
    report.write_json(given.out / "results.json", about, figures)
    (given.out / "chart.svg").write_text(chart.draw(figures, about))
    report.print_summary(figures)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
