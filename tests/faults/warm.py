"""Runs commands in children forked from a process that has loaded the model, so that they can be killed by the hundred.

Run as a program: reads orders from standard input, JSON objects a line; prints each child's id, then how it ended.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Warm:
    """The process that commands are forked from."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, arguments: Sequence[str], environment: Mapping[str, str], output: Path) -> int:
        """Starts a command whose standard output goes to a file; returns its process id."""
        assert self._process.stdin is not None
        order = {"arguments": list(arguments), "environment": dict(environment), "output": str(output)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return self._number()

    def wait(self) -> int:
        """The exit code of the command started last, once it has ended."""
        return self._number()

    def _number(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())


@contextmanager
def warm_process() -> Iterator[Warm]:
    """A process that is ready; one thread each for what computes, since threads do not survive a fork."""
    single = {"OMP_NUM_THREADS": "1", "TOKENIZERS_PARALLELISM": "false", "RAYON_NUM_THREADS": "1"}
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.warm"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, **single},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield Warm(process)
        assert process.stdin is not None
        process.stdin.close()


def _serve() -> None:
    from assistant.wiring import Wiring
    from corpus.duplicates import bands_of
    from index.build import Indexer
    from index.chunking import Chunker
    from index.embedding import Embedder
    from index.settings import IndexSettings
    from tests.factories import document

    embedder = Embedder()
    chunker = Chunker(IndexSettings(), embedder.window, embedder.count_tokens)
    embedder.embed_passages(chunker.cut(document("It rained. It stopped.")))
    bands_of("a word " * 100)
    Wiring.embedder = embedder  # type: ignore[assignment]
    assert Indexer.__name__  # imported here, not by each child
    print("ready", flush=True)
    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if not child:
            _obey(order)
        print(child, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


def _obey(order: Mapping[str, object]) -> None:
    from assistant.cli import main

    file = os.open(str(order["output"]), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    environment, arguments = order["environment"], order["arguments"]
    assert isinstance(environment, dict)
    assert isinstance(arguments, list)
    os.environ.update(environment)
    code = 1
    try:
        main(arguments)
    except SystemExit as left:
        code = int(left.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    _serve()
