"""Clients that send their uploads a byte a second keep nobody else's out."""

import time

import pytest

import launch
from breakers import children_of
from crowd import assert_all_are_kept, numbered_photo
from slow_clients import many_addresses, one_address, slow_clients
from stack import wait_until

pytestmark = pytest.mark.faults

PER_ADDRESS = 8
MINUTE = 60  # seconds
MIB_FOR_A_THOUSAND = 150  # of nginx's memory


@pytest.fixture(scope="module")
def limited(stack):
    """A stack over the same database and store, whose nginx limits each address."""
    own = launch.OwnStack(stack.program())
    try:
        own.start(**launch.backing(stack), UPLOADS_PER_ADDRESS=str(PER_ADDRESS))
        yield own.stack
    finally:
        own.close()


@pytest.mark.parametrize(
    ("addresses", "admitted"),
    [(one_address(200), PER_ADDRESS), (many_addresses(1000), 1000)],
    ids=["200 of one address", "1000 of 1000 addresses"],
)
def test_slow_uploads_keep_no_honest_one_out(limited, addresses, admitted):
    before = memory_of_nginx(limited)
    answers, contents = [], []
    with slow_clients(limited, addresses) as clients:
        wait_until(lambda: clients.sending + clients.refused == len(addresses), "all to begin")
        end = time.monotonic() + MINUTE
        while time.monotonic() < end:
            contents.append(numbered_photo(len(contents), size=200_000))
            answers.append(limited.post(contents[-1]))
        grown = memory_of_nginx(limited) - before
        assert clients.sending == admitted
        assert clients.refused == len(addresses) - admitted
    assert {answer.status_code for answer in answers} == {200}
    assert_all_are_kept(limited, answers, contents)
    assert grown < MIB_FOR_A_THOUSAND


def memory_of_nginx(stack):
    """In MiB, of all its processes."""
    first = int((stack.run_dir / "nginx" / "nginx.pid").read_text())
    return sum(resident(pid) for pid in (first, *children_of(first))) / 1024


def resident(pid):
    with open(f"/proc/{pid}/status") as status:
        [line] = [line for line in status if line.startswith("VmRSS")]
    return int(line.split()[1])
