"""Run a module so that it reaches nothing but this computer: ``python -m tests.guarded_app LOG MODULE ARGUMENT...``.

A try to reach, look up or listen for another computer is refused and written to LOG, a line each.
"""

import ipaddress
import os
import runpy
import sys
from collections.abc import Callable

NAMES = ("socket.getaddrinfo", "socket.gethostbyname")
ADDRESSES = ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind")


class NotThisComputer(OSError):
    """A try to reach another computer."""


def is_loopback(host: object) -> bool:
    """Tell whether only this computer is meant; an empty name to listen on means every network."""
    name = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return name == "localhost"


def reached(event: str, arguments: tuple[object, ...]) -> object:
    """Return the other computer that an audit event reaches for, else None."""
    if event in NAMES:
        host = arguments[0]
        return None if host is None or is_loopback(host) else host
    if event in ADDRESSES:
        # Addresses of sockets within this computer (AF_UNIX) are texts or bytes, not tuples.
        address = arguments[-1]
        return address if isinstance(address, tuple) and not is_loopback(address[0]) else None
    return None


def guard(log: int) -> Callable[[str, tuple[object, ...]], None]:
    """Return an audit hook that writes to a file descriptor."""

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        other = reached(event, arguments)
        if other is not None:
            os.write(log, f"{event} {other!r}\n".encode())
            raise NotThisComputer(f"{event} {other!r} is not this computer")

    return hook


if __name__ == "__main__":
    file = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    sys.addaudithook(guard(file))
    module, sys.argv = sys.argv[2], sys.argv[2:]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
