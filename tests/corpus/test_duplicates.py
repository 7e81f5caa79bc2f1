"""Near duplicates: which texts are versions of one story, and which only sound alike."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.duplicates import alike, bands_of, groups, link, link_missing
from corpus.intake import desk_sources, load, read_source
from corpus.library import Library
from corpus.types import Document
from tests.factories import document, updated_story, wire_copy

DESK = {source.path.stem: read_source(source, load(source)[0]).extracted.text for source in desk_sources()}
STORY = DESK["karabakh-war-2020"]


def put(library: Library, *documents: Document) -> None:
    for one in documents:
        library.put(one)
        link(library, one.id, one.text, one.content_hash)


@pytest.fixture
def library(home: Path) -> Iterator[Library]:
    opened = Library(home)
    yield opened
    opened.close()


def test_no_two_briefs_of_the_desk_are_alike(library: Library) -> None:
    put(library, *(document(text, name) for name, text in DESK.items()))
    assert groups(library) == {}
    early = [name for name in DESK if f"{name}-early" in DESK]
    assert len(early) == 3
    assert [name for name in early if alike(DESK[name], DESK[f"{name}-early"])] == []


@pytest.mark.parametrize("seed", range(20))
def test_a_wire_copy_and_an_update_are_alike_and_share_a_band(seed: int) -> None:
    story = DESK[sorted(DESK)[seed * 4]]
    for version in (wire_copy(story, random.Random(seed)), updated_story(story, random.Random(seed))):
        assert alike(story, version)
        assert set(bands_of(story)) & set(bands_of(version))


def bulletin(seed: int) -> str:
    """A bulletin that says the same each week, of other figures."""
    figure = random.Random(seed)
    lines = (
        f"The price of a tonne of grade {name} closed at {figure.uniform(100, 900):.2f} dollars in the port today, "
        f"with {figure.randrange(1000, 9000)} tonnes sold to buyers from the region."
        for name in ("A", "B", "C", "D")
    )
    return " ".join(lines)


def test_bulletins_that_differ_in_their_figures_are_no_versions_of_one_another() -> None:
    assert [pair for pair in itertools.combinations(map(bulletin, range(6)), 2) if alike(*pair)] == []
    assert alike(bulletin(1), bulletin(1) + " The port is closed tomorrow.")


@pytest.mark.parametrize("text", ["", "It rained in the valley.", "😀"])
def test_a_text_of_a_few_words_is_alike_to_none(text: str) -> None:
    assert (alike(text, text), bands_of(text)) == (False, [])


def test_a_signature_is_the_same_in_every_process() -> None:
    assert bands_of(STORY)[:2] == [-5464692196483638609, 1812104416081707106]


def test_versions_are_one_group_and_others_none(library: Library) -> None:
    copy, update = wire_copy(STORY, random.Random(1)), updated_story(STORY, random.Random(2))
    put(
        library,
        document(STORY, "a"),
        document(copy, "b"),
        document(DESK["crocus-attack-2024"], "c"),
        document(update, "d"),
    )
    assert groups(library) == dict.fromkeys("abd", ("a", "b", "d"))


def test_a_document_that_changes_or_goes_leaves_its_group(library: Library) -> None:
    put(library, *(document(updated_story(STORY, random.Random(n)), f"d{n}") for n in range(3)))
    put(library, document(DESK["crocus-attack-2024"], "d0"))
    assert groups(library) == dict.fromkeys(("d1", "d2"), ("d1", "d2"))
    library.remove("d1")
    assert groups(library) == {}


def test_documents_from_before_there_were_links_are_linked_later(library: Library) -> None:
    for number in range(3):
        library.put(document(updated_story(STORY, random.Random(number)), f"d{number}"))
    assert groups(library) == {}
    link_missing(library)
    assert set(groups(library)) == {"d0", "d1", "d2"}
