"""Reading in worker processes, each file within limits of time and memory.

A file that hangs, eats memory or brings a parser down ends its worker and no more: it is reported as failed, another
worker takes the place, and of a container the rest is read. A thread of this process keeps each worker; what workers
have read waits in bounded queues, so that reading is ahead of embedding, but not far.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import queue
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from corpus.containers.parts import Part, is_container
from corpus.errors import ReadingError
from corpus.reading import Task
from corpus.worker import Order, work

_PRELOADED = ["corpus.worker", "corpus.containers.walk", "corpus.readers.markdown"]
_AHEAD = 8  # sources read ahead of the one whose parts are being taken
_PARTS_AHEAD = 8
_MOST_LOST = 5  # workers that one source may cost
_MOST_LOST_HERE = 3  # of these at one place: in a part, in opening what is around it, and then the source is given up
_SAFE_PATH = "PYTHONSAFEPATH"
_STARTING = threading.Lock()
_MOST_WORKERS = 4
_GRACE_SECONDS = 5
_PATIENCE_SECONDS = 0.2


@dataclass(slots=True)
class _Job:
    """A task with the queue of its parts, which None ends. Once it is dropped, or all is closed, nobody takes them."""

    task: Task
    closed: threading.Event
    parts: queue.Queue[Part | None] = field(default_factory=lambda: queue.Queue(_PARTS_AHEAD))
    dropped: threading.Event = field(default_factory=threading.Event)

    def give(self, part: Part | None) -> bool:
        """Puts a part into the queue; False if nobody wants it."""
        while not self.dropped.is_set() and not self.closed.is_set():
            with contextlib.suppress(queue.Full):
                self.parts.put(part, timeout=_PATIENCE_SECONDS)
                return True
        return False

    def taken(self) -> Iterator[Part]:
        """The parts as they come.

        Raises:
            ReadingError: the workers were closed meanwhile.
        """
        while not self.closed.is_set():
            with contextlib.suppress(queue.Empty):
                part = self.parts.get(timeout=_PATIENCE_SECONDS)
                if part is None:
                    return
                yield part
        raise ReadingError("the reading was stopped", "start it again")


class Workers:
    """Processes that read. ``read`` may be called by several threads at once; `close` ends all."""

    def __init__(self, seconds: float, megabytes: int, count: int | None = None) -> None:
        """``seconds`` and ``megabytes`` bound the reading of one document; ``count`` is by the number of cores."""
        self._seconds = seconds
        self._megabytes = megabytes
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._closed = threading.Event()
        number = count or max(1, min(_MOST_WORKERS, os.cpu_count() or 1))
        self._keepers = [
            threading.Thread(target=self._keep, name=f"reading {one}", daemon=True) for one in range(number)
        ]
        self._context = _context()
        for keeper in self._keepers:
            keeper.start()

    def read(self, tasks: Iterable[Task]) -> Generator[tuple[Task, Iterator[Part]], None, None]:
        """Each task with its parts, in the order of the tasks, read a few sources ahead."""
        waiting: deque[_Job] = deque()
        try:
            for task in tasks:
                waiting.append(self._put(task))
                if len(waiting) > _AHEAD:
                    yield waiting[0].task, waiting[0].taken()
                    waiting.popleft()
            while waiting:
                yield waiting[0].task, waiting[0].taken()
                waiting.popleft()
        finally:
            for job in waiting:
                job.dropped.set()

    def close(self) -> None:
        """Ends the workers, whatever they are doing."""
        self._closed.set()
        for _ in self._keepers:
            self._jobs.put(None)
        for keeper in self._keepers:
            keeper.join()

    def _put(self, task: Task) -> _Job:
        job = _Job(task, self._closed)
        self._jobs.put(job)
        return job

    def _keep(self) -> None:
        """Keeps one worker busy until the end."""
        worker = _Worker(self._context, self._megabytes, self._seconds, self._closed)
        with contextlib.suppress(_Lost):
            worker.start()
        while (job := self._jobs.get()) is not None and not self._closed.is_set():
            if not job.dropped.is_set():
                self._serve(job, worker)
        worker.end()

    def _serve(self, job: _Job, worker: _Worker) -> None:
        """Gives a job its parts. Where a worker is lost within a container, the next goes on behind that part."""
        done = 0
        lost: list[tuple[int, str]] = []  # how many parts were done, and why no more
        while not job.dropped.is_set():
            try:
                for part in worker.parts(Order(job.task, done, *_where_lost(lost))):
                    if not job.give(part):
                        worker.end()
                        return
                    done += 1
            except _Lost as error:
                worker.end()
                lost.append((done, str(error)))
                here = sum(1 for at, _ in lost if at == done)
                if is_container(job.task.source.path.name) and here < _MOST_LOST_HERE and len(lost) < _MOST_LOST:
                    continue
                job.give(Part("", state="failed", reason=str(error)))
            job.give(None)
            return


def _where_lost(lost: list[tuple[int, str]]) -> tuple[str | None, bool]:
    """Why the next part cannot be read, and whether that is in opening the container around it."""
    if not lost:
        return None, False
    at, reason = lost[-1]
    return reason, sum(1 for other, _ in lost if other == at) > 1


class _Lost(Exception):
    """A worker is gone, or was ended because it went beyond its limits; the text says which."""


class _Worker:
    """One process, started when it is needed; used by its keeper's thread alone."""

    def __init__(self, context: Any, megabytes: int, seconds: float, closed: threading.Event) -> None:
        self._context, self._megabytes, self._seconds, self._closed = context, megabytes, seconds, closed
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def parts(self, order: Order) -> Iterator[Part]:
        """What the process reads.

        Raises:
            _Lost: it takes too long over one part, or dies.
        """
        pipe = self.start()
        try:
            pipe.send(order)
            while (part := self._received(pipe)) is not None:
                yield part
        except (EOFError, OSError) as error:
            raise _Lost(self._cause()) from error

    def start(self) -> Connection:
        """Starts the process, if there is none, and returns the pipe to it.

        Raises:
            _Lost: the system starts no more processes.
        """
        if self._pipe is None:
            ours, theirs = multiprocessing.Pipe()
            process = self._context.Process(
                target=work, args=(theirs, self._megabytes, self._seconds), name="footnote reading", daemon=True
            )
            try:
                with theirs, _uninterrupted(), _safe_path():
                    process.start()
            except (OSError, EOFError) as error:
                ours.close()
                raise _Lost(f"no process can be started to read it ({error})") from error
            self._pipe, self._process = ours, process
        return self._pipe

    def end(self) -> None:
        """Ends the process; the next task starts another."""
        if self._process and self._pipe:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._pipe.close()
        self._process = self._pipe = None

    def _received(self, pipe: Connection) -> Part | None:
        left = self._seconds
        while not pipe.poll(min(left, _PATIENCE_SECONDS)):
            left -= _PATIENCE_SECONDS
            if self._closed.is_set():
                raise _Lost("the reading was stopped")
            if left <= 0:
                raise _Lost(f"reading took longer than {self._seconds:g} s: raise read_seconds, or split it")
        try:
            received: Part | None = pipe.recv()
        except Exception as error:
            raise _Lost(self._cause()) from error
        return received

    def _cause(self) -> str:
        """Why the process is gone by itself."""
        assert self._process is not None
        self._process.join(_GRACE_SECONDS)
        code = self._process.exitcode
        how = signal.Signals(-code).name if code and code < 0 else f"exit code {code}"
        return f"the program that reads it broke down ({how}): the file is broken, or too large for this machine"


def _context() -> Any:
    """How processes are started: forked from a server that imports the readers once, where the system can do it."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@contextlib.contextmanager
def _safe_path() -> Iterator[None]:
    """What is started looks for no modules where the user stands: a stranger's folder may hold a `random.py`."""
    with _STARTING:
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE_PATH]
            else:
                os.environ[_SAFE_PATH] = before


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """What is started within does not hear Ctrl-C: the program ends it itself."""
    masks = getattr(signal, "pthread_sigmask", None)
    before = masks(signal.SIG_BLOCK, {signal.SIGINT}) if masks else None
    try:
        yield
    finally:
        if masks:
            masks(signal.SIG_SETMASK, before)
