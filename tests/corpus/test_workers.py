"""Worker processes read what is read here too, and one that is lost costs one document."""

from __future__ import annotations

import io
import multiprocessing
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from corpus.containers.parts import Part
from corpus.errors import ReadingError
from corpus.intake import find_sources, load
from corpus.reading import Task, read_here
from corpus.types import Metadata
from corpus.workers import Workers
from tests.corpus.makers import package
from tests.factories import write_files

ENGLISH = Metadata(language="en")  # said beforehand, so that no worker loads the model that tells languages
SLOW = b"word " * 8_000_000  # reading it takes seconds
SECONDS = 1.5


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with closing(Workers(30, 2048, count=2)) as made:
        yield made


def tasks(*paths: Path) -> list[Task]:
    return [Task(source) for source in find_sources(paths, ENGLISH)]


def read(workers: Workers, *paths: Path) -> dict[str, list[Part]]:
    return {task.source.path.name: list(parts) for task, parts in workers.read(tasks(*paths))}


def told(found: list[Part]) -> list[tuple[str, str]]:
    return [(part.name, part.state or "read") for part in found]


def stored(members: dict[str, bytes]) -> bytes:
    """An archive whose members are not packed, so that none seems to burst."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return file.getvalue()


def test_workers_read_what_is_read_here_in_the_same_order(tmp_path: Path, workers: Workers) -> None:
    many = {f"{number:02}.md": f"# {number}\n\nThe number is {number}." for number in range(30)}
    write_files(tmp_path, {**many, "a.zip": package(dict(many)), "b.png": b"x", "c.txt": b""})
    here = [(task, list(parts)) for task, parts in read_here(tasks(tmp_path))]
    assert [(task, list(parts)) for task, parts in workers.read(tasks(tmp_path))] == here
    assert sum(len(parts) for _, parts in here) == 62


def test_a_source_that_has_not_changed_is_not_read_again(tmp_path: Path, workers: Workers) -> None:
    write_files(tmp_path, {"a.md": "Rain fell."})
    [source] = find_sources([tmp_path], ENGLISH)
    source_hash = load(source)[1]
    [(_, parts)] = workers.read([Task(source, source_hash)])
    assert list(parts) == [Part("", state="unchanged", source_hash=source_hash)]


def test_what_takes_too_long_fails_and_its_neighbours_are_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.md": "Before.", "b.txt": SLOW, "c.md": "After."})
    with closing(Workers(SECONDS, 2048, count=1)) as workers:
        found = read(workers, tmp_path)
    assert {name: told(parts) for name, parts in found.items()} == {
        "a.md": [("", "read")],
        "b.txt": [("", "failed")],
        "c.md": [("", "read")],
    }
    assert found["b.txt"][0].reason == "reading took longer than 1.5 s: raise read_seconds, or split it"


def test_a_container_is_read_on_behind_a_member_that_takes_too_long(tmp_path: Path) -> None:
    inner = stored({"d.txt": SLOW, "e.md": b"Within."})
    (tmp_path / "a.zip").write_bytes(stored({"b.md": b"Before.", "c.zip": inner, "f.md": b"After."}))
    with closing(Workers(SECONDS, 2048, count=1)) as workers:
        [parts] = read(workers, tmp_path).values()
    assert told(parts) == [("b.md", "read"), ("c.zip!/d.txt", "failed"), ("c.zip!/e.md", "read"), ("f.md", "read")]
    assert (parts[1].reason or "").startswith("reading took longer than 1.5 s")


def test_what_takes_too_much_memory_fails_and_its_neighbours_are_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": b"word " * 60_000_000, "b.md": "After."})
    with closing(Workers(60, 512, count=1)) as workers:
        found = read(workers, tmp_path)
    assert [told(parts) for parts in found.values()] == [[("", "failed")], [("", "read")]]
    assert "read_megabytes" in (found["a.txt"][0].reason or "")


def test_a_worker_that_is_killed_costs_what_it_was_reading(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": SLOW, "b.md": "After."})
    with closing(Workers(60, 2048, count=1)) as workers:
        before = set(multiprocessing.active_children())
        reading = workers.read(tasks(tmp_path))
        [(_, first)] = [next(reading)]
        last = time.monotonic() + 30
        while not (started := set(multiprocessing.active_children()) - before):
            assert time.monotonic() < last, "no worker was started"
            time.sleep(0.01)
        time.sleep(0.2)
        for process in started:
            process.kill()
        [part] = first
        assert part.state == "failed"
        assert (part.reason or "").startswith("the program that reads it broke down (SIGKILL)")
        [(_, second)] = reading
        assert told(list(second)) == [("", "read")]


def test_who_stops_taking_parts_leaves_the_workers_to_others(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.zip": package({f"{number}.txt": "Rain." for number in range(200)}), "b.md": "Snow."})
    with closing(Workers(30, 2048, count=1)) as workers:
        reading = workers.read(tasks(tmp_path / "a.zip"))
        next(next(reading)[1])
        reading.close()
        assert [told(parts) for parts in read(workers, tmp_path / "b.md").values()] == [[("", "read")]]


def test_several_threads_may_read_at_once(tmp_path: Path, workers: Workers) -> None:
    write_files(tmp_path, {f"{number}.md": f"Rain {number}." for number in range(20)})
    found: list[dict[str, list[Part]]] = []
    threads = [threading.Thread(target=lambda: found.append(read(workers, tmp_path))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(one) for one in found] == [20, 20, 20]


def test_closing_ends_what_is_being_read(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.txt": SLOW})
    workers = Workers(60, 2048, count=2)
    before = time.monotonic()
    [(_, parts)] = [next(workers.read(tasks(tmp_path)))]
    workers.close()
    assert time.monotonic() - before < 5
    with pytest.raises(ReadingError, match="the reading was stopped"):
        next(parts)
