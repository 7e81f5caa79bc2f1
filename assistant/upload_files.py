"""Files that were uploaded: kept in the home, each in a folder of its own, as long as a document is read from it."""

from __future__ import annotations

import os
import secrets
import shutil
import sqlite3
import stat
import time
import unicodedata
from pathlib import Path, PurePath
from typing import BinaryIO

from corpus.errors import LibraryUnusable
from corpus.intake import place_of

_FOLDER = "uploads"
_NAME_BYTES = 150
_NO_NAME = "upload"
_UNSAFE = frozenset('<>:"|?*')
_FORGOTTEN_SECONDS = 3600.0


def safe_name(name: str) -> str:
    """A file's name as it can be kept: readable, on one line, without folders, never hidden or too long."""
    last = name.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" or sign in _UNSAFE else sign for sign in last)
    clean = " ".join(unicodedata.normalize("NFC", kept).split()).strip(". ") or _NO_NAME
    stem, ending = PurePath(clean).stem, PurePath(clean).suffix
    room = _NAME_BYTES - len(ending.encode())
    if room <= 0:
        stem, ending, room = clean, "", _NAME_BYTES
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip() + ending


def keep_upload(home: Path, name: str, content: BinaryIO) -> Path:
    """Writes an upload into a new folder, both their owner's alone, and returns the file.

    Raises:
        LibraryUnusable: it cannot be written.
    """
    folder = home / _FOLDER / secrets.token_hex(8)
    try:
        folder.parent.mkdir(mode=stat.S_IRWXU, exist_ok=True)
        folder.mkdir(mode=stat.S_IRWXU)
        path = folder / safe_name(name)
        path.touch(mode=stat.S_IRUSR | stat.S_IWUSR, exist_ok=False)
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
    except OSError as error:
        _erase(folder)
        reason = (error.strerror or str(error)).lower()
        raise LibraryUnusable(
            f"the upload {name!r} cannot be kept ({reason})", "make room and send it again"
        ) from error
    return path


def drop_upload(path: Path) -> None:
    """Erases an upload that no document is read from."""
    _erase(path.parent)


def erase_upload(home: Path, connection: sqlite3.Connection, document_id: str) -> None:
    """Erases the uploads that a document which is being removed was read from, unless another was read from them too.

    Files at other places are the user's own and are left alone.
    """
    prefix = f"{place_of(home / _FOLDER)}{os.sep}"
    places = connection.execute("SELECT place FROM places WHERE document_id = ?", (document_id,)).fetchall()
    for name in {place.removeprefix(prefix).partition(os.sep)[0] for (place,) in places if place.startswith(prefix)}:
        if not _is_place(connection, f"{prefix}{name}{os.sep}", besides=document_id):
            _erase(home / _FOLDER / name)


def erase_forgotten(home: Path, connection: sqlite3.Connection) -> None:
    """Erases uploads that a server which was killed had not read: they are no document's, and an hour old."""
    folders = (home / _FOLDER).iterdir() if (home / _FOLDER).is_dir() else iter(())
    for folder in folders:
        old = folder.stat().st_mtime < time.time() - _FORGOTTEN_SECONDS
        if old and not _is_place(connection, f"{place_of(folder)}{os.sep}"):
            _erase(folder)


def is_used(path: Path, connection: sqlite3.Connection) -> bool:
    """Whether some document was read from an upload."""
    return _is_place(connection, f"{place_of(path.parent)}{os.sep}")


def _is_place(connection: sqlite3.Connection, start: str, besides: str = "") -> bool:
    found = connection.execute(
        "SELECT 1 FROM places WHERE substr(place, 1, length(:start)) = :start AND document_id <> :besides",
        {"start": start, "besides": besides},
    )
    return found.fetchone() is not None


def _erase(folder: Path) -> None:
    if folder.exists():
        shutil.rmtree(folder)
