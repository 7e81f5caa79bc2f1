"""The questions written for training stand on their texts."""

from __future__ import annotations

from corpus.intake import DESK
from eval.written import written_passages, written_questions


def flat(text: str) -> str:
    return " ".join(text.split())


def test_every_answer_stands_in_its_text() -> None:
    texts = {document.id: flat(document.text) for document in written_passages()}
    texts |= {path.stem: flat(path.read_text("utf-8")) for path in DESK.glob("*.md")}
    questions = written_questions()
    assert len(questions) == len({question.id for question in questions}) > 6000
    for question in questions:
        [document], [quote] = question.documents, question.answers
        assert flat(quote) in texts[document], question.id


def test_a_follow_up_comes_with_the_question_before_it() -> None:
    earlier = [question.history for question in written_questions() if question.history]
    assert len(earlier) > 100
    assert all(len(history) == 1 and history[0].question for history in earlier)
