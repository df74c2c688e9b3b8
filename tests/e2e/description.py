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
        """`answer` is one of requests'. What has no route or no such method is answered by a
        problem, and a preflight by nothing."""
        method = answer.request.method
        status = answer.status_code
        path = urllib.parse.unquote(urllib.parse.urlsplit(answer.url).path)
        route = self.route(path)
        operation = (self.document["paths"][route] if route else {}).get(
            {"HEAD": "get"}.get(method, method.lower())
        )
        if operation:
            if str(status) not in operation["responses"]:
                raise Undescribed(f"{method} {route} is answered by {status}, which is not described")
            response = operation["responses"][str(status)]
        elif method == "OPTIONS" and status == 204:
            return
        else:
            response = self._problem(method, path, status)
        place = self._place(route, method, status, response)
        self._check_headers(answer, self.resolved(response))
        if has_body and method != "HEAD":
            self._check_body(answer, self.resolved(response), place)

    def _problem(self, method, path, status):
        """The response that has this status; nothing succeeds that is not described."""
        for name, response in self.document["components"]["responses"].items():
            if response["content"]["application/problem+json"]["example"]["status"] == status:
                return {"$ref": f"#/components/responses/{name}"}
        raise Undescribed(f"{method} {path} is answered by {status}, and is not described")

    def _place(self, route, method, status, response):
        if "$ref" in response:
            return response["$ref"][1:]
        steps = ["", "paths", route, {"HEAD": "get"}.get(method, method.lower()), "responses", str(status)]
        return "/".join(step.replace("~", "~0").replace("/", "~1") for step in steps)

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
