"""Makes small question sets in the layouts of the benchmarks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.factories import write_files

BRIDGE = "The bridge at Orsk was opened on 4 May 2019. It cost 12 million roubles."
HARVEST = "The wheat harvest in Turgai failed because of drought."
LAKE = "The Aydar lake froze in November. Fishermen lost forty nets under its ice."


def lines(rows: Sequence[Mapping[str, Any]]) -> str:
    """JSON Lines."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def retrieval_set(
    folder: Path,
    corpus: Mapping[str, str],
    queries: Sequence[Mapping[str, Any]],
    judgements: Sequence[tuple[str, str, int]],
) -> Path:
    """A folder in the layout for retrieval; ``corpus`` gives each row's text by its id."""
    judged = "".join(f"{query}\t{row}\t{score}\n" for query, row, score in judgements)
    return write_files(
        folder,
        {
            "corpus.jsonl": lines([{"_id": row, "title": "", "text": text} for row, text in corpus.items()]),
            "queries.jsonl": lines(queries),
            "qrels.tsv": f"query-id\tcorpus-id\tscore\n{judged}",
        },
    )


def question(name: str, text: str, *, gold: str | None = None, answer: str = "", **more: Any) -> dict[str, Any]:
    """A row of `questions.jsonl`, unanswerable without a gold document."""
    return {
        "id": name,
        "question": text,
        "history": [],
        "answers": [answer] if gold else [],
        "documents": [gold] if gold else [],
        "answerable": gold is not None,
        **more,
    }


def answers_set(folder: Path, documents: Mapping[str, str], questions: Sequence[Mapping[str, Any]]) -> Path:
    """A folder in the layout for answers; ``documents`` gives each one's text by its id."""
    rows = [{"id": name, "title": name, "text": text} for name, text in documents.items()]
    return write_files(folder, {"documents.jsonl": lines(rows), "questions.jsonl": lines(questions)})
