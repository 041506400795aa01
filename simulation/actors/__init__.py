"""Who does something in a shop. Each is a class in a file of its own.

An actor has turns, which it draws from the seed. Within a turn it uses `self.simulation`: `do` runs
a transaction, `shop` knows the goods and the users, `octopus` is Octopus.
"""

from ..part import Part


class Actor(Part):
    """Does one thing, again and again.

    :cvar per_day: how often on a usual day, as long as the profile says nothing else
    :cvar is_of: the names of the profiles in which it lives; empty: all
    """

    per_day = 0
    is_of = ()

    def act(self, dice):
        """Do it.

        :param dice: the `random.Random` of this turn
        :raise Violation: it saw something that must not be
        """
        raise NotImplementedError

    def decide(self):
        """Do what a shop asks people to do before its books are closed; return whether there was
        something to do."""
        return False
