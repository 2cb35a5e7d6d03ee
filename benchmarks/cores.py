"""A function and what it is to be called with go in; what it returns comes out, computed on every core at once."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor

from threadpoolctl import threadpool_limits


def on_every_core(work: Callable, *arguments: Iterable) -> list:
    """Call a function with each of some arguments, in order, in as many processes as there are cores.

    Each process keeps to one thread: two that want all cores for their matrices hold each other up.
    """
    with ProcessPoolExecutor(initializer=threadpool_limits, initargs=(1,)) as pool:
        return list(pool.map(work, *arguments))
