"""Tells whether a step is done already: a digest of its inputs is kept beside its result."""

import contextlib
import fcntl
import hashlib
from pathlib import Path

from ..steps import note


def digest(*inputs):
    """Return a short hash of texts, files and the content of directories."""
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
    """Whether `stamp_file` holds `value`: its step succeeded with these inputs."""
    return stamp_file.is_file() and stamp_file.read_text() == value


@contextlib.contextmanager
def lock(path, busy):
    """Hold an exclusive lock on `path`; print `busy` before waiting for another process."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            note(busy)
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
