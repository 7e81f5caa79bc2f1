"""`footnote doctor`: an installation that is well, and each way in which one is not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.doctor import Check
from assistant.wiring import Wiring
from tests.assistant.running import overwrite_pages, run
from tests.factories import document

NAMES = [
    "Python",
    "library",
    "model",
    "reader",
    "index",
    "offsets",
    "places",
    "terms",
    "vectors",
    "leftovers",
    "answerer",
]
NAMES += ["search"]


def checks(*arguments: object) -> dict[str, Check]:
    """What the doctor found, by name."""
    found = [Check(**check) for check in run("doctor", *arguments, "--json").json["checks"]]
    return {check.name: check for check in found}


def wrong(found: dict[str, Check]) -> list[str]:
    return [check.name for check in found.values() if check.verdict != "ok"]


def test_installation_that_is_well_is_ok_in_every_point(steppe: Wiring) -> None:
    ran = run("doctor", "--json")
    assert (ran.code, ran.err, ran.json["healthy"]) == (0, "", True)
    assert [(check["name"], check["verdict"], check["remedy"]) for check in ran.json["checks"]] == [
        (name, "ok", "") for name in NAMES
    ]
    assert "3 documents" in checks()["library"].detail


def test_doctor_prints_a_line_for_each_check(steppe: Wiring) -> None:
    ran = run("doctor")
    assert (ran.code, [line.split()[:2] for line in ran.out.splitlines()]) == (0, [["ok", name] for name in NAMES])


def test_empty_library_is_well(one_model: None) -> None:
    ran = run("doctor", "--json")
    assert (ran.code, ran.json["healthy"]) == (0, True)


def test_users_files_are_not_looked_at(steppe: Wiring, tmp_path: Path) -> None:
    (tmp_path / "files" / "bridge.md").unlink()
    assert wrong(checks()) == []


def test_other_index_settings_are_wrong(steppe: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "64")
    found = checks()
    assert "index" in wrong(found)
    assert "footnote index --rebuild" in found["index"].remedy


def test_document_without_passages_is_wrong(steppe: Wiring) -> None:
    steppe.library.put(document("Stored, but never cut.", "d0"))
    found = checks()
    assert wrong(found) == ["index"]
    assert "'d0'" in found["index"].detail
    assert "footnote index" in found["index"].remedy


def test_passage_without_vectors_is_wrong(steppe: Wiring) -> None:
    with steppe.library.writing() as connection:
        connection.execute("DELETE FROM embeddings")
    found = checks()
    assert "index" in wrong(found)
    assert "4 passages" in found["index"].detail


def test_passage_outside_its_document_is_wrong(steppe: Wiring) -> None:
    with steppe.library.writing() as connection:
        connection.execute('UPDATE passages SET "end" = "end" + 1000 WHERE number = 1')
    found = checks()
    assert "offsets" in wrong(found)
    assert "footnote index --rebuild" in found["offsets"].remedy


@pytest.mark.parametrize(
    ("damage", "check", "said"),
    [
        ("UPDATE terms SET uses = uses + 1 WHERE number = 1", "terms", "1 words"),
        ("DELETE FROM terms WHERE number = 2", "terms", "1 words"),
        ("INSERT INTO terms (term, uses) VALUES ('zyx', 1)", "terms", "1 words"),
        ("INSERT INTO embeddings VALUES ('all-MiniLM-L6-v2', 'unused', x'00')", "leftovers", "1 vectors"),
        ("INSERT INTO versions SELECT id, 'older', 'text' FROM documents LIMIT 1", "leftovers", "1 old versions"),
        ("UPDATE embeddings SET vectors = substr(vectors, 3)", "vectors", "damaged"),
    ],
)
def test_what_is_left_behind_or_disagrees_is_wrong_and_a_rebuild_mends_it(
    steppe: Wiring, damage: str, check: str, said: str
) -> None:
    with steppe.library.writing() as connection:
        connection.execute(damage)
    found = checks()
    assert check in wrong(found)
    assert (said in found[check].detail, found[check].remedy) == (True, "run `footnote index --rebuild`")
    assert run("index", "--rebuild").code == 0
    assert wrong(checks()) == []


def test_a_document_that_stands_twice_is_wrong(steppe: Wiring) -> None:
    document = steppe.library.documents()[0]
    steppe.indexer.add_documents([replace(document, id="d0")])
    steppe.library.put_place("/copy.md", "d0", "hash")
    assert wrong(checks()) == ["places"]


def test_a_library_that_lived_is_well(steppe: Wiring, tmp_path: Path) -> None:
    """After an answer, an update of what it cites, a removal and a conversation's end, nothing is left behind."""
    answers = [steppe.assistant.ask("When was the bridge at Orsk opened?") for _ in range(2)]
    (tmp_path / "files" / "bridge.md").write_text("The bridge at Orsk was opened on 9 June 2019.")
    run("index", tmp_path / "files")
    assert wrong(checks()) == []
    steppe.conversations.delete(answers[0].conversation_id)
    run("sources", "remove", answers[0].citations[0].document_id)
    assert wrong(checks()) == []


def test_rebuild_mends_what_the_doctor_found(steppe: Wiring, tmp_path: Path) -> None:
    with steppe.library.writing() as connection:
        connection.execute('UPDATE passages SET "end" = "end" + 1000')
        connection.execute("DELETE FROM embeddings")
    assert wrong(checks()) != []
    run("index", tmp_path / "files", "--rebuild")
    assert wrong(checks()) == []


def test_home_that_cannot_be_used_is_wrong(one_model: None, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    ran = run("doctor", "--home", tmp_path / "file")
    assert (ran.code, ran.err) == (1, "")
    assert "wrong  library" in ran.out
    assert "--home" in ran.out


def test_damaged_library_is_wrong(steppe: Wiring) -> None:
    overwrite_pages(steppe)
    found = checks()
    assert "library" in wrong(found)
    assert found["library"].remedy


def test_something_wrong_is_exit_code_1_and_still_one_json_object(steppe: Wiring) -> None:
    steppe.library.put(document("Stored, but never cut.", "d0"))
    ran = run("doctor", "--json")
    assert (ran.code, ran.json["healthy"]) == (1, False)
