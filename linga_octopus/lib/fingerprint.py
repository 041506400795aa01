"""Short texts that tell whether data has changed."""

import hashlib
import json


def fingerprint(data):
    """Return a text of 32 characters that changes when, and only when, the data does.

    :param data: what JSON can hold; anything else counts by its `str`. The order of the keys of a
        dict does not matter.
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
