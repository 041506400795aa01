"""Orders as each channel sends them, with the varieties that real ones have.

`tell` makes one order from a profile and a seed: the same seed, the same order. What a channel's
orders look like stands in `channels`; what may be in an order, in `traits` (when it is placed) and
`changes` (later). `Story` knows what is true of the order, for tests.
"""

from .channels import PROFILES
from .story import Goods, Story, tell
from .traits import TRAITS

__all__ = ["PROFILES", "TRAITS", "Goods", "Story", "tell"]
