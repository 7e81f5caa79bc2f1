"""A worker process: what happens in it, from the order that comes in to the parts that go out."""

from __future__ import annotations

import contextlib
import math
import os
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection

from corpus.containers.parts import Part
from corpus.reading import Task, parts_of

_GRACE_SECONDS = 5
_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class Order:
    """What a worker is asked for: the parts of a task after those that are done, see `parts_of`."""

    task: Task
    done: int
    lost: str | None
    opening: bool


def work(pipe: Connection, megabytes: int, seconds: float) -> None:
    """The life of a worker: an order comes in, its parts go out, None ends them."""
    _bound_memory(megabytes)
    # What parsers say of broken files is no news for the user: the reason is in the report.
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    while True:
        try:
            order: Order = pipe.recv()
        except (EOFError, OSError):  # the keeper has gone
            return
        parts = parts_of(order.task, order.done, order.lost, opening=order.opening)
        while (part := _within(math.ceil(seconds) + _GRACE_SECONDS, parts)) is not None:
            pipe.send(part)
        pipe.send(None)


def _within(seconds: int, parts: Iterator[Part]) -> Part | None:
    """The next part. A worker whose keeper has died may hang in it: then an alarm ends it."""
    alarm = getattr(signal, "alarm", lambda seconds: None)
    alarm(seconds)
    part = next(parts, None)
    alarm(0)
    return part


def _bound_memory(megabytes: int) -> None:
    """Limits the address space, where the system knows such limits."""
    try:
        import resource
    except ImportError:
        return
    _, hardest = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes * _MEGABYTE
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hardest < 0 else min(wanted, hardest), hardest))
