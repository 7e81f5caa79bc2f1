"""`footnote bench open`: from a library on disk to the first question answered."""

from __future__ import annotations

from pathlib import Path

from assistant.follow_ups import as_query
from assistant.settings import Settings
from assistant.wiring import wired
from eval.benchmarks.measured import corpus_of, questions_of, timed
from eval.benchmarks.peer import PlainScript

_HITS = 10


def open_figures(settings: Settings, folder: Path | None) -> dict[str, float | int]:
    """Opens the library twice anew, the model loaded and imports done: ours, then the peer's own from the same rows."""
    with corpus_of(settings, folder) as built:
        built.embedder.embed(["ready"])
        home = built.settings.home
        embedder = built.embedder
        question = as_query(questions_of(folder)[0], [])
        with wired(settings.model_copy(update={"home": home})) as footnote:
            footnote.embedder = embedder
            first = timed(lambda: footnote.retriever.search(question, _HITS))
            second = timed(lambda: footnote.retriever.search(question, _HITS))
        stored = built.store.load(embedder.name, embedder.dimension)
        texts = [document.text for document in built.library.documents()]
        peer = timed(lambda: PlainScript(embedder.model, texts, stored.vectors).search(question.text, _HITS))
    return {
        "passages": len(stored.passage_ids),
        "first_question_seconds": round(first, 3),
        "next_question_seconds": round(second, 3),
        "peer_seconds": round(peer, 3),
    }
