"""openapi.json is whole, and true: of the routes, codes and fields in the source, by its examples,
and by every answer in these tests, which conftest.py holds against it."""

import copy
import re

import jsonschema
import pytest
import requests

import description as api
from stack import CHECKOUT

METHODS = {"get", "post", "delete"}


@pytest.fixture
def changed(description):
    """A description in which the test may change something."""
    return api.Description(copy.deepcopy(description.document))


def nodes(value, place=""):
    """Everything in the document with its JSON pointer."""
    yield place, value
    entries = enumerate(value) if isinstance(value, list) else ()
    for key, inner in value.items() if isinstance(value, dict) else entries:
        escaped = str(key).replace("~", "~0").replace("/", "~1")
        yield from nodes(inner, f"{place}/{escaped}")


def operations(document):
    for path, item in document["paths"].items():
        for method in METHODS & item.keys():
            yield method.upper(), path, item[method]


def test_it_is_served_as_json(stack, description):
    answer = requests.get(stack.http_url + "/openapi.json", timeout=60)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json() == description.document
    assert description.document["openapi"] == "3.1.0"


def test_all_that_is_referred_to_is_there_and_all_that_is_there_is_referred_to(description):
    everything = [value for _, value in nodes(description.document) if isinstance(value, dict)]
    found = {value["$ref"] for value in everything if "$ref" in value}
    for reference in found:
        description.resolved({"$ref": reference})
    for kind, parts in description.document["components"].items():
        for name in parts if kind != "securitySchemes" else ():
            assert f"#/components/{kind}/{name}" in found


def test_every_schema_is_one_and_every_example_is_of_it(description):
    schemas, examples = 0, 0
    for place, value in nodes(description.document):
        if not isinstance(value, dict) or not isinstance(value.get("schema"), dict):
            continue
        schemas += 1
        jsonschema.Draft202012Validator.check_schema(value["schema"])
        named = [description.resolved(one)["value"] for one in value.get("examples", {}).values()]
        for example in named + ([value["example"]] if "example" in value else []):
            examples += 1
            description.check_schema(f"{place}/schema", example)
    assert schemas > 40 and examples > 30


def test_every_operation_has_a_name_of_its_own_and_a_summary(description):
    described = [operation for _, _, operation in operations(description.document)]
    assert len({operation["operationId"] for operation in described}) == len(described)
    assert all(operation["summary"] for operation in described)


def test_the_routes_are_those_of_the_source(description):
    files = ("photo_api.cc", "health_api.cc")
    source = "".join((CHECKOUT / "src" / "api" / file).read_text() for file in files)
    routes = set(re.findall(r'router\.add\("([A-Z]+)", "(/[^_"][^"]*)"', source))
    described = {(method, path) for method, path, _ in operations(description.document)}
    assert described == routes | {("GET", "/config.json")}  # which is nginx's own


def test_the_codes_are_those_of_the_worker_and_of_nginx(description):
    worker = (CHECKOUT / "src" / "http" / "problem.cc").read_text()
    codes = {code for _, code in re.findall(r'return \{(\d+), "([a-z-]+)"\};', worker)}
    nginx = (CHECKOUT / "nginx" / "photodrop-errors.conf.template").read_text()
    lines = re.search(r"map \$status \$photodrop_problem_code \{(.*?)\}", nginx, re.DOTALL)[1]
    codes |= set(re.findall(r"(?:\d+|default) +([a-z-]+);", lines))
    codes -= {"request-timeout"}  # nginx sends no answer then
    components = description.document["components"]
    assert set(components["schemas"]["Problem"]["properties"]["code"]["enum"]) == codes
    used = set()
    for response in components["responses"].values():
        code = response["content"]["application/problem+json"]["schema"]["properties"]["code"]
        used |= set(code.get("enum", [code.get("const")]))
    assert used == codes


# That a difference is found, whatever it is.


@pytest.fixture
def answers(stack):
    """A photo's, the list's, a refusal, and one of nginx's own."""
    photo = requests.get(stack.photos_url, params={"limit": 1}, timeout=60)
    return {
        "list": photo,
        "refusal": requests.get(stack.photos_url, params={"limit": 0}, timeout=60),
        "nothing": requests.get(stack.http_url + "/api/nothing", timeout=60),
        "method": requests.put(stack.photos_url, timeout=60),
    }


def test_a_status_that_is_not_described_is_found(changed, answers):
    del changed.document["paths"]["/api/photos"]["get"]["responses"]["200"]
    with pytest.raises(api.Undescribed, match="answered by 200, which is not described"):
        changed.check(answers["list"])


def test_a_route_that_is_not_described_is_found(changed, answers):
    del changed.document["paths"]["/api/photos"]["get"]
    with pytest.raises(api.Undescribed, match="200, and is not described"):
        changed.check(answers["list"])
    changed.check(answers["nothing"])
    changed.check(answers["method"])


@pytest.mark.parametrize("kind", ["additional", "missing", "other"])
def test_a_body_of_another_form_is_found(changed, answers, kind):
    problem = changed.document["components"]["schemas"]["Problem"]
    if kind == "additional":
        del problem["properties"]["detail"]
    elif kind == "missing":
        problem["required"].append("instance")
    else:
        problem["properties"]["type"] = {"const": "about:nothing"}
    for name in ("refusal", "nothing", "method"):
        with pytest.raises(api.Undescribed):
            changed.check(answers[name])


def test_a_header_that_is_missing_or_of_another_form_is_found(changed, answers):
    headers = changed.document["components"]["headers"]
    headers["AskAgain"]["schema"] = {"const": "public"}
    with pytest.raises(api.Undescribed, match="'public' was expected"):
        changed.check(answers["list"])
    del answers["refusal"].headers["X-Request-ID"]
    with pytest.raises(api.Undescribed, match="422 without X-Request-ID"):
        changed.check(answers["refusal"])


def test_answers_are_watched(stack, description, monkeypatch):
    responses = description.document["paths"]["/api/photos"]["get"]["responses"]
    monkeypatch.delitem(responses["200"], "content")
    with pytest.raises(api.Undescribed, match="200 with a body"):
        requests.get(stack.photos_url, timeout=60)
