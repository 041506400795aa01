"""The parts of a simulation: each is a class, and is there when its file is."""

import importlib
import pkgutil


def load(package, base):
    """Return all classes below `base` in the modules of a package, in the order of their names."""
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    return sorted(_below(base), key=lambda part: part.__name__)


def _below(base):
    for part in base.__subclasses__():
        yield part
        yield from _below(part)
