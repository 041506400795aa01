"""From an HTTP answer that means failure to the typed error that says what it means."""

from http import HTTPStatus

from .const import MAX_MESSAGE
from .errors import TOO_EARLY, OctopusBadAnswer, OctopusRateLimited, error_class
from .parsing import as_text

NO_REASON = "Octopus refused without a reason"
REDIRECTED = "Octopus redirects to another address. Check its address in the settings."
MAX_EXCERPT = 200  # of a body that is not JSON


def failure_from_answer(method, response, data, *, excerpt, retry_after, hide):
    """Return the OctopusError for a response that is not 2xx.

    :param data: the JSON in its body; None when it has none
    :param excerpt: the text of a body that is not JSON
    :param retry_after: seconds that Octopus asks to wait, if any
    :param hide: replaces the secrets in a text: no message may repeat them even when Octopus does
    """
    status = response.status_code
    kind = error_class(status)
    details = _details(data, excerpt, hide)
    message = details.pop("message") or _phrase(status)
    if kind is OctopusBadAnswer:
        message = REDIRECTED
    if kind is OctopusRateLimited:
        details["retry_after"] = retry_after
    if status == TOO_EARLY:
        details["retryable"] = True
    return kind(
        f"{message} (HTTP {status})",
        status=status,
        request_id=as_text(response.headers.get("X-Request-Id"), 200) or None,
        # A refusal (4xx) did nothing; after a 5xx or a redirect nobody knows.
        maybe_done=method != "GET" and (status >= 500 or status < 400 or status == 408),
        **details,
    )


def _details(data, excerpt, hide):
    if excerpt is not None:
        return {"message": _clean(excerpt, hide, MAX_EXCERPT)}
    envelope = data.get("error", data) if isinstance(data, dict) else data
    if not isinstance(envelope, dict):
        return {"message": _clean(_plain(envelope), hide)}
    errors = [
        {key: _clean(_plain(value), hide) for key, value in entry.items()}
        for entry in _entries(envelope.get("errors"))
    ]
    details = {
        key: _clean(_plain(envelope.get(key)), hide) or None for key in ("code", "field", "hint")
    }
    message = _clean(_plain(envelope.get("message")), hide)
    return {"message": _sentence(message, details["field"], errors), "errors": errors, **details}


def _entries(errors):
    """Return complaints as dicts: also from the mapping of fields that other APIs answer."""
    if isinstance(errors, dict):
        return [{"field": name, "message": text} for name, text in errors.items()]
    if not isinstance(errors, list):
        errors = [errors] if errors else []
    return [entry if isinstance(entry, dict) else {"message": entry} for entry in errors]


def _sentence(message, field, errors):
    """Return the message with the fields it is about."""
    if field and field not in message:
        message = f"{field}: {message}"
    more = [": ".join(filter(None, (entry.get("field"), entry.get("message")))) for entry in errors]
    return "; ".join(text for text in [message, *more] if text)[:MAX_MESSAGE]


def _plain(value, depth=0):
    """Return any JSON value as text for a person."""
    if not isinstance(value, dict | list):
        return as_text(value)
    if depth > 3:
        return "..."
    if isinstance(value, list):
        return ", ".join(_plain(item, depth + 1) for item in value)
    return ", ".join(f"{key}: {_plain(item, depth + 1)}" for key, item in value.items())


def _clean(text, hide, limit=MAX_MESSAGE):
    """Return text in one line, without the secret; replaced before cutting, so that no half of
    it stays."""
    return " ".join(hide(as_text(text, 10 * limit)).split())[:limit]


def _phrase(status):
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return NO_REASON
