"""The kinds of shops. Each is a module with a `PROFILE`."""

import importlib
import pkgutil
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Good:
    """What a shop sells.

    :param opening: pieces on the shelf when the shop opens
    :param tracking: as Odoo's: none, lot, serial
    :param parts: {sku: pieces} of a kit
    :param buffer: pieces that are not offered online
    """

    sku: str
    price: str = "10.00"
    opening: int = 200
    tracking: str = "none"
    parts: dict = field(default_factory=dict)
    buffer: int = 0


@dataclass(frozen=True)
class Profile:
    """A kind of shop.

    :param goods: tuple of Good
    :param channels: names of the sandbox's profiles of channels, as often as they are drawn
    :param per_day: {actor or incident: how often}, where it is not the usual number
    """

    goods: tuple
    channels: tuple
    per_day: dict = field(default_factory=dict)


def names():
    """Return the names of all profiles."""
    return [module.name for module in pkgutil.iter_modules(__path__)]


def get(name):
    """Return a profile by its name."""
    return importlib.import_module(f"{__name__}.{name}").PROFILE
