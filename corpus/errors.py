"""The errors that Footnote raises on purpose.

    FootnoteError
    ├── LibraryError         the library on disk cannot be used
    │   ├── LibraryUnusable  the home cannot be written, or the file is no library
    │   ├── NewerSchema      a newer Footnote made it
    │   └── OtherIndex       its index was made with other settings
    ├── ReadingError         one document cannot be read; carries the file's state
    │   └── NotFetched       what a URL names cannot be had
    ├── NotFound             an id that the library does not hold
    ├── AlreadyDone          an upload that can no longer be cancelled
    ├── BadRequest           a question, filter or setting that cannot be used
    ├── ModelUnavailable     an embedding model that cannot be loaded
    ├── ServerFailed         a language model's server that gives no answer
    └── PortInUse            the address to serve on is taken

Each message says what is wrong, with which value, and what to do next, in one line.
"""

from __future__ import annotations


class FootnoteError(Exception):
    """The root of all errors raised on purpose; its text is fit for the user.

    ``code`` names the kind of error in machine-readable replies, ``hint`` the remedy, ``field`` the input at fault.
    """

    code = "error"

    def __init__(self, message: str, hint: str = "", field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.field = field

    def __str__(self) -> str:
        return f"{self.message}: {self.hint}" if self.hint else self.message


class LibraryError(FootnoteError):
    """The library on disk cannot be used."""

    code = "library"


class LibraryUnusable(LibraryError):
    """The home cannot be read or written, or its file is no library."""

    code = "library_unusable"


class NewerSchema(LibraryError):
    """The library was made by a newer Footnote."""

    code = "newer_schema"


class OtherIndex(LibraryError):
    """The index was made with another model or other settings."""

    code = "other_index"


class ReadingError(FootnoteError):
    """One document cannot be read. ``skipped`` tells an unread type from a failure."""

    code = "unreadable"

    def __init__(self, message: str, hint: str = "", *, skipped: bool = False) -> None:
        super().__init__(message, hint)
        self.skipped = skipped


class NotFetched(ReadingError):
    """What a URL names cannot be had. ``status`` is what its server said, where one answered."""

    code = "not_fetched"

    def __init__(self, message: str, hint: str = "", *, status: int | None = None) -> None:
        super().__init__(message, hint)
        self.status = status


class NotFound(FootnoteError):
    """An id that the library does not hold."""

    code = "not_found"


class AlreadyDone(FootnoteError):
    """An upload that can no longer be cancelled."""

    code = "already_done"


class BadRequest(FootnoteError):
    """A question, filter or setting that cannot be used."""

    code = "bad_request"


class ModelUnavailable(FootnoteError):
    """An embedding model that cannot be loaded."""

    code = "model_unavailable"


class ServerFailed(FootnoteError):
    """A language model's server that gives no answer, or breaks one off."""

    code = "server_failed"


class PortInUse(FootnoteError):
    """The address to serve on is taken or not allowed."""

    code = "port_in_use"
