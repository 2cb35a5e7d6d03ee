"""Functions that a test calls in a process with bounds: each costs too much in a way of its own."""

import os


def stalls() -> bytes:
    """Never come back."""
    while True:
        pass


def takes(size: int) -> bytes:
    """Return so many bytes."""
    return b"x" * size


def ends() -> bytes:
    """End the process."""
    os._exit(7)
