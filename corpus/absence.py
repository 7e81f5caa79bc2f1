"""Absence: which places under some paths are gone, and which only cannot be looked at.

A folder that is not mounted, a link that leads nowhere for now or a folder that may not be entered hides files; it does
not delete them. Where there is doubt, a place is not gone.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from corpus.containers.parts import MEMBER_MARK
from corpus.intake import place_of
from corpus.web.urls import is_url


def gone_places(places: Iterable[str], paths: Sequence[Path | str]) -> Iterator[str]:
    """Those of some places that lie at or under ``paths`` and are gone; URLs never are.

    What lies in a container is there as long as the container is. Nothing is gone under a path that is missing itself
    or cannot be opened.
    """
    files = [Path(path) for path in paths if not (isinstance(path, str) and is_url(path))]
    roots = [place_of(path) for path in files if _opens(Path(os.path.abspath(path)))]
    for place in places:
        if not is_url(place) and any(_under(place, root) for root in roots) and _is_gone(place):
            yield place


def _opens(path: Path) -> bool:
    try:
        if path.is_dir():
            with os.scandir(path):
                return True
        return path.exists()
    except OSError:
        return False


def _under(place: str, root: str) -> bool:
    return place == root or place.startswith((f"{root.rstrip('/')}/", f"{root}{MEMBER_MARK}"))


def _is_gone(place: str) -> bool:
    """Whether there is neither a file at a place nor a container that it would lie in."""
    marks = (match.start() for match in re.finditer(re.escape(MEMBER_MARK), place))
    return all(_absent(path) for path in (place, *(place[:mark] for mark in marks)))


def _absent(place: str) -> bool:
    """Whether nothing stands at a path, as far as it can be looked at; a name with escapes is meant as bytes too."""
    escaped = re.sub(rb"\\x([89a-f][0-9a-f])", lambda match: bytes([int(match[1], 16)]), place.encode())
    return _nothing_at(os.fsencode(place)) and _nothing_at(escaped)


def _nothing_at(path: bytes) -> bool:
    try:
        os.lstat(path)
    except NotADirectoryError:
        return True
    except FileNotFoundError:
        return not _behind_dead_link(path)
    except (OSError, ValueError):
        return False
    return False


def _behind_dead_link(path: bytes) -> bool:
    """Whether the nearest thing there is above a path is a link whose target is not there."""
    above = os.path.dirname(path)  # noqa: PTH120 - pathlib knows no bytes
    try:
        return stat.S_ISLNK(os.lstat(above).st_mode) and not os.path.exists(above)
    except FileNotFoundError:
        return _behind_dead_link(above)
    except OSError:
        return True
