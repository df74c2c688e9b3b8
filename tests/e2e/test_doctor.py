"""`photodrop doctor` on the running stack: all well, and one part broken at a time."""

import re
import subprocess
import urllib.parse

import pytest

import launch

LABELS = ("ok  ", "warn", "FAIL", "skip")
CHECKS = [
    "settings",
    *[f"database {what}" for what in ("reach", "rights", "migrations", "connections")],
    *[f"store {what}" for what in ("reach", "addressing", "clock", "region", "bucket")],
    *[f"store {what}" for what in ("round trip", "public URL", "versioning")],
    "nginx body limit",
]
LIMIT = 5242880  # the default of MAX_IMAGE_SIZE_BYTES
NOWHERE = "http://127.0.0.1:1"


class Report:
    """What the doctor printed: a verdict, a text and perhaps a hint for each check."""

    def __init__(self, done):
        self.status = done.returncode
        self.output = done.stdout
        self.names, self.verdicts, self.texts, self.hints = [], {}, {}, {}
        for line in done.stdout.splitlines():
            if line.startswith("      -> "):
                self.hints[self.names[-1]] = line[9:]
                continue
            assert line[:4] in LABELS and line[4:6] == "  ", line
            name, text = line[6:].split(": ", 1)
            self.names.append(name)
            self.verdicts[name] = line[:4].strip()
            self.texts[name] = text

    def failed(self):
        return [name for name in self.names if self.verdicts[name] == "FAIL"]

    def skipped(self):
        return [name for name in self.names if self.verdicts[name] == "skip"]


@pytest.fixture
def doctor(stack, folder):
    """Runs the doctor with the stack's settings and these changes; None takes one away."""

    def run(*arguments, **changes):
        settings = {**launch.backing(stack), **changes}
        settings = {name: text for name, text in settings.items() if text is not None}
        done = subprocess.run(
            [stack.program(), "doctor", *arguments],
            cwd=folder,
            env=settings,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert_no_secret(done, {**launch.backing(stack), **settings})
        assert done.returncode in (0, 1, 2), done.stderr
        return Report(done)

    return run


def assert_no_secret(done, settings):
    password = urllib.parse.urlsplit(settings["DATABASE_URL"]).password
    secrets = [password, settings["AWS_ACCESS_KEY"], settings["AWS_SECRET_KEY"]]
    words = [secret for secret in secrets if secret] + ["X-Amz-", "Signature=", "AWS4-HMAC"]
    assert not [word for word in words if word in done.stdout + done.stderr]


def expect_one_fault(report, name, hint):
    assert report.status == 1
    assert report.failed() == [name], report.output
    assert re.search(hint, report.hints[name]), report.hints[name]


@pytest.mark.usefixtures("unchanged")
def test_all_is_well_with_a_healthy_stack(doctor, stack):
    report = doctor("--url", stack.http_url)
    assert report.names == CHECKS
    assert set(report.verdicts.values()) == {"ok"}, report.output
    assert (report.status, report.hints) == (0, {})
    assert "\x1b" not in report.output


@pytest.mark.usefixtures("unchanged")
def test_nginx_is_asked_only_by_its_url(doctor):
    report = doctor()
    assert report.status == 0
    assert report.skipped() == ["nginx body limit"]
    assert "--url" in report.texts["nginx body limit"]


def test_the_store_is_stopped(doctor, stopped_store):
    report = doctor()
    expect_one_fault(report, "store reach", "must run")
    assert report.skipped()[:7] == CHECKS[6:13]


def test_the_database_is_stopped(doctor, stopped_database):
    report = doctor()
    expect_one_fault(report, "database reach", "DATABASE_URL")
    assert "Connection refused" in report.texts["database reach"]
    assert report.skipped()[:3] == CHECKS[2:5]


@pytest.mark.usefixtures("unchanged")
@pytest.mark.parametrize(
    "setting, value, code, hint",
    [
        ("BUCKET_NAME", "no-such-bucket", "NoSuchBucket", "BUCKET_NAME"),
        ("AWS_SECRET_KEY", "a-wrong-secret", "SignatureDoesNotMatch", "AWS_SECRET_KEY"),
        ("AWS_ACCESS_KEY", "a-wrong-key", "InvalidAccessKeyId", "AWS_ACCESS_KEY"),
    ],
)
def test_the_bucket_or_a_key_is_wrong(doctor, setting, value, code, hint):
    report = doctor(**{setting: value})
    expect_one_fault(report, "store bucket", hint)
    assert code in report.texts["store bucket"]
    assert report.verdicts["store round trip"] == "skip"


def test_the_store_is_something_else(doctor, stack):
    report = doctor(S3_ENDPOINT_URL=stack.http_url)
    expect_one_fault(report, "store bucket", "S3_ENDPOINT_URL")


def test_the_store_has_a_certificate_that_nobody_knows(doctor, stack):
    report = doctor(S3_ENDPOINT_URL=stack.https_url)
    expect_one_fault(report, "store reach", "certificate")


@pytest.mark.usefixtures("unchanged")
def test_readers_do_not_reach_the_store(doctor, stack):
    report = doctor(S3_PUBLIC_URL=NOWHERE)
    expect_one_fault(report, "store public URL", "S3_PUBLIC_URL")
    report = doctor(S3_PUBLIC_URL=stack.http_url)
    expect_one_fault(report, "store public URL", "S3_PUBLIC_URL")


@pytest.fixture
def versioned_bucket(stack):
    name = "photodrop-versioned"
    store = stack.store()
    store.create_bucket(Bucket=name)
    store.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    yield name
    versions = store.list_object_versions(Bucket=name)
    for item in versions.get("Versions", []) + versions.get("DeleteMarkers", []):
        store.delete_object(Bucket=name, Key=item["Key"], VersionId=item["VersionId"])
    store.delete_bucket(Bucket=name)


def test_versioning_is_a_warning_and_no_fault(doctor, versioned_bucket):
    report = doctor(BUCKET_NAME=versioned_bucket)
    assert (report.status, report.verdicts["store versioning"]) == (0, "warn")
    assert "noncurrent" in report.hints["store versioning"]


def test_more_workers_than_connections_are_a_warning(doctor):
    report = doctor(WORKERS="1000")
    assert (report.status, report.verdicts["database connections"]) == (0, "warn")


# nginx passes 1 MiB more than a photo: up to there it is the worker that refuses.
@pytest.mark.parametrize("more", [1, 2 * 1024 * 1024])
@pytest.mark.usefixtures("unchanged")
def test_the_service_takes_less_than_the_settings_say(doctor, stack, more):
    report = doctor("--url", stack.http_url, MAX_IMAGE_SIZE_BYTES=str(LIMIT + more))
    expect_one_fault(report, "nginx body limit", "client_max_body_size")
    assert "413 too-large" in report.texts["nginx body limit"]


@pytest.mark.usefixtures("unchanged")
def test_the_service_takes_more_than_the_settings_say(doctor, stack):
    report = doctor("--url", stack.http_url, MAX_IMAGE_SIZE_BYTES=str(LIMIT - 1))
    assert (report.status, report.verdicts["nginx body limit"]) == (0, "warn")


def test_nobody_serves_behind_nginx(doctor, spare):
    report = doctor("--url", spare.stack.http_url)
    expect_one_fault(report, "nginx body limit", "photodrop serve")


def test_the_service_is_not_there(doctor, stack):
    for url in (NOWHERE, stack.https_url, stack.env["S3_ENDPOINT_URL"]):
        report = doctor("--url", url)
        assert (report.status, report.failed()) == (1, ["nginx body limit"])


def test_each_wrong_setting_is_a_line_and_the_end(doctor):
    report = doctor(AWS_SECRET_KEY=None, WORKERS="many")
    assert report.status == 1
    assert report.names == ["settings", "settings"]
    assert "FAIL  settings: AWS_SECRET_KEY is missing.\n" in report.output
    assert "FAIL  settings: WORKERS must be a whole number" in report.output


@pytest.mark.parametrize("arguments", [["--fix"], ["--url"], ["--url", "localhost"]])
def test_other_options_are_answered_with_the_usage(doctor, arguments):
    report = doctor(*arguments)
    assert (report.status, report.output) == (2, "")
