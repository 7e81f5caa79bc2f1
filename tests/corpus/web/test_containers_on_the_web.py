"""What is no page behind a URL: documents by their type, containers member by member."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from corpus.intake import find_sources
from index.embedding import Embedder
from tests.factories import wiring_at
from tests.web_server import Page, web_server


def zipped(**files: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(f"{name}.txt", text)
    return buffer.getvalue()


def test_an_archive_behind_a_url_is_read_member_by_member_and_once(tmp_path: Path, embedder: Embedder) -> None:
    footnote = wiring_at(tmp_path, embedder, allow_private=True)
    packed = zipped(lake="The lake froze in November.", bridge="The bridge was opened in May.")
    with web_server({"/all": Page(packed, "application/zip")}) as server:
        url = server.url("/all")
        first, second = (list(footnote.indexer.index(find_sources([url]))) for _ in range(2))
    documents = [footnote.library.document(report.document_id or "") for report in first]
    footnote.close()
    assert [(report.path, report.state) for report in first] == [
        (f"{url}!/lake.txt", "added"),
        (f"{url}!/bridge.txt", "added"),
    ]
    assert {report.state for report in second} == {"unchanged"}
    assert {document.metadata.url for document in documents} == {url}


def test_a_table_is_known_by_its_type_alone(tmp_path: Path, embedder: Embedder) -> None:
    footnote = wiring_at(tmp_path, embedder, allow_private=True)
    with web_server({"/export?id=7": Page("City,People\nOrsk,200000\n", "text/csv")}) as server:
        (report,) = footnote.indexer.index(find_sources([server.url("/export?id=7")]))
    text = footnote.library.document(report.document_id or "").text
    footnote.close()
    assert "City: Orsk; People: 200000" in text
