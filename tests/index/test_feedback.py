"""Feedback: a topic's first hits bring the rest along."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from assistant.wiring import Wiring
from index.feedback import nearness_in_time, towards
from index.types import Hit, Query
from tests.factories import document

BRIDGE = "A blast damaged the bridge over the strait."
LATER = "Repairs of the crossing went on."


def day(number: int) -> str:
    return (date(2022, 10, 8) + timedelta(days=number)).isoformat()


@pytest.fixture
def news(footnote: Wiring) -> Wiring:
    footnote.indexer.add_documents(
        [
            document(BRIDGE, id="blast", published=day(0)),
            document("The blast on the bridge killed three people.", id="dead", published=day(1)),
            document(LATER, id="near", published=day(2)),
            document(LATER + " ", id="far", published=day(900)),
            document(LATER + "  ", id="undated"),
        ]
    )
    return footnote


def parts(news: Wiring, query: Query) -> dict[str, Hit]:
    return {hit.document_id: hit for hit in news.retriever.search(query, 5)}


def test_what_was_published_near_a_topics_best_hits_comes_before_the_same_long_after(news: Wiring) -> None:
    found = parts(news, Query("bridge blast", topic=True))
    assert found["near"].score > found["far"].score
    assert found["near"].parts["time"] > 0.5 > found["far"].parts["time"]
    assert found["undated"].parts["time"] == 0
    assert "time" not in found["undated"].ranks


def test_a_question_is_not_drawn_to_a_day(news: Wiring) -> None:
    assert all(hit.parts["time"] == 0 for hit in parts(news, Query("What damaged the bridge?")).values())


def test_without_dates_time_says_nothing() -> None:
    days = np.full(3, np.nan, np.float32)
    assert nearness_in_time(days, np.array([1.0, 0.5, 0.2], np.float32)).tolist() == [0, 0, 0]


def test_a_vector_moves_towards_its_examples_and_keeps_its_length() -> None:
    moved = towards(np.array([1, 0], np.float32), np.array([[0, 1], [0, 1]], np.float32))
    assert moved[0] > moved[1] > 0
    assert np.linalg.norm(moved) == pytest.approx(1)
