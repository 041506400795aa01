"""Free TCP ports on this machine."""

import socket


def pick(preferred=0):
    """Return `preferred` when no server listens there, otherwise a free port."""
    for port in (preferred, 0):
        with socket.socket() as probe:
            # Otherwise the port of a server that has just ended is refused for a minute.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return probe.getsockname()[1]
    raise OSError("no free port")
