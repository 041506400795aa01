"""Paths: the state of this checkout is in .local/, downloads in a cache that checkouts share."""

import hashlib
import os
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCAL = ROOT / ".local"
LOG = LOCAL / "log"
ADDON = ROOT / "linga_octopus"
# A mark of this checkout, for what others have beside it under the same name.
MARK = hashlib.sha256(str(LOCAL).encode()).hexdigest()[:10]
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "linga-octopus"


def short_dir(purpose):
    """Return a directory for `purpose` outside the checkout, for when .local/ cannot be used.

    Its name is derived from the checkout's path, so that the next command finds it again.
    """
    return Path(tempfile.gettempdir()) / f"linga-octopus-{MARK}-{purpose}"
