"""usage.py PROGRAM ARGUMENT...: runs it on our stdin and prints what that took, in JSON.

The CPU time in seconds, the peak memory in MiB. A peak counts from before the program's start, when
the process was one with its parent: so the parent is this one, which is small.
"""

import json
import os
import sys

NO_OUTPUT = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]


def main():
    child = os.posix_spawn(sys.argv[1], sys.argv[1:], {}, file_actions=NO_OUTPUT)
    _, status, usage = os.wait4(child, 0)
    spent = {"cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}
    print(json.dumps(spent))
    return os.waitstatus_to_exitcode(status)


if __name__ == "__main__":
    sys.exit(main())
