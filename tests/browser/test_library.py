"""The library: listed, searched, added to, taken from with undo, and asked of one document alone."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Visit, ask, last
from tests.browser.test_asking import marked
from tests.corpus.makers import lines, package, pdf, wrapped
from tests.factories import write_files

BRIDGE = """---
title: The bridge at Orsk
outlet: Steppe Post
published: 2023-05-17
kind: report
language: en
---
The bridge at Orsk was opened on 4 May 2019. It cost 12 million roubles.
"""


def add(page: Page, *files: Path) -> None:
    """Chooses files, as in the file dialog, and waits until each has its final state."""
    page.locator("#library input[type=file]").set_input_files([str(file) for file in files])
    expect(page.locator("#uploads")).to_contain_text(f"{len(files)} of {len(files)} done")


@pytest.fixture
def page(visitor: Visit) -> Page:
    """The library."""
    opened = visitor.open("#/library")
    expect(opened.locator("#library-list li").first).to_be_visible()
    return opened


def test_documents_are_listed_with_whose_they_are(page: Page, visitor: Visit) -> None:
    documents = visitor.site.get("/api/documents").json()["documents"]
    assert page.locator("#library-list .title").all_text_contents() == [found["title"] for found in documents]
    expect(page.locator("#library-count")).to_have_text(str(len(documents)))
    expect(page.locator("#library-list .of").first).to_contain_text(re.compile("Footnote desk · .* · brief · English"))


def test_documents_are_searched_and_filtered(page: Page, tmp_path: Path) -> None:
    write_files(tmp_path, {"bridge.md": BRIDGE})
    add(page, tmp_path / "bridge.md")
    page.fill("#library-search", "steppe 2023-05")
    expect(page.locator("#library-list .title")).to_have_text(["The bridge at Orsk"])
    page.fill("#library-search", "")
    page.select_option("#library-outlet", "Steppe Post")
    expect(page.locator("#library-list .title")).to_have_text(["The bridge at Orsk"])
    page.fill("#library-search", "nothing is called so")
    expect(page.locator("#library-shown")).to_have_text("No document is like that.")


def test_file_is_added_and_answers_a_question(page: Page, tmp_path: Path) -> None:
    write_files(
        tmp_path, {"ferry.md": "# The ferry at Aralsk\n\nThe ferry at Aralsk sank on 3 June 1961 with 17 aboard."}
    )
    add(page, tmp_path / "ferry.md")
    expect(page.locator(".upload", has_text="ferry.md").locator(".state")).to_have_text("added")
    expect(page.locator("#library-list .title", has_text="The ferry at Aralsk")).to_be_visible()
    page.keyboard.press("/")
    ask(page, "When did the ferry at Aralsk sink?")
    last(page, ".answer a.fn").first.click()
    assert marked(page) == "The ferry at Aralsk sank on 3 June 1961 with 17 aboard."


def test_pdf_is_added_and_its_footnote_opens_on_the_page(page: Page, tmp_path: Path) -> None:
    first = lines(wrapped("The ferry at Muynak carried fishermen and their salt across the bay for forty years.", 70))
    second = lines(wrapped("The shipyard at Muynak built its last trawler in March 1978, for the Uchsai fleet.", 70))
    write_files(tmp_path, {"muynak.pdf": pdf(first, second, title="Muynak and its ships")})
    add(page, tmp_path / "muynak.pdf")
    expect(page.locator(".upload", has_text="muynak.pdf").locator(".state")).to_have_text("added")
    page.keyboard.press("/")
    ask(page, "When did the shipyard at Muynak build its last trawler?")
    last(page, ".answer a.fn").first.click()
    assert marked(page) == "The shipyard at Muynak built its last trawler in March 1978, for the Uchsai fleet."
    expect(page.locator("#reader .label")).to_contain_text("page 2")
    expect(page.locator("#reader .text .page")).to_have_text(["page 1", "page 2"])


def test_archive_lists_what_became_of_each_of_its_members(page: Page, tmp_path: Path) -> None:
    members: dict[str, str | bytes] = {"one.txt": "The dyke of Termez is 9 metres high.", "two.xyz": b"\x00\x01" * 99}
    write_files(tmp_path, {"archive.zip": package(members)})
    add(page, tmp_path / "archive.zip")
    inside = page.locator("#uploads > ul > .upload", has_text="archive.zip").locator("ul .upload")
    expect(inside).to_have_count(2)
    expect(inside.filter(has_text="one.txt").locator(".state")).to_have_text("added")
    expect(inside.filter(has_text="two.xyz").locator(".state")).to_have_text("not read")


def test_each_file_ends_in_a_state_with_its_reason(page: Page, tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "good.txt": "The mill at Turgai was built in 1911.",
        "none.txt": b"",
        "clip.xyz": b"\x00\x01\x02" * 99,
    }
    write_files(tmp_path, files)
    add(page, *(tmp_path / name for name in files))
    expect(page.locator(".upload", has_text="good.txt").locator(".state")).to_have_text("added")
    for name in ("none.txt", "clip.xyz"):
        upload = page.locator(".upload", has_text=name)
        expect(upload.locator(".state")).to_have_text(re.compile("failed|not read"))
        expect(upload.locator(".reason")).not_to_be_empty()


def test_file_is_dropped_anywhere_on_the_page(visitor: Visit) -> None:
    page = visitor.open()
    dropped = page.evaluate_handle(
        """() => { const held = new DataTransfer();
            held.items.add(new File(['The kiln of Osh fires 300 bricks.'], 'kiln.txt')); return held }"""
    )
    page.dispatch_event("#question", "dragover", {"dataTransfer": dropped})
    expect(page.locator("#drop")).to_be_visible()
    page.dispatch_event("#question", "drop", {"dataTransfer": dropped})
    expect(page.locator("#drop")).to_be_hidden()
    expect(page.locator(".upload", has_text="kiln.txt").locator(".state")).to_have_text("added")
    expect(page.locator("#library-list .title", has_text="kiln.txt")).to_be_visible()


def test_address_that_is_none_is_said(page: Page) -> None:
    field = page.get_by_label("Address of a page or file")
    field.fill("javascript:alert(1)")
    page.keyboard.press("Enter")
    expect(page.locator(".toast")).to_contain_text("no web address")
    expect(field).to_have_value("javascript:alert(1)")


def test_document_is_removed_and_taken_back(page: Page, visitor: Visit, tmp_path: Path) -> None:
    write_files(tmp_path, {"well.txt": "The well of Kungrad is 40 metres deep."})
    add(page, tmp_path / "well.txt")
    found = page.locator("#library-list li", has_text="well.txt")
    found.hover()
    found.locator("[aria-label^=Remove]").click()
    expect(found).to_have_count(0)
    titles = {one["title"] for one in visitor.site.get("/api/documents").json()["documents"]}
    assert "well.txt" not in titles
    page.click(".toast >> text=Undo")
    expect(found).to_have_count(1)
    hits = visitor.site.get("/api/search", q="how deep is the well of Kungrad").json()["hits"]
    assert hits[0]["title"] == "well.txt"


def test_one_document_is_opened_and_asked_alone(page: Page) -> None:
    page.fill("#library-search", "grain, ports")
    page.locator("#library-list .title").click()
    expect(page.locator("#reader h2")).to_have_text("Grain, ports and the fight for the Black Sea")
    page.click("#reader >> text=Ask about this document alone")
    expect(page.locator("#chips .chip")).to_have_text(["only “Grain, ports and the fight for the Black Sea”"])
    expect(page.locator("#question")).to_be_focused()
    ask(page, "When was the deal signed?")
    expect(last(page, ".filtered")).to_contain_text("Grain, ports")
    sources = set(last(page, ".sources a, .nearest .title").all_text_contents())
    assert sources <= {"Grain, ports and the fight for the Black Sea", "The same"}


def test_thousand_documents_are_searched_without_lag(page: Page, visitor: Visit) -> None:
    documents = visitor.site.get("/api/documents").json()["documents"]
    many = [documents[0] | {"id": f"d{number}", "title": f"Document {number}"} for number in range(1000)]
    page.route("**/api/documents", lambda route: route.fulfill(json={"documents": many}))
    began = time.monotonic()
    page.reload()
    expect(page.locator("#library-list li")).to_have_count(1000)
    assert time.monotonic() - began < 5
    took = page.evaluate(
        """async () => { const box = document.getElementById('library-search'), began = performance.now();
            for (const text of ['d', 'do', 'document 99', '']) {
                box.value = text; box.dispatchEvent(new Event('input'));
                await new Promise(requestAnimationFrame); }
            return (performance.now() - began) / 4 }"""
    )
    assert took < 250
    expect(page.locator("#library-list li")).to_have_count(1000)
