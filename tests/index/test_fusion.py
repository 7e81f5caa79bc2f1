"""Fusion: a weighted sum of voices that mean the same in every collection."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from index.fusion import QUESTION, TOPIC, Voices, Weights


def voices(*candidates: tuple[float, float, float]) -> Voices:
    """One candidate a triple: by sentence and pair, by passage, by words; the other voices are silent."""
    columns = np.array(candidates, np.float32).reshape(-1, 3).T
    silent = np.zeros_like(columns[2])
    sentence, passage, words = columns
    others = dict.fromkeys(("substance", "stretch", "opening", "names", "own", "time"), silent)
    return Voices(sentence=sentence, pair=sentence, passage=passage, lexical=words, **others)


def test_a_score_is_the_weighted_sum_of_the_voices() -> None:
    fused = voices((0.5, 0.25, 1.0), (-0.5, 0.0, 0.0)).fused(Weights(sentence=0.5, pair=0.5, passage=2.0, lexical=0.5))
    assert (fused.dtype.name, fused.tolist()) == ("float32", [1.5, -0.5])


def test_a_voice_without_weight_is_not_heard() -> None:
    assert voices((0.5, 0.25, 1.0)).fused(Weights(sentence=0, pair=0, passage=1, lexical=0)).tolist() == [0.25]


def test_a_lone_candidate_keeps_its_score() -> None:
    among_others = voices((0.5, 0.5, 0.5), (0.25, 1.0, 0.0), (0.0, 0.0, 0.0)).fused(Weights())
    assert voices((0.5, 0.5, 0.5)).fused(Weights()).tolist() == [among_others[0]]


def test_of_two_candidates_the_one_that_every_voice_prefers_is_first() -> None:
    first, second = voices((0.6, 0.5, 0.2), (0.5, 0.4, 0.1)).fused(Weights()).tolist()
    assert first > second


def test_parts_are_what_each_voice_said() -> None:
    assert voices((0.5, 0.25, 1.0), (0.0, -1.0, 0.75)).parts(1) == {
        "sentence": 0.0,
        "pair": 0.0,
        "substance": 0.0,
        "passage": -1.0,
        "stretch": 0.0,
        "opening": 0.0,
        "lexical": 0.75,
        "names": 0.0,
        "own": 0.0,
        "time": 0.0,
    }


def test_ranks_begin_with_1_and_equals_share_one() -> None:
    heard = voices((0.5, 0.1, 0.2), (0.5, 0.3, 0.2), (0.1, 0.2, 1.0))
    assert [heard.ranks(candidate) for candidate in range(3)] == [
        {"sentence": 1, "pair": 1, "substance": 1, "passage": 3, "stretch": 1, "opening": 1, "lexical": 2},
        {"sentence": 1, "pair": 1, "substance": 1, "passage": 1, "stretch": 1, "opening": 1, "lexical": 2},
        {"sentence": 3, "pair": 3, "substance": 1, "passage": 2, "stretch": 1, "opening": 1, "lexical": 1},
    ]


def test_without_candidates_there_are_no_scores() -> None:
    assert voices().fused(Weights()).tolist() == []


def test_what_the_embedder_cannot_read_counts_by_its_words_alone() -> None:
    assert voices((0.5, 0.25, 1.0)).fused(Weights(lexical=0.5), legibility=0.0).tolist() == [0.5]


def test_a_name_that_is_borne_counts_beside_its_words() -> None:
    named = replace(voices((0, 0, 0), (0, 0, 0)), names=np.array([0.0, 1.0], np.float32))
    assert named.fused(Weights(names=0.5)).tolist() == [0.0, 0.5]


def test_a_topic_is_searched_by_its_words_more_than_a_question() -> None:
    worded, alike = voices((0.3, 0.3, 0.5), (0.6, 0.6, 0.0)), 1
    assert QUESTION.lexical < TOPIC.lexical
    assert worded.fused(QUESTION).argmax() == alike
    assert worded.fused(TOPIC).argmax() != alike
