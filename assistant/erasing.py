"""Erases what was deleted, once it can no longer be taken back."""

from __future__ import annotations

import logging
import threading
import time

from assistant.conversations import Conversations
from corpus.errors import FootnoteError
from corpus.hiding import erase_due
from corpus.library import Library

_IDLE_SECONDS = 60.0
_log = logging.getLogger(__name__)


def erase_deleted(library: Library, conversations: Conversations) -> None:
    """Erases all deleted documents and conversations whose time has come."""
    erase_due(library)
    conversations.erase_due()


class Eraser:
    """Erases in a thread of its own when the time has come, also what an earlier server left behind."""

    def __init__(self, library: Library, conversations: Conversations) -> None:
        self._library = library
        self._conversations = conversations
        self._woken = threading.Event()
        self._stopped = False
        self._thread = threading.Thread(target=self._run, name="eraser", daemon=True)

    def start(self) -> None:
        """Begins; what is due is erased first."""
        self._thread.start()

    def wake(self) -> None:
        """Says that something was deleted."""
        self._woken.set()

    def stop(self) -> None:
        """Ends; what is not due yet waits for the next start."""
        self._stopped = True
        self._woken.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped:
            self._woken.clear()
            try:
                erase_deleted(self._library, self._conversations)
                pause = self._until_next()
            except FootnoteError as error:  # a full or locked disk may be well again in a while
                _log.error("footnote: what was deleted could not be erased: %s", error)
                pause = _IDLE_SECONDS
            if not self._stopped:
                self._woken.wait(pause)

    def _until_next(self) -> float:
        """Seconds until something is due; there is a longest, as other processes may delete too."""
        with self._library.reading() as connection:
            (first,) = connection.execute(
                "SELECT min(erase_at) FROM "
                "(SELECT erase_at FROM hidden_documents UNION ALL SELECT erase_at FROM hidden_conversations)"
            ).fetchone()
        return _IDLE_SECONDS if first is None else min(_IDLE_SECONDS, max(0.01, first - time.time()))
