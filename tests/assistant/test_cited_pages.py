"""A citation of a document with pages says the page, whatever the format."""

from __future__ import annotations

from pathlib import Path

from assistant.wiring import Wiring
from tests.corpus.makers import lines, pdf, scanned, wrapped
from tests.corpus.test_office import slides
from tests.factories import index_paths, states, write_files

HARVEST = (
    "The grain harvest of Kostanay fell to 812,000 tonnes in 2031, said the ministry of agriculture in its report."
)
BRIDGE = "The bridge at Orsk was opened on 4 May 2019 by the governor, and it cost 12 million roubles to build."
LAKE = "The Aydar lake froze in November, earlier than in any year since the station was built on its southern shore."


def test_an_answer_out_of_a_pdf_cites_its_page(tmp_path: Path, footnote: Wiring) -> None:
    drawn = [lines(wrapped(text, 80)) for text in (BRIDGE, HARVEST, LAKE)]
    reports = index_paths(footnote, write_files(tmp_path / "files", {"report.pdf": pdf(*drawn, scanned)}))
    assert states(reports) == {"report.pdf": "partial"}
    assert reports[0].reason == "1 of 4 pages hold no text"
    answer = footnote.assistant.ask("How many tonnes was the grain harvest of Kostanay in 2031?")
    assert [(cited.quote, cited.page) for cited in answer.citations] == [(HARVEST, 2)]


def test_a_hit_in_a_presentation_names_its_slide(tmp_path: Path, footnote: Wiring) -> None:
    index_paths(footnote, write_files(tmp_path / "files", {"talk.pptx": slides()}))
    (document,) = footnote.library.documents()
    assert [page.number for page in document.pages] == [1, 2, 4]
    answer = footnote.assistant.ask("How many troops does Russia have?")
    assert {cited.page for cited in [*answer.citations, *answer.nearest]} & {4}
