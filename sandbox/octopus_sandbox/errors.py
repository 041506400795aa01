"""The error envelope of the API, and the handlers that turn exceptions into it."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from .answer import JsonAnswer

CODES = {
    400: "BAD_REQUEST",
    401: "UNAUTHORIZED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    422: "VALIDATION_ERROR",
    429: "RATE_LIMIT_EXCEEDED",
}

HINTS = {"inventory_quantity": "Set stock with inventory_levels, never on the variant."}


class ApiError(Exception):
    """A request that Octopus refuses; the answer is made by `envelope`."""

    def __init__(self, status, message, *, code=None, field=None, hint=None, headers=None):
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code or CODES.get(status, "SERVER_ERROR")
        self.field = field
        self.hint = hint
        self.headers = headers

    def answer(self):
        """Return the HTTP answer for this error."""
        body = envelope(self.status, self.message, code=self.code, field=self.field, hint=self.hint)
        return JsonAnswer(body, status_code=self.status, headers=self.headers)


def invalid(field, message, **extra):
    """Return the error 422 for one wrong field."""
    return ApiError(422, message, field=field, **extra)


def not_found(what):
    """Return the error 404 for a thing that does not exist."""
    return ApiError(404, f"{what} not found.")


def envelope(status, message, *, code=None, field=None, hint=None, errors=None):
    """Return the documented error body."""
    error = {
        "code": code or CODES.get(status, "SERVER_ERROR"),
        "message": message,
        "status": status,
    }
    if field:
        error["field"] = field
    if hint:
        error["hint"] = hint
    if errors:
        error["errors"] = errors
    return {"error": error}


def install(app: FastAPI):
    """Make `app` answer every error with the envelope."""
    app.add_exception_handler(ApiError, _at_once(lambda _request, error: error.answer()))
    app.add_exception_handler(RequestValidationError, _at_once(_validation_answer))
    app.add_exception_handler(HTTPException, _at_once(_http_answer))
    app.add_exception_handler(
        OverflowError, _at_once(lambda *_: invalid(None, "Number too big.").answer())
    )
    app.add_exception_handler(UnicodeEncodeError, _at_once(_no_text_answer))
    app.add_exception_handler(
        Exception, _at_once(lambda *_: ApiError(500, "The sandbox failed.").answer())
    )


def _at_once(answer):
    """Return a handler that needs no thread: a thread needs a loop, and the simulation has none."""

    async def handler(request, error):
        return answer(request, error)

    return handler


def _no_text_answer(_request: Request, _error: UnicodeEncodeError):
    """Refuse half of a surrogate pair, which JSON can spell and which is no character."""
    return ApiError(400, "The request body holds text that is not Unicode.").answer()


def _http_answer(_request: Request, error: HTTPException):
    body = envelope(error.status_code, str(error.detail))
    return JsonAnswer(body, status_code=error.status_code, headers=error.headers)


def _validation_answer(_request: Request, error: RequestValidationError):
    found = error.errors()
    if any(problem["type"] == "json_invalid" for problem in found):
        return ApiError(400, "The request body is not valid JSON.").answer()
    problems = [{"field": _field(p["loc"]), "message": _message(p)} for p in found]
    first = problems[0]
    last_name = first["field"].rpartition(".")[2]
    body = envelope(
        422,
        f"{first['field']}: {first['message']}",
        field=first["field"],
        hint=HINTS.get(last_name),
        errors=problems,
    )
    return JsonAnswer(body, status_code=422)


def _message(problem):
    if problem["type"] == "extra_forbidden":
        return "Unknown field."
    if problem["type"] == "missing":
        return "This field is required."
    return problem["msg"]


def _field(location):
    """Spell ``("body", "items", 3, "foo")`` as ``items[3].foo``."""
    parts = location[1:] if len(location) > 1 else location
    text = ""
    for part in parts:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{part}" if text else str(part)
    return text
