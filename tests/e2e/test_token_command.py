"""`photodrop token`: how tokens are made, listed and revoked, and the start that has none."""

import hashlib
import re

import pytest

ALL = "upload,read,delete"


def test_a_token_is_printed_alone_and_the_database_has_its_hash_only(stack, token, token_name):
    made = token("read,upload", name=token_name, life="90d")
    assert re.fullmatch(r"pd_[0-9a-f]{12}_[0-9a-f]{64}", made)
    ((digest, scopes, life, row),) = stack.rows(
        "SELECT encode(sha256, 'hex'), scopes, extract(day FROM expires_at - created_at)::int,"
        " photodrop_tokens::text FROM photodrop_tokens WHERE name = %s",
        token_name,
    )
    assert digest == hashlib.sha256(made.encode()).hexdigest()
    assert (scopes, life) == (["upload", "read"], 90)
    assert made.split("_")[2] not in row


def test_the_list_shows_every_token_and_no_secret(stack, token, token_name):
    made = [token("upload", name=token_name), token(name=token_name + " é", life="30m")]
    done = stack.run("token", "list")
    assert (done.returncode, done.stderr) == (0, "")
    head, *lines = done.stdout.splitlines()
    assert head.split() == ["ID", "SCOPES", "CREATED", "EXPIRES", "NAME"]
    first, second = [line for line in lines if token_name in line]
    time = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    assert re.fullmatch(rf"[0-9a-f]{{12}}  upload +{time}  never +{token_name}", first)
    assert re.fullmatch(rf"[0-9a-f]{{12}}  {ALL} +{time}  {time} +{token_name} é", second)
    assert head.index("NAME") == first.index(token_name) == second.index(token_name)
    assert not [text for text in made if text.split("_")[2] in done.stdout]


def test_a_name_is_given_to_one_token(stack, token, token_name):
    token(name=token_name)
    done = stack.run("token", "create", token_name, "--scope", "read")
    assert (done.returncode, done.stdout) == (1, "")
    assert f'There is a token "{token_name}" already' in done.stderr


def test_what_is_not_there_cannot_be_revoked(stack, token_name):
    done = stack.run("token", "revoke", token_name)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f'photodrop: There is no token "{token_name}".\n'


def test_a_token_without_a_scope_is_answered_with_the_usage(stack, token_name):
    done = stack.run("token", "create", token_name)
    assert (done.returncode, done.stdout) == (2, "")
    assert "photodrop token create NAME --scope" in done.stderr


@pytest.mark.parametrize(
    "auth, server_name, warns",
    [
        ("off", "photos.example", True),
        ("off", "localhost", False),
        ("write", "photos.example", False),
        (None, "photos.example", True),
    ],
)
def test_a_start_that_lets_the_public_in_warns(spare, auth, server_name, warns):
    with spare.serving(AUTH=auth, SERVER_NAME=server_name):
        lines = [line for line in spare.served_log().splitlines() if "AUTH is off" in line]
        assert len(lines) == warns
        assert not warns or '"level":"warning"' in lines[0]
