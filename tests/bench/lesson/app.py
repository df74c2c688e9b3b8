"""The app that photodrop replaces, as its lesson has it: FastAPI, boto3, SQLAlchemy.

Routes, order of work, settings, table and answers are the lesson's: an upload's declared type and
its size are checked, boto3 sends the file under a UUID and its name, one row is committed and read
back, and the list is the whole table with a presigned URL for each row. The spelling is that of
Debian 12's SQLAlchemy 1.4 and pydantic 1. Errors of the store are not handled: a run of the
benchmark that meets one has failed.
"""

import os
import typing
import uuid

import boto3
import fastapi
import fastapi.middleware.cors
import pydantic
import sqlalchemy
from sqlalchemy.orm import declarative_base, sessionmaker

TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp")
MOST_BYTES = 5 * 1024 * 1024
BUCKET = os.environ["BUCKET_NAME"]

engine = sqlalchemy.create_engine(os.environ["DATABASE_URL"])
Session = sessionmaker(bind=engine)
Base = declarative_base()


class Row(Base):
    __tablename__ = "photos"

    id = sqlalchemy.Column(sqlalchemy.Integer, primary_key=True, index=True)
    photo_name = sqlalchemy.Column(sqlalchemy.String, nullable=False)


class Photo(pydantic.BaseModel):
    id: int
    photo_url: typing.Optional[str] = None


s3 = boto3.client(
    "s3",
    endpoint_url=os.environ["S3_ENDPOINT_URL"],
    aws_access_key_id=os.environ["AWS_ACCESS_KEY"],
    aws_secret_access_key=os.environ["AWS_SECRET_KEY"],
    region_name="us-east-1",
)
app = fastapi.FastAPI()
app.add_middleware(
    fastapi.middleware.cors.CORSMiddleware,
    allow_origins=["http://localhost:5173"],
    allow_credentials=True,
    allow_methods=["*"],
    allow_headers=["*"],
)


def signed_url(name):
    return s3.generate_presigned_url(
        "get_object", Params={"Bucket": BUCKET, "Key": name}, ExpiresIn=604800
    )


def is_acceptable(photo):
    photo.file.seek(0, os.SEEK_END)
    size = photo.file.tell()
    photo.file.seek(0)
    return photo.content_type in TYPES and size <= MOST_BYTES


@app.get("/api/photos", response_model=typing.List[Photo])
def list_photos():
    with Session() as session:
        rows = session.execute(sqlalchemy.select(Row)).scalars().all()
    return [Photo(id=row.id, photo_url=signed_url(row.photo_name)) for row in rows]


@app.post("/api/photos", response_model=Photo)
def upload_photo(photo: fastapi.UploadFile):
    if not is_acceptable(photo):
        raise fastapi.HTTPException(status_code=400, detail="Photo upload failed")
    name = f"{uuid.uuid4()}_{photo.filename}"
    s3.upload_fileobj(photo.file, BUCKET, name, ExtraArgs={"ContentType": photo.content_type})
    with Session() as session:
        row = Row(photo_name=name)
        session.add(row)
        session.commit()
        session.refresh(row)
        return Photo(id=row.id, photo_url=signed_url(row.photo_name))


def make_table():
    Base.metadata.create_all(bind=engine)
