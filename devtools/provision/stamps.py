"""Knowing that a step is done already: a digest of what it depends on, kept beside its result."""

import contextlib
import fcntl
import hashlib
from pathlib import Path

from ..steps import note


def digest(*inputs):
    """A short hash of texts and of files: directories are read whole, in a stable order."""
    result = hashlib.sha256()
    for item in inputs:
        for part in _parts(item):
            result.update(len(part).to_bytes(8, "big") + part)
    return result.hexdigest()[:16]


def _parts(item):
    if not isinstance(item, Path):
        yield str(item).encode()
    elif item.is_dir():
        for path in sorted(item.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                yield str(path.relative_to(item)).encode()
                yield path.read_bytes()
    else:
        yield item.name.encode()
        yield item.read_bytes()


def is_current(stamp_file, value):
    """Whether `stamp_file` says that its step ended well for these inputs."""
    return stamp_file.is_file() and stamp_file.read_text() == value


@contextlib.contextmanager
def lock(path, busy):
    """Hold an exclusive lock; prints `busy` when somebody else has it and waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(busy)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
