"""What later schemas add to the tables of `corpus.schema`."""

from __future__ import annotations

# What later schemas add, in order: the n-th brings a library from schema n to n + 1. None is ever changed or removed.
MIGRATIONS: tuple[str, ...] = (
    """
CREATE TABLE visits (                   -- what `corpus.web` must know of a page to ask whether it has changed
    place TEXT PRIMARY KEY REFERENCES places (place) ON DELETE CASCADE,
    asked TEXT NOT NULL,                -- hash of what was known beforehand: metadata given, what a feed said
    url TEXT NOT NULL,                  -- where it was in the end
    etag TEXT,
    modified TEXT,                      -- the server's Last-Modified, as given
    from_feed INTEGER NOT NULL          -- 1 where the feed's own text was read
);
""",
    """
CREATE TABLE hidden_documents (         -- deleted, but not yet erased: until then it can be taken back
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    erase_at REAL NOT NULL              -- seconds since 1970
) WITHOUT ROWID;

CREATE TABLE hidden_conversations (     -- the same
    conversation_id TEXT PRIMARY KEY REFERENCES conversations ON DELETE CASCADE,
    erase_at REAL NOT NULL
) WITHOUT ROWID;

CREATE TABLE replaced_turns (           -- asked again with another wording: kept, but no part of the conversation
    turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
    replaced_by TEXT NOT NULL REFERENCES turns ON DELETE CASCADE
) WITHOUT ROWID;

CREATE TABLE feedback (
    turn_id TEXT PRIMARY KEY REFERENCES turns ON DELETE CASCADE,
    rating TEXT,                        -- up or down
    correction TEXT,
    created TEXT NOT NULL               -- ISO stamp, UTC
) WITHOUT ROWID;
""",
    """
CREATE TABLE containers (               -- files of many documents that were read to their end
    place TEXT PRIMARY KEY,
    source_hash TEXT NOT NULL,
    unread TEXT NOT NULL                -- JSON: place, state and reason of each member that could not be read
) WITHOUT ROWID;

CREATE TRIGGER container_loses_member AFTER DELETE ON places BEGIN
    DELETE FROM containers WHERE place = OLD.place OR substr(OLD.place, 1, length(place) + 2) = place || '!/'; END
""",
    """
CREATE TABLE signatures (               -- which version of a document was looked at for near duplicates
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    content_hash TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE bands (                    -- what near duplicates share by chance: parts of MinHash signatures
    band INTEGER NOT NULL,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (band, document_id)
) WITHOUT ROWID;
CREATE INDEX bands_by_document ON bands (document_id);

CREATE TABLE near_duplicates (          -- pairs of documents, one before other
    one TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    other TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    PRIMARY KEY (one, other)
) WITHOUT ROWID;
CREATE INDEX near_duplicates_by_other ON near_duplicates (other);

CREATE TABLE rebuilt_passages (         -- as passages, for the settings that a rebuild is made with
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents ON DELETE CASCADE,
    start INTEGER NOT NULL, "end" INTEGER NOT NULL,
    heading TEXT,
    tokens INTEGER NOT NULL,
    sentences BLOB NOT NULL,
    terms BLOB NOT NULL,
    embedding_key TEXT NOT NULL
);
CREATE INDEX rebuilt_passages_by_document ON rebuilt_passages (document_id);
CREATE INDEX rebuilt_passages_by_embedding ON rebuilt_passages (embedding_key);

CREATE TABLE rebuilt_terms (
    number INTEGER PRIMARY KEY,
    term TEXT NOT NULL UNIQUE,
    uses INTEGER NOT NULL
);

CREATE TABLE rebuilt_documents (        -- which version of a document the rebuilt passages are of
    document_id TEXT PRIMARY KEY REFERENCES documents ON DELETE CASCADE,
    content_hash TEXT NOT NULL,
    title TEXT,
    structure TEXT NOT NULL
) WITHOUT ROWID;
""",
)
