"""Zip archives: their members in order, with bounds against what only seems small."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from functools import partial

from corpus.containers.parts import Found, Member, Opening
from corpus.errors import ReadingError

_MOST_MEMBERS = 20_000
_MOST_TIMES = 200  # how many times its packed size a member may have, unless it is small anyway
_SMALL = 10_000_000  # bytes
_ENCRYPTED = 0x1
_UNPACK = "unpack it yourself and index the folder"


def open_zip(data: bytes, opening: Opening) -> Iterator[Found]:
    """The members of an archive; folders, hidden files and macOS's own records are passed over as in folders.

    Raises:
        ReadingError: it is no archive, or a broken one.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OverflowError, EOFError) as error:
        raise ReadingError(f"it is no zip archive, or a broken one ({error})", "make or fetch it again") from error
    entries = archive.infolist()
    if len(entries) > _MOST_MEMBERS:
        raise ReadingError(f"the archive has {len(entries)} members, more than {_MOST_MEMBERS}", _UNPACK)
    for entry in entries:
        if not entry.is_dir() and not _is_hidden(entry.filename):
            yield Member(entry.filename, partial(_unpacked, archive, entry, opening))


def _is_hidden(name: str) -> bool:
    steps = [step for step in name.replace("\\", "/").split("/") if step not in ("", ".", "..")]
    return any(step.startswith(".") or step == "__MACOSX" for step in steps)


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, opening: Opening) -> bytes:
    """The bytes of a member.

    Raises:
        ReadingError: its name leads elsewhere, it is encrypted, broken, or unpacks to far more than it seems.
    """
    steps = entry.filename.replace("\\", "/").split("/")
    if ".." in steps or not steps[0] or steps[0].endswith(":"):
        raise ReadingError("its name leads out of the archive", "do not trust the archive's maker")
    if entry.flag_bits & _ENCRYPTED:
        raise ReadingError("it is encrypted", "unpack the archive with its password and index the folder")
    if entry.file_size > max(_SMALL, _MOST_TIMES * entry.compress_size):
        times = entry.file_size // max(1, entry.compress_size)
        raise ReadingError(f"it would unpack to {times} times its size", f"if you trust it, {_UNPACK}")
    opening.unpack(entry.file_size)
    try:
        # What is read ends at the size that the archive declares, whatever the packed data hold.
        return archive.read(entry)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise ReadingError(f"it is broken in the archive ({error})", "make or fetch the archive again") from error
    except NotImplementedError as error:
        raise ReadingError(f"it is packed in a way that is not read ({error})", _UNPACK) from error
