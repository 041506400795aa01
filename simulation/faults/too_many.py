from . import CallFault


class TooMany(CallFault):
    """Octopus asks for fewer calls."""

    def before(self, request, dice):
        return 429, {"Retry-After": str(dice.randint(1, 90))}, b""
