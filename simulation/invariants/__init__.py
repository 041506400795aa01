"""What must be true. Each is a class in a file of its own."""

from ..part import Part
from ..signals import Violation


class Invariant(Part):
    """Something that must be true.

    `check` is asked when all that waited is done, and at the end.

    :cvar follows: what is compared follows from what the invariants of a lower number compare, so
        they are asked first: a failure names the cause, and not what came of it
    """

    follows = 0

    def begin(self):
        """Note how the shop opens."""

    def waits(self, env):
        """Yield what is not done yet, as short texts: no check before that."""
        return ()

    def check(self, env):
        """Raise a Violation if it is not true.

        :param env: an environment of the system, of a transaction of its own
        """

    def require(self, is_true, message):
        """Raise the Violation with this message unless something is true."""
        if not is_true:
            raise Violation(self.name, message)
