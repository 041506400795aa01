"""Answers that mean failure: which type, what it says, whether to try again."""

import pytest

from octopus_api import (
    OctopusAuthError,
    OctopusBadAnswer,
    OctopusConflict,
    OctopusError,
    OctopusForbidden,
    OctopusNotFound,
    OctopusRateLimited,
    OctopusServerError,
    OctopusTimeout,
    OctopusValidationError,
)


@pytest.mark.parametrize(
    ("status", "kind", "retryable"),
    [
        (400, OctopusValidationError, False),
        (401, OctopusAuthError, False),
        (402, OctopusError, False),
        (403, OctopusForbidden, False),
        (404, OctopusNotFound, False),
        (405, OctopusError, False),
        (408, OctopusTimeout, True),
        (409, OctopusConflict, True),
        (410, OctopusNotFound, False),
        (413, OctopusValidationError, False),
        (422, OctopusValidationError, False),
        (425, OctopusError, True),
        (429, OctopusRateLimited, True),
        (500, OctopusServerError, True),
        (502, OctopusServerError, True),
        (503, OctopusServerError, True),
        (599, OctopusServerError, True),
    ],
)
def test_status_decides_the_type(octopus, client, status, kind, retryable):
    octopus.answer({"error": {"message": "No."}}, status=status)
    with pytest.raises(OctopusError) as caught:
        client.get_shop()
    assert type(caught.value) is kind
    assert caught.value.status == status
    assert caught.value.retryable is retryable
    assert str(caught.value) == f"No. (HTTP {status})"
    assert len(octopus.requests) == 1


STATUSES = (400, 401, 403, 404, 408, 409, 422, 429, 500, 502, 503)
BODIES = {
    "HTML": ("<html><h1>Proxy Error</h1></html>", "text/html"),
    "empty": ("", "text/plain"),
    "half JSON": ('{"error": {"mess', "application/json"),
    "other JSON": ("[1, null]", "application/json"),
    "binary": (b"\xff\x00\xfe", "application/octet-stream"),
}


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("call", ["get_shop", "create_collection"])
def test_the_body_does_not_change_what_a_failure_is(octopus, client, status, body, call):
    """So that one row in docs/reliability.md stands for a status with any body."""
    arguments = [{"title": "Shoes"}] if call == "create_collection" else []
    text, content_type = BODIES[body]
    octopus.answer({"error": {"message": "No."}}, status=status)
    octopus.answer(status=status, text=text, headers={"Content-Type": content_type})
    seen = []
    for _answer in ("with an envelope", "with this body"):
        with pytest.raises(OctopusError) as caught:
            getattr(client, call)(*arguments)
        error = caught.value
        seen.append((type(error), error.status, error.retryable, error.maybe_done))
        assert str(error)
    assert seen[0] == seen[1]


@pytest.mark.parametrize(
    ("status", "maybe_done"),
    [(302, True), (401, False), (408, True), (422, False), (429, False), (500, True), (503, True)],
)
def test_a_write_may_be_done_unless_octopus_refused_it(octopus, client, status, maybe_done):
    octopus.answer(status=status, text="")
    with pytest.raises(OctopusError) as caught:
        client.create_collection({"title": "Shoes"})
    assert caught.value.maybe_done is maybe_done


def test_a_read_is_never_done(octopus, client):
    octopus.answer(status=500, text="")
    with pytest.raises(OctopusServerError) as caught:
        client.get_shop()
    assert not caught.value.maybe_done


def test_the_envelope_is_read(octopus, client):
    octopus.answer(
        {
            "error": {
                "code": "VALIDATION_ERROR",
                "message": "The product cannot be saved.",
                "status": 422,
                "field": "title",
                "hint": "At most 255 characters.",
                "errors": [
                    {"field": "email", "message": "is no address"},
                    {"field": "phone", "message": "is too short"},
                ],
            }
        },
        status=422,
        headers={"X-Request-Id": "req-7"},
    )
    with pytest.raises(OctopusValidationError) as caught:
        client.update_product("1", {})
    error = caught.value
    assert (error.code, error.field, error.hint, error.request_id) == (
        "VALIDATION_ERROR",
        "title",
        "At most 255 characters.",
        "req-7",
    )
    assert error.errors == (
        {"field": "email", "message": "is no address"},
        {"field": "phone", "message": "is too short"},
    )
    assert error.message == (
        "title: The product cannot be saved.; email: is no address; phone: is too short (HTTP 422)"
    )


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": "no such merchant"}, "no such merchant"),
        ({"message": "Authorization denied."}, "Authorization denied."),
        ({"errors": {"title": ["is missing", "is short"]}}, "title: is missing, is short"),
        ({"errors": ["one", "two"]}, "one; two"),
        ({"errors": "one"}, "one"),
        ("just text", "just text"),
        (["a", {"b": 1}], "a, b: 1"),
        ({"error": {"message": {"a": {"b": {"c": {"d": {"e": 1}}}}}}}, "a: b: c: d: ..."),
        ({}, "Bad Request"),
        (None, "Bad Request"),
    ],
)
def test_other_shapes_are_understood(octopus, client, body, message):
    octopus.answer(body, status=400)
    with pytest.raises(OctopusValidationError) as caught:
        client.get_shop()
    assert caught.value.message == f"{message} (HTTP 400)"


def test_a_body_that_is_no_json_is_quoted_in_short(octopus, client):
    octopus.answer(text="<h1>Bad\n Gateway</h1> " + "x" * 1000, status=502)
    with pytest.raises(OctopusServerError) as caught:
        client.get_shop()
    excerpt = ("<h1>Bad Gateway</h1> " + "x" * 1000)[:200]
    assert caught.value.message == f"{excerpt} (HTTP 502)"


def test_an_empty_body_gets_the_name_of_its_status(octopus, client):
    octopus.answer(text="", status=503)
    with pytest.raises(OctopusServerError, match=r"^Service Unavailable \(HTTP 503\)$"):
        client.get_shop()


def test_rate_limited_with_the_time_to_wait(octopus, client):
    octopus.answer(
        {"error": {"message": "Slow down."}},
        status=429,
        headers={"Retry-After": "17", "X-RateLimit-Limit": "250", "X-RateLimit-Remaining": "0"},
    )
    with pytest.raises(OctopusRateLimited) as caught:
        client.get_shop()
    assert caught.value.retry_after == 17
    assert client.rate.remaining == 0
    assert len(octopus.requests) == 1


def test_rate_limited_without_the_time_to_wait(octopus, client):
    octopus.answer(text="", status=429)
    with pytest.raises(OctopusRateLimited) as caught:
        client.get_shop()
    assert caught.value.retry_after is None


def test_unavailable_with_retry_after_is_not_repeated_in_place(octopus, client):
    octopus.answer(text="", status=503, headers={"Retry-After": "1"})
    with pytest.raises(OctopusServerError):
        client.get_shop()
    assert len(octopus.requests) == 1


def test_a_redirect_names_the_setting(octopus, client):
    octopus.answer(text="moved", status=301, headers={"Location": "https://elsewhere.example"})
    with pytest.raises(OctopusBadAnswer, match="Check its address") as caught:
        client.get_shop()
    assert caught.value.retryable, "a maintenance page is over soon"
