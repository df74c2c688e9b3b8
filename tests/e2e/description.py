"""The API's description, and whether an answer is as it says."""

import fnmatch
import json
import re
import urllib.parse

import jsonschema
import requests

from stack import CHECKOUT

FILE = CHECKOUT / "nginx" / "www" / "openapi.json"
SAMPLE = 20  # so many items of a list are looked at: a thousand would take their time


class Undescribed(AssertionError):
    """An answer is not as the description says."""


class Description:
    def __init__(self, document):
        self.document = document
        self._resolver = jsonschema.RefResolver.from_schema(document)
        self._routes = [(self._pattern(path), path) for path in document["paths"]]

    @classmethod
    def of_the_service(cls):
        return cls(json.loads(FILE.read_text()))

    @staticmethod
    def _pattern(path):
        return re.compile(re.sub(r"\{\w+\}", "[^/]+", path))

    def resolved(self, value):
        """What the value refers to, or itself; a schema refers for itself."""
        while "$ref" in value:
            value = self._resolver.resolve(value["$ref"])[1]
        return value

    def check_schema(self, place, value):
        """`place` is the schema's JSON pointer."""
        schema = {"$ref": f"#{place}"}
        validator = jsonschema.Draft202012Validator(schema, resolver=self._resolver)
        error = jsonschema.exceptions.best_match(validator.iter_errors(value))
        if error:
            raise Undescribed(f"{place}: {error.message} at {error.json_path}")

    def route(self, path):
        """The described path that leads there, None if there is none."""
        return next((route for form, route in self._routes if form.fullmatch(path)), None)

    def has(self, url):
        """Whether the API is asked, rather than the store or the page."""
        path = urllib.parse.urlsplit(url).path
        return path.startswith("/api/") or self.route(path) is not None

    def check(self, answer, has_body=True):
        """`answer` is one of requests'."""
        place = self._place_of_response(answer)
        if place is None:
            return
        response = self._resolver.resolve(f"#{place}")[1]
        if "$ref" in response:
            place, response = response["$ref"][1:], self.resolved(response)
        self._check_headers(answer, response)
        if has_body and answer.request.method != "HEAD":
            self._check_body(answer, response, place)

    def _place_of_response(self, answer):
        """The JSON pointer of what the answer has to be. What has no route, or no such method, is
        answered by a problem; a preflight by nothing, for which there is none."""
        method, status = answer.request.method, str(answer.status_code)
        route = self.route(urllib.parse.unquote(urllib.parse.urlsplit(answer.url).path))
        name = "get" if method == "HEAD" else method.lower()
        operation = self.document["paths"].get(route, {}).get(name)
        if operation and status in operation["responses"]:
            escaped = route.replace("/", "~1")
            return f"/paths/{escaped}/{name}/responses/{status}"
        if operation:
            raise Undescribed(f"{method} {route} is answered by {status}, which is not described")
        return None if (method, status) == ("OPTIONS", "204") else self._place_of_problem(answer)

    def _place_of_problem(self, answer):
        for name, response in self.document["components"]["responses"].items():
            example = response["content"]["application/problem+json"]["example"]
            if example["status"] == answer.status_code:
                return f"/components/responses/{name}"
        what = f"{answer.request.method} {answer.url}"
        raise Undescribed(f"{what} is answered by {answer.status_code}, and is not described")

    def _check_headers(self, answer, response):
        for name, header in response.get("headers", {}).items():
            if name in answer.headers:
                self.check_schema(f"{header['$ref'][1:]}/schema", answer.headers[name])
            elif self.resolved(header).get("required"):
                raise Undescribed(f"{answer.url}: {answer.status_code} without {name}")

    def _check_body(self, answer, response, place):
        content = response.get("content")
        if not content:
            if answer.content:
                raise Undescribed(f"{answer.url}: {answer.status_code} with a body")
            return
        media_type = answer.headers["Content-Type"].partition(";")[0]
        if not any(fnmatch.fnmatchcase(media_type, described) for described in content):
            raise Undescribed(f"{answer.url}: {answer.status_code} of type {media_type}")
        if media_type.endswith("json"):
            value = answer.json()
            value = value[:SAMPLE] if isinstance(value, list) else value
            escaped = media_type.replace("/", "~1")
            self.check_schema(f"{place}/content/{escaped}/schema", value)


def watch_requests(description, patch):
    """From now on every answer that requests gets of the API has to be as it is described."""
    send = requests.Session.send

    def checked(session, request, **options):
        answer = send(session, request, **options)
        if description.has(answer.url):
            description.check(answer, has_body=not options.get("stream"))
        return answer

    patch.setattr(requests.Session, "send", checked)
