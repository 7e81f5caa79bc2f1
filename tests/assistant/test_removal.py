"""What becomes of stored turns, and of the file, when a document is removed or updated."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.blanking import REMOVED, blanked
from assistant.conversations import as_json
from assistant.types import Answer
from assistant.wiring import Wiring
from corpus.errors import NotFound
from tests.assistant.conftest import BREAD, OPENED
from tests.assistant.running import Json
from tests.factories import document, index_paths, states, write_files

SECRET = "Agent Quillfeather met the courier Vastrick at pier nineteen. He brought forty passports to Zembla."
SECRET_PIECES = ["Quillfeather", "met the courier", "at pier nineteen", "forty passports", "Zembla"]


def removed_source(steppe: Wiring, answer: Answer) -> Json:
    """The stored turn of this answer after its first source is removed."""
    steppe.library.remove((answer.citations or answer.nearest)[0].document_id)
    (turn,) = steppe.conversations.turns(answer.conversation_id)
    return turn


def held_in(home: Path, pieces: list[str]) -> list[tuple[str, str]]:
    """Which of the pieces stand in which file of a library, upper and lower case alike."""
    contents = {path.name: path.read_bytes().lower() for path in home.iterdir()}
    return [(name, piece) for name, data in contents.items() for piece in pieces if piece.lower().encode() in data]


def test_quotations_of_a_removed_document_are_blanked(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(OPENED)
    turn = removed_source(steppe, answer)
    before = json.loads(as_json(answer))
    gone = {"quote": REMOVED, "title": REMOVED, "heading": None, "author": None, "url": None, "path": None}
    assert turn["text"] == "[source removed] [1]"
    assert turn["claims"] == [{**before["claims"][0], "text": REMOVED, "start": 0, "end": len(REMOVED)}]
    assert turn["citations"] == [{**before["citations"][0], **gone}]
    assert {**turn, "text": "", "claims": [], "citations": []} == {**before, "text": "", "claims": [], "citations": []}


def test_what_a_notice_quotes_of_a_removed_document_goes_with_it() -> None:
    answer: Json = {
        "citations": [{"number": 1, "document_id": "d1", "also_in": []}],
        "nearest": [],
        "claims": [],
        "disagreements": [],
        "notices": [{"code": "refers_back", "text": "“It” in [1] refers to what stands before it: “A secret.”"}],
    }
    assert blanked(answer, "d1")["notices"] == []


def test_title_of_a_removed_document_that_was_corrected_goes_too(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(OPENED)
    steppe.indexer.add_documents([document(SECRET, "secret", title="The Quillfeather file")])
    said = "Steppe Post gave this otherwise on 4 May 2019 (“The Quillfeather file”); given is its newer word."
    with steppe.library.writing() as connection:
        (stored,) = connection.execute("SELECT answer FROM turns").fetchone()
        noted = {**json.loads(stored), "notices": [{"code": "corrected", "text": said}]}
        connection.execute("UPDATE turns SET answer = ?", (json.dumps(noted, ensure_ascii=False),))
    steppe.library.remove("secret")
    (turn,) = steppe.conversations.turns(answer.conversation_id)
    assert turn["notices"] == []
    assert turn["text"] == answer.text


def test_quotations_of_other_documents_stay(steppe: Wiring) -> None:
    closed = "The bridge at Orsk was closed for repairs on 8 June 2021."
    steppe.indexer.add_documents([document(closed, "repairs")])
    answer = steppe.assistant.ask("When was the bridge at Orsk opened, and when closed?")
    assert {cited.title for cited in answer.citations} == {"repairs", "The bridge at Orsk"}
    steppe.library.remove(next(cited.document_id for cited in answer.citations if cited.title != "repairs"))
    (turn,) = steppe.conversations.turns(answer.conversation_id)
    assert {cited["quote"] for cited in turn["citations"]} == {REMOVED, closed}
    assert {claim["text"] for claim in turn["claims"]} == {REMOVED, closed}
    assert all(turn["text"][claim["start"] : claim["end"]] == claim["text"] for claim in turn["claims"])
    written = (f"{claim['text']} {''.join(f'[{n}]' for n in claim['citations'])}" for claim in turn["claims"])
    assert turn["text"] == " ".join(written)


def test_nearest_of_a_declined_question_is_blanked_too(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(BREAD)
    turn = removed_source(steppe, answer)
    gone = answer.nearest[0].document_id
    assert {cited["quote"] for cited in turn["nearest"] if cited["document_id"] == gone} == {REMOVED}
    assert (turn["text"], turn["reason"]) == (answer.text, "weak_match")


def test_removed_document_is_found_no_more(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(OPENED)
    removed = answer.citations[0].document_id
    steppe.library.remove(removed)
    with pytest.raises(NotFound):
        steppe.library.document(removed)
    assert steppe.library.version(removed, answer.citations[0].content_hash) is None
    assert removed not in {hit.document_id for hit in steppe.assistant.search(OPENED, 100).hits}
    assert steppe.assistant.ask(OPENED, answer.conversation_id).reason == "weak_match"


def test_removed_document_leaves_no_vectors(steppe: Wiring) -> None:
    before = steppe.store.count()
    steppe.indexer.add_documents([document(SECRET, "secret")])
    steppe.library.remove("secret")
    with steppe.library.reading() as connection:
        assert connection.execute("SELECT count(*) FROM embeddings").fetchone() == (before,)
    assert steppe.store.count() == before


def asked_about_the_secret(steppe: Wiring) -> Answer:
    steppe.indexer.add_documents([document(SECRET, "secret", title="The Quillfeather file", author="Zembla desk")])
    answer = steppe.assistant.ask("Who was it that came to meet the man with those travel papers?")
    assert "secret" in {cited.document_id for cited in (*answer.citations, *answer.nearest)}
    assert held_in(steppe.settings.home, SECRET_PIECES) != []
    return answer


def test_text_of_a_removed_document_is_nowhere_in_the_files_of_an_open_library(steppe: Wiring) -> None:
    asked_about_the_secret(steppe)
    steppe.library.remove("secret")
    sentences = [piece for piece in SECRET_PIECES if " " in piece]
    assert held_in(steppe.settings.home, sentences) == []


def test_text_of_a_removed_document_is_nowhere_in_the_file_of_a_closed_library(steppe: Wiring) -> None:
    asked_about_the_secret(steppe)
    steppe.library.remove("secret")
    steppe.library.close()
    sentences = [piece for piece in SECRET_PIECES if " " in piece]
    assert held_in(steppe.settings.home, sentences) == []


def test_names_of_a_removed_document_are_nowhere_in_the_file_of_a_closed_library(steppe: Wiring) -> None:
    asked_about_the_secret(steppe)
    steppe.library.remove("secret")
    steppe.library.close()
    assert held_in(steppe.settings.home, ["Quillfeath", "Vastrick", "Zembla"]) == []


def test_a_follow_up_keeps_no_words_of_the_answer_that_it_was_searched_with(steppe: Wiring) -> None:
    answer = steppe.assistant.ask(OPENED)
    later = steppe.assistant.ask("And what did it cost?", answer.conversation_id)
    assert "4 May 2019" in later.searched_for
    steppe.library.remove(answer.citations[0].document_id)
    _, turn = steppe.conversations.turns(answer.conversation_id)
    assert turn["searched_for"] == later.searched_for.replace(answer.claims[0].text, REMOVED)
    steppe.library.close()
    assert held_in(steppe.settings.home, ["4 May 2019"]) == []


def test_a_count_of_the_library_keeps_no_title_of_a_removed_document(steppe: Wiring) -> None:
    listed = steppe.assistant.ask("Which documents do you have?")
    assert (listed.reply, "A lost harvest" in listed.text) == ("about_library", True)
    [harvest] = (one for one in steppe.library.documents() if one.title == "A lost harvest")
    steppe.library.remove(harvest.id)
    (turn,) = steppe.conversations.turns(listed.conversation_id)
    assert turn["text"] == listed.text.replace("A lost harvest", REMOVED)


def test_an_answer_that_names_a_removed_near_duplicate_forgets_it(steppe: Wiring, tmp_path: Path) -> None:
    text = "\n\n".join(f"On day {day} the river at Guryev rose by {day + 1} inches and waited." for day in range(20))
    for number in (1, 2):
        front = f"---\noutlet: Outlet {number}\npublished: 2024-03-0{number}\n---\n"
        index_paths(steppe, write_files(tmp_path / "river", {f"{number}.md": f"{front}{text}\n\nPart {number}."}))
    answer = steppe.assistant.ask("By how many inches did the river at Guryev rise on day 7?")
    [older] = answer.citations[0].also_in
    assert [notice.code for notice in answer.notices] == ["newer_version"]
    steppe.library.remove(older)
    (turn,) = steppe.conversations.turns(answer.conversation_id)
    assert (turn["notices"], [cited["also_in"] for cited in turn["citations"]]) == ([], [[]] * len(answer.citations))
    assert turn["text"] == answer.text


def updated_bridge(steppe: Wiring, tmp_path: Path) -> str:
    """Writes a new version of the bridge's document; returns its text."""
    path = tmp_path / "files" / "bridge.md"
    path.write_text(path.read_text("utf-8").replace("4 May 2019", "9 June 2019"), "utf-8")
    assert states(index_paths(steppe, path)) == {"bridge.md": "updated"}
    return steppe.library.document(next(d.id for d in steppe.library.documents() if "Orsk" in d.title)).text


def test_updated_document_keeps_the_version_that_a_turn_cites(steppe: Wiring, tmp_path: Path) -> None:
    answer = steppe.assistant.ask(OPENED)
    (cited,) = answer.citations
    new = updated_bridge(steppe, tmp_path)
    old = steppe.library.version(cited.document_id, cited.content_hash)
    assert old == new.replace("9 June 2019", "4 May 2019")
    assert old[cited.start : cited.end] == cited.quote
    assert steppe.conversations.turns(answer.conversation_id) == [json.loads(as_json(answer))]
    assert "9 June 2019" in steppe.assistant.ask(OPENED).text


def test_updated_document_keeps_no_version_that_nothing_cites(steppe: Wiring, tmp_path: Path) -> None:
    before = next(document for document in steppe.library.documents() if "Orsk" in document.title)
    updated_bridge(steppe, tmp_path)
    assert steppe.library.version(before.id, before.content_hash) is None


def test_old_version_goes_with_the_last_conversation_that_cites_it(steppe: Wiring, tmp_path: Path) -> None:
    one, two = steppe.assistant.ask(OPENED), steppe.assistant.ask(OPENED)
    (cited,) = one.citations
    updated_bridge(steppe, tmp_path)
    steppe.conversations.delete(one.conversation_id)
    assert steppe.library.version(cited.document_id, cited.content_hash) is not None
    steppe.conversations.delete(two.conversation_id)
    assert steppe.library.version(cited.document_id, cited.content_hash) is None


def test_removing_an_updated_document_blanks_what_is_quoted_of_each_version(steppe: Wiring, tmp_path: Path) -> None:
    old = steppe.assistant.ask(OPENED)
    updated_bridge(steppe, tmp_path)
    new = steppe.assistant.ask(OPENED)
    steppe.library.remove(old.citations[0].document_id)
    for answer in (old, new):
        (turn,) = steppe.conversations.turns(answer.conversation_id)
        assert {cited["quote"] for cited in turn["citations"]} == {REMOVED}
    assert steppe.library.version(old.citations[0].document_id, old.citations[0].content_hash) is None
    steppe.library.close()
    assert held_in(steppe.settings.home, ["4 May 2019", "9 June 2019"]) == []


def test_one_place_of_two_may_go_and_the_document_stays(steppe: Wiring, tmp_path: Path) -> None:
    answer = steppe.assistant.ask(OPENED)
    copy = tmp_path / "copy.md"
    copy.write_bytes((tmp_path / "files" / "bridge.md").read_bytes())
    assert states(index_paths(steppe, copy)) == {"copy.md": "duplicate"}
    steppe.library.drop_place(str(copy))
    assert steppe.conversations.turns(answer.conversation_id) == [json.loads(as_json(answer))]


@pytest.mark.parametrize("unknown", ["nobody", "", "\udcff"])
def test_unknown_document_is_not_found(footnote: Wiring, unknown: str) -> None:
    for way in (footnote.library.document, footnote.library.remove):
        with pytest.raises(NotFound):
            way(unknown)
