from . import CallFault


class ServerError(CallFault):
    """Octopus answers with an error of its own, before or after the work."""

    weight = 3

    def before(self, request, dice):
        return error(dice) if dice.random() < 0.7 else None

    def after(self, answer, dice):
        return error(dice)


def error(dice):
    """Return an answer of a server, or of a proxy before it, that does not work."""
    status = dice.choice((500, 502, 503, 504))
    body = dice.choice((b"", b"<html>Bad gateway</html>", b'{"error": {"message": "Oops"}}'))
    return status, {"content-type": "text/html"}, body
