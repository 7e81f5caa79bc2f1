"""Each command on its own: index, ask, search, chat, sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.wiring import Wiring
from corpus.errors import ModelUnavailable
from index.settings import IndexSettings
from tests.assistant.conftest import BREAD, BRIDGE, HARVEST, LAKE, OPENED
from tests.assistant.running import Json, Ran, run
from tests.factories import wiring_at, write_files

DOCUMENT_FIELDS = {
    "id",
    "title",
    "outlet",
    "author",
    "published",
    "language",
    "kind",
    "places",
    "state",
    "content_hash",
}
ANSWER_FIELDS = [
    "conversation_id",
    "turn_id",
    "question",
    "searched_for",
    "answerer",
    "reply",
    "answered",
    "reason",
    "text",
    "claims",
    "citations",
    "rejected",
    "disagreements",
    "missing",
    "notices",
    "nearest",
    "timings",
    "fingerprint",
]
CITATION_FIELDS = [
    "number",
    "key",
    "document_id",
    "content_hash",
    "title",
    "outlet",
    "author",
    "published",
    "kind",
    "language",
    "url",
    "path",
    "page",
    "heading",
    "passage_id",
    "quote",
    "start",
    "end",
    "also_in",
]


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with one file of every sort of fate."""
    return write_files(
        tmp_path / "mixed",
        {
            "bridge.md": BRIDGE,
            "copy.md": BRIDGE,
            "empty.txt": "",
            "half.md": "The text of this page breaks off somewhere in the middle of a sentence that goes on and",
            "lake.txt": LAKE,
            "picture.png": b"\x89PNG\r\n",
        },
    )


def outcome(ran: Ran) -> dict[str, str]:
    """The state of each file, by its name."""
    return {Path(file["path"]).name: file["state"] for file in ran.json["files"]}


def identity(ran: Ran) -> dict[str, str | None]:
    """The document of each file, by the file's name."""
    return {Path(file["path"]).name: file["document_id"] for file in ran.json["files"]}


def test_index_reports_each_file_once_with_its_state(one_model: None, files: Path) -> None:
    ran = run("index", files, "--json")
    assert ran.code == 1
    assert outcome(ran) == {
        "bridge.md": "added",
        "copy.md": "duplicate",
        "empty.txt": "failed",
        "half.md": "partial",
        "lake.txt": "added",
        "picture.png": "skipped",
    }
    assert set(ran.json) == {"files", "documents", "passages", "seconds"}
    assert (ran.json["documents"], ran.json["passages"]) == (3, 4)
    assert all(set(file) == {"path", "state", "document_id", "reason"} for file in ran.json["files"])
    assert all(Path(file["path"]).is_absolute() for file in ran.json["files"])


def test_states_that_are_no_success_carry_a_reason(one_model: None, files: Path) -> None:
    reported = run("index", files, "--json").json["files"]
    assert {file["state"] for file in reported if file["reason"]} == {"duplicate", "failed", "partial", "skipped"}
    assert {file["state"] for file in reported if not file["reason"]} == {"added"}


def test_index_follows_files_that_change_and_move(one_model: None, files: Path) -> None:
    for name in ("copy.md", "empty.txt", "half.md", "picture.png"):
        (files / name).unlink()
    first = run("index", files, "--json")
    (files / "bridge.md").rename(files / "moved.md")
    (files / "lake.txt").write_text("The Aydar lake did not freeze at all this winter.\n")
    second = run("index", files, "--json")
    third = run("index", files, "--json")
    assert outcome(second) == {"lake.txt": "updated", "moved.md": "moved"}
    assert outcome(third) == {"lake.txt": "unchanged", "moved.md": "unchanged"}
    known = identity(first)
    assert identity(second) == {"lake.txt": known["lake.txt"], "moved.md": known["bridge.md"]} == identity(third)


def test_one_failed_file_makes_the_exit_code_1_and_stops_no_other(one_model: None, tmp_path: Path) -> None:
    write_files(tmp_path, {"good.md": BRIDGE})
    ran = run("index", tmp_path / "missing.md", tmp_path / "good.md", "--json")
    assert (ran.code, outcome(ran)) == (1, {"missing.md": "failed", "good.md": "added"})
    assert "missing.md" in ran.complaint


def test_skipped_partial_and_duplicate_files_exit_0(one_model: None, files: Path) -> None:
    (files / "empty.txt").unlink()
    ran = run("index", files, "--json")
    assert (ran.code, ran.err) == (0, "")


def test_index_prints_a_line_for_each_file_and_the_counts_at_the_end(one_model: None, files: Path) -> None:
    first, second = run("index", files), run("index", files)
    assert sorted(line.split()[:2] for line in first.out.splitlines()[:6]) == [
        ["added", str(files / "bridge.md")],
        ["added", str(files / "lake.txt")],
        ["duplicate", str(files / "copy.md")],
        ["failed", str(files / "empty.txt")],
        ["partial", str(files / "half.md")],
        ["skipped", str(files / "picture.png")],
    ]
    assert [line.split() for line in second.out.splitlines()[7:11]] == [
        ["unchanged", "4"],
        ["skipped", "1"],
        ["failed", "1"],
        ["in", "all", "6"],
    ]
    assert second.out.splitlines()[-1].startswith("the library holds 3 documents")


def test_metadata_given_on_the_command_line_goes_first(one_model: None, files: Path) -> None:
    run("index", files / "bridge.md", "--meta", "outlet=The Outlet", "--meta", "published=2020")
    (listed,) = run("sources", "list", "--json").json["documents"]
    assert (listed["outlet"], listed["published"], listed["author"]) == ("The Outlet", "2020", "Ivan Sokol")


def test_the_map_names_the_fields_of_records(one_model: None, tmp_path: Path) -> None:
    file = write_files(tmp_path, {"a.jsonl": '{"id": 7, "story": "It rained.", "desk": "Steppe Post"}\n'}) / "a.jsonl"
    assert [one["state"] for one in run("index", file, "--json").json["files"]] == ["partial"]
    ran = run("index", file, "--map", "text=story", "--map", "outlet=desk", "--json")
    states = [(report["path"], report["state"]) for report in ran.json["files"]]
    assert states == [(f"{file}!/7", "added"), (str(file), "removed")]
    [document] = run("sources", "list", "--json").json["documents"]
    assert (document["outlet"], document["places"]) == ("Steppe Post", [f"{file}!/7"])


@pytest.mark.parametrize("pair", ["text", "body=text", "text="])
def test_a_map_that_cannot_be_used_is_named(one_model: None, tmp_path: Path, pair: str) -> None:
    ran = run("index", tmp_path, "--map", pair)
    assert (ran.code, ran.out) == (1, "")
    assert repr(pair) in ran.complaint or "text = ''" in ran.complaint


def test_names_that_a_terminal_obeys_are_shown_as_escapes(one_model: None, tmp_path: Path) -> None:
    write_files(tmp_path / "in", {"a\nb\x1b[31m.txt": "It rained."})
    first, *_ = run("index", tmp_path / "in").out.splitlines()
    assert first == f"    added  {tmp_path}/in/a\\nb\\x1b[31m.txt"


def test_empty_folder_is_indexed_to_nothing(one_model: None, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run("index", tmp_path / "empty", "--json")
    assert (ran.code, ran.json["files"], ran.json["documents"]) == (0, [], 0)


def test_rebuild_takes_other_settings_and_keeps_documents(
    steppe: Wiring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = {document.id for document in steppe.library.documents()}
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "32")
    ran = run("index", tmp_path / "files", "--rebuild", "--json")
    assert (ran.code, set(outcome(ran).values()), ran.json["documents"]) == (0, {"unchanged"}, 3)
    assert {document["id"] for document in run("sources", "list", "--json").json["documents"]} == ids
    assert run("ask", OPENED, "--json").json["answered"]


@pytest.fixture
def small_desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shipped desk of one brief, so that reading it takes no time."""
    brief = "---\ntitle: A brief\npublished: 2024-05-01\n---\nKyrgyzstan voted early in the spring.\n"
    monkeypatch.setattr("corpus.intake.DESK", write_files(tmp_path / "desk", {"brief.md": brief}))


def test_index_without_paths_reads_the_shipped_desk(one_model: None, small_desk: None) -> None:
    ran = run("index", "--json")
    assert (ran.code, outcome(ran)) == (0, {"brief.md": "added"})
    (listed,) = run("sources", "list", "--json").json["documents"]
    assert (listed["outlet"], listed["kind"], listed["published"]) == ("Footnote desk", "brief", "2024-05-01")


def test_desk_that_is_left_out_stays_out_until_it_is_asked_for(steppe: Wiring, small_desk: None) -> None:
    assert outcome(run("index", "--desk", "--json")) == {"brief.md": "added"}
    assert outcome(run("index", "--no-desk", "--json")) == {"brief.md": "removed"}
    assert outcome(run("index", "--json")) == {}
    assert outcome(run("index", "--desk", "--json")) == {"brief.md": "added"}
    assert outcome(run("index", "--json")) == {"brief.md": "unchanged"}


def test_desk_that_is_removed_stays_out(steppe: Wiring, small_desk: None) -> None:
    brief = identity(run("index", "--json"))["brief.md"]
    assert run("sources", "remove", "--desk", "--json").json == {"removed": [brief], "documents": 3}
    assert outcome(run("index", "--json")) == {}


def test_rebuild_alone_reads_nothing_in(steppe: Wiring, small_desk: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "32")
    ran = run("index", "--rebuild", "--json")
    assert (ran.code, ran.json["files"], ran.json["documents"]) == (0, [], 3)


def test_rebuild_with_a_model_that_cannot_be_loaded_leaves_the_index_as_it_was(
    footnote: Wiring, tmp_path: Path
) -> None:
    files = write_files(tmp_path / "files", {"bridge.md": BRIDGE})
    home = footnote.settings.home
    run("index", files, "--home", home)
    broken = Wiring(footnote.settings.model_copy(update={"index": IndexSettings(model=str(tmp_path / "no-model"))}))
    with pytest.raises(ModelUnavailable):
        broken.rebuild()
    broken.library.close()
    with_default = wiring_at(home, footnote.embedder)
    assert with_default.assistant.ask(OPENED).answered
    with_default.library.close()


def test_ask_prints_the_answer_and_its_footnotes(steppe: Wiring, tmp_path: Path) -> None:
    ran = run("ask", OPENED)
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "The bridge at Orsk was opened on 4 May 2019 (12). [1]",
        "",
        "[1] The bridge at Orsk (Steppe Post, 2023-05-17, report)",
        "    “The bridge at Orsk was opened on 4 May 2019 [12].”",
        f"    {tmp_path}/files/bridge.md, characters 0 to 49",
    ]


def test_ask_says_why_it_declines_and_shows_the_nearest(steppe: Wiring) -> None:
    ran = run("ask", BREAD)
    assert ran.out.startswith("The documents do not seem to answer this question.")
    assert "Nearest in the documents:\n  - " in ran.out


def test_ask_in_a_conversation_goes_on_with_it(steppe: Wiring) -> None:
    first = run("ask", OPENED, "--json").json
    second = run("ask", "And what did it cost?", "--conversation", first["conversation_id"], "--json").json
    assert second["conversation_id"] == first["conversation_id"]
    assert "12 million roubles" in second["text"]
    assert OPENED in second["searched_for"]


def test_answer_has_the_fields_of_the_contract(steppe: Wiring) -> None:
    answered, declined = run("ask", OPENED, "--json").json, run("ask", BREAD, "--json").json
    assert list(answered) == list(declined) == ANSWER_FIELDS
    for shown in (answered["citations"], declined["nearest"]):
        assert [list(cited) for cited in shown] == [CITATION_FIELDS] * len(shown) != []
    assert [list(claim) for claim in answered["claims"]] == [
        ["text", "start", "end", "citations", "support", "verdict"]
    ]
    assert answered["claims"][0]["citations"] == [1]


FILTERED = [
    (["--outlet", "Ural Herald"], {"A lost harvest"}),
    (["--outlet", "Ural Herald", "--outlet", "Steppe Post"], {"A lost harvest", "The bridge at Orsk"}),
    (["--kind", "report"], {"The bridge at Orsk"}),
    (["--since", "2024"], {"A lost harvest"}),
    (["--until", "2023-05-17"], {"The bridge at Orsk"}),
    (["--language", "ru"], set()),
]


@pytest.mark.parametrize(("filters", "titles"), FILTERED)
def test_filters_of_search(steppe: Wiring, filters: list[str], titles: set[str]) -> None:
    assert {hit["title"] for hit in run("search", "bridge and harvest", *filters, "--json").json["hits"]} == titles


@pytest.mark.parametrize(("filters", "titles"), FILTERED)
def test_filters_of_ask_and_chat(steppe: Wiring, filters: list[str], titles: set[str]) -> None:
    asked = run("ask", BREAD, *filters, "--json").json
    chatted = run("chat", *filters, "--json", given=f"{BREAD}\n").json
    for answer in (asked, chatted):
        assert {cited["title"] for cited in answer["nearest"]} == titles
        assert answer["reason"] == ("weak_match" if titles else "filtered_out")


def test_filter_by_document(steppe: Wiring) -> None:
    harvest = next(document for document in steppe.library.documents() if document.title == "A lost harvest")
    hits = run("search", "bridge", "--document", harvest.id, "--json").json["hits"]
    assert {hit["document_id"] for hit in hits} == {harvest.id}


def test_search_gives_passages_with_scores_best_first(steppe: Wiring) -> None:
    found = run("search", OPENED, "--json").json
    texts = {document.id: document.text for document in steppe.library.documents()}
    assert (found["query"], found["searched_for"]) == (OPENED, OPENED)
    assert found["hits"][0]["title"] == "The bridge at Orsk"
    assert [texts[hit["document_id"]][hit["start"] : hit["end"]] for hit in found["hits"]] == [
        hit["text"] for hit in found["hits"]
    ]
    assert [hit["score"] for hit in found["hits"]] == sorted((hit["score"] for hit in found["hits"]), reverse=True)
    assert {"passage_id", "heading", "page", "ranks", "outlet", "published", "kind"} <= set(found["hits"][0])


@pytest.mark.parametrize(("count", "found"), [(1, 1), (3, 3), (1000, 4)])
def test_search_gives_at_most_k(steppe: Wiring, count: int, found: int) -> None:
    assert len(run("search", OPENED, "-k", count, "--json").json["hits"]) == found


def test_search_for_people_numbers_the_passages(steppe: Wiring) -> None:
    ran = run("search", OPENED)
    assert ran.out.startswith("1. The bridge at Orsk\n")
    assert "\n2. " in ran.out


def test_search_in_an_empty_library_finds_nothing(one_model: None) -> None:
    assert run("search", OPENED).out == "Nothing was found.\n"
    assert run("search", OPENED, "--json").json["hits"] == []


def answers(ran: Ran) -> list[Json]:
    """JSON Lines."""
    return [json.loads(line) for line in ran.out.splitlines()]


def test_chat_as_json_lines_holds_one_conversation(steppe: Wiring) -> None:
    ran = run("chat", "--json", given=f"{OPENED}\nAnd what did it cost?\n{BREAD}")
    first, second, third = answers(ran)
    assert (ran.code, ran.err) == (0, "")
    assert {answer["conversation_id"] for answer in (first, second, third)} == {first["conversation_id"]}
    assert "4 May 2019" in first["text"]
    assert "12 million roubles" in second["text"]
    assert third["reason"] == "weak_match"
    assert steppe.conversations.turns(first["conversation_id"]) == [first, second, third]


def test_chat_prints_each_answer_with_its_footnotes(steppe: Wiring) -> None:
    ran = run("chat", given=f"{OPENED}\n{BREAD}\n")
    first, second = ran.out.split("\n\nThe documents do not seem", 1)
    assert first.startswith("The bridge at Orsk was opened on 4 May 2019 (12). [1]\n\n[1] The bridge at Orsk")
    assert "Nearest in the documents:" in second
    assert (ran.code, ran.err) == (0, "")


def test_chat_ends_at_an_empty_line(steppe: Wiring) -> None:
    assert len(answers(run("chat", "--json", given=f"{OPENED}\n\n{BREAD}\n"))) == 1
    assert run("chat", given="").out == ""


def test_chat_goes_on_with_a_conversation(steppe: Wiring) -> None:
    first = run("ask", OPENED, "--json").json
    given = "And what did it cost?\n"
    second = run("chat", "--conversation", first["conversation_id"], "--json", given=given).json
    assert second["conversation_id"] == first["conversation_id"]
    assert "12 million roubles" in second["text"]


def test_chat_survives_a_question_that_cannot_be_asked(steppe: Wiring) -> None:
    ran = run("chat", "--json", given=f"{'x' * 10_001}\n{OPENED}\n")
    error, answer = answers(ran)
    assert error["error"]["code"] == "bad_request"
    assert "10,001" in ran.complaint
    assert answer["answered"]


def test_sources_are_listed_with_the_fields_of_the_contract(steppe: Wiring) -> None:
    listed = run("sources", "list", "--json").json["documents"]
    assert all(set(document) >= DOCUMENT_FIELDS for document in listed)
    assert {document["title"]: document["published"] for document in listed} == {
        "A lost harvest": "2024-02",
        "The bridge at Orsk": "2023-05-17",
        "lake.txt": None,
    }


def test_sources_are_listed_by_title(steppe: Wiring) -> None:
    listed = run("sources", "list", "--json").json["documents"]
    assert [document["title"] for document in listed] == ["A lost harvest", "lake.txt", "The bridge at Orsk"]


def test_source_is_shown_with_its_text_and_headings(steppe: Wiring) -> None:
    listed = next(d for d in run("sources", "list", "--json").json["documents"] if d["published"] == "2023-05-17")
    shown = run("sources", "show", listed["id"], "--json").json
    assert {name: shown[name] for name in listed} == listed
    assert shown["pages"] == []
    assert [(heading["text"], heading["level"]) for heading in shown["headings"]] == [("Traffic", 2)]
    (heading,) = shown["headings"]
    assert shown["text"][heading["start"] : heading["end"]] == "Traffic"
    plain = run("sources", "show", listed["id"]).out
    assert plain.endswith(f"{shown['text']}\n")
    assert "outlet: Steppe Post\n" in plain


def test_sources_are_listed_for_people_a_line_each(steppe: Wiring) -> None:
    lines = run("sources", "list").out.splitlines()
    assert {line.split("  ", 1)[1] for line in lines[:-1]} == {
        "A lost harvest (Ural Herald, 2024-02, opinion)",
        "The bridge at Orsk (Steppe Post, 2023-05-17, report)",
        "lake.txt",
    }
    assert lines[-1] == "3 documents"


def test_removed_sources_are_gone(steppe: Wiring) -> None:
    one, two, three = (document.id for document in steppe.library.documents())
    assert run("sources", "remove", one, three, "--json").json == {"removed": [one, three], "documents": 1}
    assert [document.id for document in steppe.library.documents()] == [two]


def test_removing_is_all_or_nothing(steppe: Wiring) -> None:
    one, *_ = (document.id for document in steppe.library.documents())
    ran = run("sources", "remove", one, "nothing")
    assert (ran.code, steppe.library.count()) == (1, 3)


def test_removing_the_same_source_twice_in_one_command_removes_it(steppe: Wiring) -> None:
    one, *_ = (document.id for document in steppe.library.documents())
    ran = run("sources", "remove", one, one, "--json")
    assert (ran.code, ran.json["documents"]) == (0, 2)


def test_harvest_is_quoted_as_opinion(steppe: Wiring) -> None:
    cited = run("ask", "Why did the wheat harvest in Turgai fail?", "--json").json["citations"][0]
    assert (cited["kind"], cited["outlet"]) == ("opinion", "Ural Herald")
    assert cited["quote"] in HARVEST
