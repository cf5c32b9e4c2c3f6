"""Say by the exit status whether an address is free (`free`), or wait until it answers (`answers`)."""

import contextlib
import socket
import sys
import time


def is_free(host: str, port: int) -> bool:
    """Tell whether a server could listen there now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind((host, port))
            return True
    return False


def wait_for_answer(host: str, port: int, seconds: float = 30) -> bool:
    """Wait until a server accepts connections there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((host, port), 1):
            return True
        time.sleep(0.1)
    return False


if __name__ == "__main__":
    what, host, port = sys.argv[1], sys.argv[2], int(sys.argv[3])
    ask = {"free": is_free, "answers": wait_for_answer}[what]
    sys.exit(not ask(host, port))
