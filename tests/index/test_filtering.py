"""Filters: every field given must hold, any of its values will do, and the ranking is that of the admitted alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from assistant.wiring import Wiring
from corpus.errors import BadRequest
from corpus.types import KINDS, Document, Metadata
from index.embedding import Embedder
from index.filtering import admits, check_filter
from index.types import Filter, Query
from tests.factories import document, wiring_at

DATES = ["2022", "2022-12", "2023-01-01", "2023-05", "2023-05-17", "2023-12-31", "2024-02-29", None]


def described(**metadata: str | None) -> Document:
    return replace(document("It rained."), metadata=Metadata(**metadata))


@pytest.mark.parametrize(
    ("wanted", "metadata", "admitted"),
    [
        (Filter(), {}, True),
        (Filter(outlet=("Civil Georgia",)), {"outlet": "Civil Georgia"}, True),
        (Filter(outlet=(" CIVIL georgia ",)), {"outlet": "Civil Georgia"}, True),
        (Filter(outlet=("Civil",)), {"outlet": "Civil Georgia"}, False),
        (Filter(outlet=("Civil Georgia",)), {}, False),
        (Filter(outlet=("JAMnews", "Civil Georgia")), {"outlet": "Civil Georgia"}, True),
        (Filter(kind=("report",)), {"kind": "report"}, True),
        (Filter(kind=("report",)), {"kind": "brief"}, False),
        (Filter(kind=("report",)), {}, False),
        (Filter(kind=("report", "brief")), {"kind": "brief"}, True),
        (Filter(language=("ru",)), {"language": "ru"}, True),
        (Filter(language=("ru",)), {"language": "en"}, False),
        (Filter(language=("ru", "en")), {"language": "en"}, True),
        (Filter(language=("ru",)), {}, False),
        (Filter(document_id=("d1",)), {}, True),
        (Filter(document_id=("d2", "d1")), {}, True),
        (Filter(document_id=("d2",)), {}, False),
        (Filter(outlet=("A",), kind=("brief",)), {"outlet": "A", "kind": "brief"}, True),
        (Filter(outlet=("A",), kind=("brief",)), {"outlet": "A", "kind": "report"}, False),
        (Filter(outlet=("A",), since="2023"), {"outlet": "A", "published": "2022"}, False),
    ],
)
def test_every_field_given_must_hold(wanted: Filter, metadata: dict[str, str], admitted: bool) -> None:
    assert admits(wanted, described(**metadata)) is admitted


@pytest.mark.parametrize(
    ("since", "until", "published"),
    [
        ("2023-05-17", None, ["2023-05", "2023-05-17", "2023-12-31", "2024-02-29"]),
        ("2023-05-18", None, ["2023-05", "2023-12-31", "2024-02-29"]),
        ("2023-06", None, ["2023-12-31", "2024-02-29"]),
        ("2022-12-31", "2023-01-01", ["2022", "2022-12", "2023-01-01"]),
        (None, "2022", ["2022", "2022-12"]),
        (None, "2023-05-01", ["2022", "2022-12", "2023-01-01", "2023-05"]),
        (None, "2023-05", ["2022", "2022-12", "2023-01-01", "2023-05", "2023-05-17"]),
        ("2023", "2023", ["2023-01-01", "2023-05", "2023-05-17", "2023-12-31"]),
        ("2024-02", "2024-02", ["2024-02-29"]),
        ("2024", "2023", []),
        ("2023-05-17T23:30:00-02:00", None, ["2023-05", "2023-12-31", "2024-02-29"]),
        ("2023-05-17T09:00:00Z", "2023-05-17T10:00:00Z", ["2023-05", "2023-05-17"]),
        (" 2024 ", None, ["2024-02-29"]),
        ("20240229", "20240229", ["2024-02-29"]),
        (None, "2022-W52", ["2022", "2022-12"]),
    ],
)
def test_bounds_are_inclusive_and_a_partial_date_is_in_when_it_may_lie_inside(
    since: str | None, until: str | None, published: list[str]
) -> None:
    wanted = Filter(since=since, until=until)
    check_filter(wanted)
    assert [date for date in DATES if admits(wanted, described(published=date))] == published


@pytest.mark.parametrize("name", ["since", "until"])
@pytest.mark.parametrize("value", ["", "soon", "2023-13", "2023-02-30", "17.05.2023", "23", "0000", "2023-5"])
def test_a_bound_that_is_no_date_is_refused(name: str, value: str) -> None:
    with pytest.raises(BadRequest) as raised:
        check_filter(Filter(since=value) if name == "since" else Filter(until=value))
    assert raised.value.field == name
    assert repr(value) in str(raised.value)
    assert "2023-05-17" in raised.value.hint


@pytest.mark.parametrize("kind", ["", "rumour", "Report "])
def test_a_kind_that_does_not_exist_is_refused(kind: str) -> None:
    with pytest.raises(BadRequest) as raised:
        check_filter(Filter(kind=("report", kind)))
    assert (raised.value.field, repr(kind) in str(raised.value)) == ("kind", True)
    assert all(known in raised.value.hint for known in KINDS)


@pytest.mark.parametrize("wanted", [Filter(), Filter(since="2023", until="2023-05-17"), Filter(kind=KINDS)])
def test_a_filter_that_may_match_is_taken(wanted: Filter) -> None:
    check_filter(wanted)


def test_only_a_filter_that_asks_something_is_active() -> None:
    assert not Filter().active
    assert all(Filter(**field).active for field in ({"since": "2023"}, {"until": "2023"}, {"kind": ("brief",)}))


@pytest.fixture(scope="module")
def library(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wiring]:
    """Forty documents, with all kinds, four years, two outlets and two languages."""
    footnote = wiring_at(tmp_path_factory.mktemp("filtering") / "home", embedder)
    topics = "gas war peace bread elections floods railways gold wheat press".split()
    footnote.indexer.add_documents(
        [
            document(
                f"News of {topics[number % 10]} came in year {number}. {f'It was story {number} of many words. ' * 3}",
                id=f"d{number}",
                outlet="AB"[number % 2],
                kind=KINDS[number % 5],
                language="en" if number % 3 else "ru",
                published=f"{2020 + number % 4}-0{1 + number % 9}",
            )
            for number in range(40)
        ]
    )
    yield footnote
    footnote.library.close()


@pytest.mark.parametrize(
    "wanted",
    [
        Filter(outlet=("a",)),
        Filter(kind=("report", "official")),
        Filter(language=("ru",)),
        Filter(since="2021-03", until="2022"),
        Filter(document_id=("d7",)),
        Filter(outlet=("B",), since="2022", kind=("brief",)),
        Filter(outlet=("C",)),
    ],
)
@pytest.mark.parametrize("question", ["news of gas and war", "the of"])
def test_filtering_gives_what_filtering_everything_would(library: Wiring, wanted: Filter, question: str) -> None:
    size = library.store.count()
    documents = {one.id: one for one in library.library.documents()}
    everything = library.retriever.search(Query(question), size)
    admitted = [hit for hit in everything if admits(wanted, documents[hit.document_id])]
    for k in (3, size):
        filtered = library.retriever.search(Query(question), k, wanted)
        assert [hit.passage_id for hit in filtered] == [hit.passage_id for hit in admitted[:k]]
        assert [hit.score for hit in filtered] == pytest.approx([hit.score for hit in admitted[:k]], abs=1e-5)


def test_as_many_documents_match_as_are_admitted(library: Wiring) -> None:
    assert library.retriever.matches(Filter()) == 40
    assert library.retriever.matches(Filter(outlet=("a",))) == 20
    assert library.retriever.matches(Filter(outlet=("C",))) == 0


@pytest.mark.parametrize("wanted", [Filter(since="soon"), Filter(until="2023-13"), Filter(kind=("rumour",))])
def test_a_search_refuses_what_can_never_match(footnote: Wiring, wanted: Filter) -> None:
    with pytest.raises(BadRequest):
        footnote.retriever.search(Query("gas"), 5, wanted)
    with pytest.raises(BadRequest):
        footnote.retriever.matches(wanted)
