"""A database and a bucket that the lesson's app filled are taken over as they are."""

import uuid

import psycopg2
import pytest
import requests

import launch
from images import FORMATS, JPEG
from stack import ask_database
from test_uploads import MEMBERS

# What SQLAlchemy makes of the lesson's model, and the statements that its app sends.
LESSON_TABLE = """
    CREATE TABLE photos (id SERIAL NOT NULL, photo_name VARCHAR NOT NULL, PRIMARY KEY (id));
    CREATE INDEX ix_photos_id ON photos (id)
"""
LESSON_INSERT = "INSERT INTO photos (photo_name) VALUES (%s) RETURNING photos.id"
LESSON_SELECT = "SELECT photos.id, photos.photo_name FROM photos"

# The lesson put the client's name into the key as it came.
FILENAMES = {
    "cat.jpg": "jpeg",
    "my cat  twice.png": "png",
    "größe 猫 🐈.gif": "gif",
    "a+b.webp": "webp",
    "100%.jpg": "jpeg",
    "100%25 %2F.jpg": "jpeg",
    "it's \"quoted\".jpg": "jpeg",
    "a&b=c?d#e;f,g.jpg": "jpeg",
    "C:\\photos\\cat.jpg": "jpeg",
    "~(cat)*!$@[1]{2}<3>|^`.jpg": "jpeg",
    "a//b/c.jpg": "jpeg",
    "": "jpeg",
}


class Lesson:
    """A database and a bucket of their own, and what the lesson's app does with them."""

    def __init__(self, stack):
        self.store = stack.store()
        self.name = f"lesson-{uuid.uuid4()}"
        self.server_url = stack.env["DATABASE_URL"]
        self.url = self.server_url.rpartition("/")[0] + "/" + self.name
        self.settings = {
            **launch.backing(stack),
            "DATABASE_URL": self.url.replace("postgresql://", "postgresql+psycopg://"),
            "BUCKET_NAME": self.name,
        }

    def make(self):
        self.on_server(f'CREATE DATABASE "{self.name}"')
        self.store.create_bucket(Bucket=self.name)
        self.execute(LESSON_TABLE)

    def remove(self):
        for item in self.store.list_objects_v2(Bucket=self.name).get("Contents", []):
            self.store.delete_object(Bucket=self.name, Key=item["Key"])
        self.store.delete_bucket(Bucket=self.name)
        self.on_server(f'DROP DATABASE "{self.name}"')

    def on_server(self, sql):
        connection = psycopg2.connect(self.server_url)
        connection.autocommit = True  # databases are not made in transactions
        try:
            connection.cursor().execute(sql)
        finally:
            connection.close()

    def execute(self, sql, *parameters):
        return ask_database(self.url, sql, *parameters)

    def upload(self, filename, image_format):
        """Returns the id of the photo's row."""
        key = f"{uuid.uuid4()}_{filename}"
        content_type = f"image/{image_format}"
        body = FORMATS[image_format]
        self.store.put_object(Bucket=self.name, Key=key, Body=body, ContentType=content_type)
        ((id_,),) = self.execute(LESSON_INSERT, key)
        return id_


@pytest.fixture(scope="module")
def lesson(stack):
    lesson = Lesson(stack)
    lesson.make()
    yield lesson
    lesson.remove()


@pytest.fixture(scope="module")
def lesson_ids(lesson):
    return [lesson.upload(name, image_format) for name, image_format in FILENAMES.items()]


@pytest.fixture(scope="module")
def own(stack, lesson):
    own = launch.OwnStack(stack.program())
    yield own
    own.close()


@pytest.fixture(scope="module")
def adopted(own, lesson, lesson_ids):
    """A stack over what the lesson's app has left."""
    return own.start(**lesson.settings)


def test_every_photo_of_the_lesson_is_listed(adopted, lesson_ids):
    assert [photo["id"] for photo in adopted.list()][: len(lesson_ids)] == lesson_ids


def test_every_photo_of_the_lesson_opens_whatever_its_name(adopted, lesson_ids):
    for photo, (name, image_format) in zip(adopted.list(), FILENAMES.items()):
        opened = requests.get(photo["photo_url"], timeout=60)
        assert opened.status_code == 200, (name, opened.text)
        assert opened.content == FORMATS[image_format], name
        assert opened.headers["Content-Type"] == f"image/{image_format}", name


def test_what_the_lesson_did_not_record_is_null(adopted, lesson_ids):
    for photo in adopted.list()[: len(lesson_ids)]:
        assert list(photo) == MEMBERS
        known = {name for name, value in photo.items() if value is not None}
        assert known == {"id", "photo_url", "image_url", "thumbnail_url", "expires_at"}


def test_new_photos_continue_the_ids_and_stand_beside_the_old(adopted, lesson_ids):
    newest = adopted.list()[-1]["id"]
    answer = adopted.post(JPEG, "new.jpg")
    assert answer.json()["id"] == newest + 1
    assert adopted.list()[-1]["filename"] == "new.jpg"
    assert [photo["id"] for photo in adopted.list()][: len(lesson_ids)] == lesson_ids


def test_the_app_of_the_lesson_goes_on_beside_us(adopted, lesson):
    id_ = lesson.upload("later.jpg", "jpeg")
    photo = adopted.list()[-1]
    assert photo["id"] == id_
    assert requests.get(photo["photo_url"], timeout=60).content == JPEG
    ids = [id_ for id_, _ in lesson.execute(LESSON_SELECT)]
    assert sorted(ids) == [photo["id"] for photo in adopted.list()]


def test_migrating_once_more_changes_nothing(adopted, lesson):
    before = lesson.execute("SELECT * FROM photos ORDER BY id")
    again = adopted.run("migrate")
    assert (again.returncode, again.stdout) == (0, "the database is up to date\n")
    assert lesson.execute("SELECT * FROM photos ORDER BY id") == before


def test_ids_may_outgrow_the_thirty_two_bits_of_the_lesson(adopted, lesson):
    lesson.execute("SELECT setval('photos_id_seq', %s)", 2**31 - 1)
    assert adopted.post(JPEG).json()["id"] == 2**31


def test_no_part_was_started_that_there_was_already(own, adopted):
    programs = {line.split()[0].rpartition("/")[2] for line in own.processes().values()}
    assert programs == {"photodrop", "nginx:"}
