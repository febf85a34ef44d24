"""The API's document: valid, complete, true. schemathesis asks every operation what the document
says it takes, and more.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis import checks as known

from queue_server.web.api.operations import OPERATIONS
from tests.fixtures.application import HOME, HOST, House

known.load_all_checks()
CHECKS = [
    known.CHECKS.get_one(name)
    for name in (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_headers_conformance",
        "response_schema_conformance",
        "negative_data_rejection",
        "unsupported_method",
        "missing_required_header",
    )
]
EXAMPLES, MANY_EXAMPLES = 2, 60
"""Per operation and kind of data. The whole run is bounded by it, not by time, so that it finds the
same each time.
"""


@pytest.fixture
def document(house: House) -> dict[str, Any]:
    answer = house.get("/openapi.json")
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    return dict(answer.get_json())


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(document).validate()


def test_every_route_of_the_api_is_in_it_and_nothing_else(
    document: dict[str, Any], house: House
) -> None:
    routes = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in house.application.flask.url_map.iter_rules()
        if rule.endpoint.startswith(("api.", "ops."))
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == {
        (path, method) for path, operations in document["paths"].items() for method in operations
    }
    assert len(routes) == len(OPERATIONS)


def test_every_operation_names_its_auth_its_refusals_and_its_key(document: dict[str, Any]) -> None:
    ids = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            ids.append(operation["operationId"])
            assert operation["summary"] and operation["tags"], path
            known = [{"bearer": []}, {"session": []}]
            assert operation["security"] in ([{}], known, [{}, *known]), path
            if operation["security"] == known:
                assert operation["x-roles"] and {"401", "403"} <= set(operation["responses"]), path
            if len(operation["security"]) == 3:
                assert (
                    path == "/metrics"
                    and operation["x-roles"] == ["admin"]
                    and "403" in operation["responses"]
                )
            for status, response in operation["responses"].items():
                if int(status) >= 400:
                    assert list(response["content"]) == ["application/problem+json"], (path, status)
            has_key = any(each["name"] == "Idempotency-Key" for each in operation["parameters"])
            declared = next(each for each in OPERATIONS if each.name == operation["operationId"])
            assert has_key == declared.once and (not has_key or method == "post"), path
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize(
    "examples", [EXAMPLES, pytest.param(MANY_EXAMPLES, marks=pytest.mark.slow)]
)
@pytest.mark.parametrize(
    "name", [each.name for each in OPERATIONS if not each.probe]
)  # a probe takes nothing
def test_schemathesis_finds_nothing(house: House, name: str, examples: int) -> None:
    """Data that fits the schema and data that does not, about real objects and about none, by
    somebody who may.
    """
    declared = next(each for each in OPERATIONS if each.name == name)
    who = "kiosk" if declared.access.roles and "admin" not in declared.access.roles else "admin"
    headers = {"Host": HOST, "Authorization": f"Bearer {house.people.tokens[who]}"}
    schema = schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", house.application.wsgi, headers={"Host": HOST}
    )
    operation = schema[declared.path][declared.method]
    slip = house.walk_in()
    device = house.post("/devices", body={"kind": "kiosk"}).get_json()["id"]
    real = {
        "office": HOME,
        "code": slip["code"],
        "id": slip["id"],
        "counter": f"{HOME}-1",
        "device": device,
        "service": "REK",
        "lease": "none",
    }
    if "{lease}" in declared.path:
        wish = {"installation": "an-installation-of-a-kiosk", "streams": {"A": 2}}
        real["lease"] = house.post("/leases", "kiosk", wish).get_json()["lease"]
    fixed = {each: real[each] for each in re.findall(r"\{(\w+)\}", declared.path)}
    answered: list[int] = []
    for mode in GenerationMode:
        for path_parameters in (None, fixed) if fixed else (None,):

            @settings(
                max_examples=examples,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(
                case=operation.as_strategy(generation_mode=mode, path_parameters=path_parameters)
            )
            def ask(case: schemathesis.Case) -> None:
                answered.append(case.call_and_validate(checks=CHECKS, headers=headers).status_code)

            ask()
    assert len(answered) >= examples
    assert max(answered) < 500
