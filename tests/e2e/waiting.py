"""Waiting for what happens by itself."""

import time

SECONDS = 60  # at most: the machine may be busy


def wait_for(read, is_right=bool, seconds=SECONDS):
    """Return what `read()` gives as soon as `is_right` of it, or at the end of the time.

    The longer it takes, the more seldom ask: each question costs the servers that are waited for.
    """
    start = time.monotonic()
    while True:
        value = read()
        waited = time.monotonic() - start
        if is_right(value) or waited > seconds:
            return value
        time.sleep(max(0.1, waited / 10))
