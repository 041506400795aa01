"""Free TCP ports on this machine."""

import socket


def pick(preferred=0):
    """`preferred` when nothing listens there, else a free port."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # Without this, a port that a server just left would look taken for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free port")
