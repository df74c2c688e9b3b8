"""What the scripts share, where a whole stack would show a fault only now and then."""

import subprocess

from stack import CHECKOUT

# A program that does nothing but execute itself; in between it has no command line.
RESTLESS = '#!/bin/bash\nexec bash "$0" words\n'
LOOK_OFTEN = """
source scripts/lib.sh
bash "$1/restless" words &
echo $! >"$1/pid"
wait_until 10 'the start' running "$1/pid" restless >/dev/null
for _ in {1..200}; do running "$1/pid" restless >/dev/null || echo missed; done
kill $!
"""


def test_a_process_that_executes_another_program_is_running_all_along(tmp_path):
    (tmp_path / "restless").write_text(RESTLESS)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", LOOK_OFTEN, "test", tmp_path],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
