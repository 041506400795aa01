"""The failures of a call to Octopus, as types that a caller can act on.

Every error answers the questions of a worker:

* ``retryable``: can the same request succeed later, unchanged?
* ``maybe_done``: can Octopus have carried it out although no answer came? Creating a product twice
  makes two products, so a caller looks it up (by SKU, by title) before sending it again.
* ``needs_reconnect``: are the credentials refused, so that a manager must act first?
* ``retry_after``: the seconds that Octopus asks to wait, None when it does not say.
"""


class OctopusError(Exception):
    """Any failure of a call to Octopus.

    :param message: one plain sentence, without credentials
    :param status: the HTTP status, None when there was no answer
    :param code: Octopus's own code, such as ``VALIDATION_ERROR``
    :param field: the field that Octopus complains about
    :param hint: Octopus's advice
    :param errors: further complaints, dicts with ``field`` and ``message``
    :param request_id: what Octopus's support asks for
    :param retryable: None for the default of the class
    """

    default_retryable = False
    needs_reconnect = False
    is_rate_limit = False
    retry_after = None

    def __init__(
        self,
        message,
        *,
        status=None,
        code=None,
        field=None,
        hint=None,
        errors=(),
        request_id=None,
        retryable=None,
        maybe_done=False,
    ):
        super().__init__(message)
        self.message = message
        self.status = status
        self.code = code
        self.field = field
        self.hint = hint
        self.errors = tuple(errors)
        self.request_id = request_id
        self.retryable = self.default_retryable if retryable is None else retryable
        self.maybe_done = maybe_done


class OctopusConnectionError(OctopusError):
    """No connection, or it broke before the whole answer was here."""

    default_retryable = True


class OctopusTimeout(OctopusError):
    """Octopus did not answer in time."""

    default_retryable = True


class OctopusAuthError(OctopusError):
    """The merchant name or the access id is wrong (401)."""

    needs_reconnect = True


class OctopusForbidden(OctopusError):
    """The credentials are right, but they do not allow this call (403). Other calls work."""


class OctopusNotFound(OctopusError):
    """No such record, or no such address (404, 410)."""


class OctopusConflict(OctopusError):
    """Something else changes the same record just now (409)."""

    default_retryable = True


class OctopusValidationError(OctopusError):
    """Octopus refuses what we sent (400, 413, 422)."""


class OctopusRateLimited(OctopusError):
    """Too many requests (429).

    ``retry_after``: seconds to wait, None when Octopus did not say.
    """

    default_retryable = True
    is_rate_limit = True

    def __init__(self, message, *, retry_after=None, **details):
        super().__init__(message, **details)
        self.retry_after = retry_after


class OctopusServerError(OctopusError):
    """Octopus failed by itself (5xx)."""

    default_retryable = True


class OctopusBadAnswer(OctopusError):
    """An answer that is not Octopus's: no JSON, another shape, a redirect. Most of them come from
    a proxy or a maintenance page in between, which is over soon."""

    default_retryable = True


STATUS_ERRORS = {
    400: OctopusValidationError,
    401: OctopusAuthError,
    403: OctopusForbidden,
    404: OctopusNotFound,
    408: OctopusTimeout,
    409: OctopusConflict,
    410: OctopusNotFound,
    413: OctopusValidationError,
    422: OctopusValidationError,
    429: OctopusRateLimited,
}
TOO_EARLY = 425  # retryable, but rare enough not to deserve a class of its own


def error_class(status):
    """Return the class for an HTTP status that means failure."""
    if status in STATUS_ERRORS:
        return STATUS_ERRORS[status]
    if status >= 500:
        return OctopusServerError
    return OctopusError if status >= 400 else OctopusBadAnswer
