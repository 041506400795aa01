"""Waiting for what happens by itself."""

import time

SECONDS = 60  # at most: the machine may be busy


def wait_for(read, is_right=bool, seconds=SECONDS):
    """Return what `read()` gives as soon as `is_right` of it, or at the end of the time."""
    deadline = time.monotonic() + seconds
    while True:
        value = read()
        if is_right(value) or time.monotonic() > deadline:
            return value
        time.sleep(0.1)
