from . import CallFault


class HalfAnswer(CallFault):
    """The connection breaks in the middle of the answer."""

    def after(self, answer, dice):
        status, headers, body = answer
        whole = {**headers, "content-length": str(len(body))}
        return status, whole, body[: dice.randrange(len(body) or 1)]
