"""Files that hold many documents: which they hold, by what names, and what they say."""

from __future__ import annotations

import json
from email.message import EmailMessage

import pytest

from corpus.containers.parts import CONTAINER_TYPES, Member, Opening, Part
from corpus.containers.walk import CONTAINERS, Walk
from corpus.containers.zips import open_zip
from corpus.errors import ReadingError
from corpus.types import Metadata
from tests.corpus.makers import lines, package, pdf

BRIDGE = "The bridge at Orsk was opened in May. It cost twelve million roubles."
RAIN = "Rain fell on the town for three days. The river rose by two metres."


def parts(name: str, data: bytes | str, **fields: str) -> list[Part]:
    return list(Walk(fields).parts(name, data.encode() if isinstance(data, str) else data))


def texts(name: str, data: bytes | str, **fields: str) -> dict[str, str]:
    """What is read, by member; why not, where it is not."""
    return {
        part.name: part.extracted.text if part.extracted else f"{part.state}: {part.reason}"
        for part in parts(name, data, **fields)
    }


def mail(body: str = BRIDGE, html: str | None = None, **headers: str) -> EmailMessage:
    message = EmailMessage()
    for name, value in headers.items():
        message[name] = value
    message.set_content(body)
    if html is not None:
        message.add_alternative(html, subtype="html")
    return message


def test_the_types_named_are_those_that_have_an_opener() -> None:
    assert set(CONTAINERS) == CONTAINER_TYPES


def test_a_file_of_one_document_is_one_part_without_a_name() -> None:
    assert texts("a.md", RAIN) == {"": RAIN}
    assert texts("a.md", "") == {"": "failed: the file is empty: nothing to read in it"}


# --- Zip


def test_members_of_an_archive_are_read_by_their_own_types() -> None:
    data = package({"b.md": "# Bridge\n\nOpened.", "in/r.txt": RAIN, "in/p.png": b"x", "empty/": b""})
    found = parts("a.zip", data)
    assert [(part.name, part.state) for part in found] == [("b.md", None), ("in/r.txt", None), ("in/p.png", "skipped")]
    assert texts("a.zip", data)["in/r.txt"] == RAIN


def test_archives_and_mail_within_archives_are_opened_to_a_depth() -> None:
    inner = package({"r.txt": RAIN, "m.eml": mail(Subject="Bridge").as_bytes()})
    assert texts("a.zip", package({"in.zip": inner})) == {"in.zip!/r.txt": RAIN, "in.zip!/m.eml": BRIDGE}
    deep = package({"r.txt": RAIN})
    for _ in range(4):
        deep = package({"in.zip": deep})
    assert texts("a.zip", deep) == {"in.zip!/" * 4 + "r.txt": RAIN}
    [(name, said)] = texts("a.zip", package({"in.zip": deep})).items()
    assert (name, said.partition(":")[0]) == ("!/".join(["in.zip"] * 5), "failed")


@pytest.mark.parametrize(
    "name", ["../out.md", "/etc/out.md", "a/../../out.md", "..\\out.md", "C:\\out.md", "C:/out.md"]
)
def test_a_name_that_leads_out_of_its_archive_is_refused(name: str) -> None:
    [refused, read] = parts("a.zip", package({name: BRIDGE, "r.txt": RAIN}))
    assert (refused.state, (refused.reason or "").partition(":")[0]) == ("failed", "its name leads out of the archive")
    assert read.extracted is not None


def test_two_members_of_one_name_are_told_apart() -> None:
    data = package({"a.txt": RAIN, "b.txt": BRIDGE}).replace(b"b.txt", b"a.txt")
    assert texts("a.zip", data) == {"a.txt": RAIN, "a.txt (2)": BRIDGE}


def test_what_would_burst_is_not_unpacked_and_its_neighbours_are_read() -> None:
    data = package({"bomb.txt": b"0" * 30_000_000, "r.txt": RAIN})
    found = texts("a.zip", data)
    assert found["bomb.txt"].startswith("failed: it would unpack to 102")
    assert found["r.txt"] == RAIN


def test_what_archives_in_archives_unpack_to_is_counted_together() -> None:
    opening = Opening(unpacked_left=150)
    data = package({"a.txt": "a" * 100, "b.txt": "b" * 100, "c.txt": "c" * 50})
    members = [member for member in open_zip(data, opening) if isinstance(member, Member)]
    assert members[0].load() == b"a" * 100
    with pytest.raises(ReadingError, match="MB for one file: if you trust it, unpack it and index the folder"):
        members[1].load()
    assert members[2].load() == b"c" * 50


def test_a_walk_goes_on_behind_a_member_that_an_earlier_one_was_lost_on() -> None:
    data = package({"a.txt": RAIN, "in.zip": package({"b.txt": BRIDGE, "c.txt": RAIN}), "d.txt": BRIDGE})
    whole = list(Walk({}).parts("a.zip", data))
    assert [part.name for part in whole] == ["a.txt", "in.zip!/b.txt", "in.zip!/c.txt", "d.txt"]
    assert list(Walk({}, done=2).parts("a.zip", data)) == whole[2:]
    lost = Part("in.zip!/c.txt", state="failed", reason="it took too long")
    assert list(Walk({}, 2, "it took too long").parts("a.zip", data)) == [lost, whole[3]]


# --- Mail


def test_a_message_has_its_headers_as_metadata() -> None:
    message = mail(
        From='"Anna Löwe" <anna@example.org>', Subject="Brücke in Orsk", Date="Wed, 17 May 2023 23:30:00 -0200"
    )
    [part] = parts("m.eml", message.as_bytes())
    assert part.extracted is not None
    assert (part.name, part.extracted.text) == ("", BRIDGE)
    assert part.extracted.metadata == Metadata(title="Brücke in Orsk", author="Anna Löwe", published="2023-05-18")


def test_attachments_are_documents_of_their_own() -> None:
    message = mail(Subject="Two things")
    message.add_attachment(pdf(lines([RAIN])), maintype="application", subtype="pdf", filename="report.pdf")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="../../photo.png")
    message.add_attachment(mail(RAIN, Subject="Rain"))
    found = parts("m.eml", message.as_bytes())
    assert [(part.name, part.state) for part in found] == [
        ("", None),
        ("report.pdf", None),
        ("photo.png", "skipped"),
        ("3 Rain", None),
    ]


def test_a_page_in_a_message_is_read_as_a_page_where_there_is_no_plain_text() -> None:
    page = f"<html><body><table><tr><td><p>{BRIDGE}</p></td></tr></table></body></html>"
    assert texts("m.eml", mail(RAIN, page).as_bytes()) == {"": RAIN}
    assert texts("m.eml", mail(" \n", page).as_bytes()) == {"": BRIDGE}


@pytest.mark.parametrize(
    "tail",
    [
        "On Tue, 2 May 2023 at 10:00, Boris <b@example.org> wrote:\n> Old words.\n> More of them.",
        "On Tue, 2 May 2023 at 10:00, Boris Long-Name\n<b@example.org> wrote:\n\n> Old words.\n",
        "Am 02.05.2023 um 10:00 schrieb Boris:\n> Alte Worte.",
        "2 мая 2023 г., в 10:00, Борис написал(а):\n> Старые слова.",
        "-----Original Message-----\nFrom: Boris\nOld words.",
        "From: Boris\nSent: Tuesday\nTo: Anna\nSubject: Bridge\n\nOld words.",
        "-- \nAnna Löwe\nThe Example, Köln",
        "-- \nAnna Löwe\n\nOn Tuesday, Boris wrote:\n> Old words.",
        "Sent from my iPhone",
    ],
)
def test_the_quoted_tail_and_the_signature_are_no_part_of_the_text(tail: str) -> None:
    assert texts("m.eml", mail(f"{BRIDGE}\n\n{tail}\n").as_bytes()) == {"": BRIDGE}


def test_what_is_forwarded_or_quoted_between_the_lines_stays() -> None:
    forwarded = f"Look at this.\n\n---------- Forwarded message ---------\nFrom: Boris\nSent: May\nTo: Anna\n\n{RAIN}"
    assert RAIN in texts("m.eml", mail(forwarded).as_bytes())[""]
    between = f"> When was it opened?\n\n{BRIDGE}\n\n> And the rain?\n\n{RAIN}"
    assert "When was it opened?" in texts("m.eml", mail(between).as_bytes())[""]
    assert "Only a quote." in texts("m.eml", mail("> Only a quote.").as_bytes())[""]


def test_the_quote_in_a_page_of_a_message_is_no_part_of_the_text() -> None:
    page = f"<p>{BRIDGE}</p><div class='gmail_quote'>On Tuesday, Boris wrote:<blockquote>{RAIN}</blockquote></div>"
    assert texts("m.eml", mail("", page).as_bytes()) == {"": BRIDGE}


def test_each_message_of_a_mailbox_is_a_document() -> None:
    first = mail(f"{BRIDGE}\n\n>From here on it was open.", Subject="Bridge  open").as_bytes()
    second = mail(RAIN, Subject="Rain")
    second.add_attachment(b"# Notes\n\nWet.", maintype="text", subtype="markdown", filename="notes.md")
    box = b"From a@example.org Mon May  1 10:00:00 2023\n" + first + b"\nFrom b Tue May  2\n" + second.as_bytes()
    found = texts("box.mbox", box)
    assert found == {
        "1 Bridge open": f"{BRIDGE}\n\nFrom here on it was open.",
        "2 Rain": RAIN,
        "2 Rain!/notes.md": "Notes\n\nWet.",
    }


# --- JSON


def test_records_are_documents_with_what_they_say_of_themselves() -> None:
    record = {
        "headline": "The bridge",
        "body": BRIDGE,
        "pubDate": "Wed, 17 May 2023 10:00:00 GMT",
        "link": "https://example.org/bridge",
        "source": {"id": None, "name": "Steppe Post"},
        "authors": ["Anna Löwe", "Boris Sokol"],
        "lang": "en-GB",
        "kind": "report",
    }
    [part] = parts("a.json", json.dumps([record]))
    assert part.name == "1 The bridge"
    assert part.extracted is not None
    assert part.extracted.text == BRIDGE
    assert part.extracted.front_matter == Metadata(
        title="The bridge",
        outlet="Steppe Post",
        author="Anna Löwe, Boris Sokol",
        published="2023-05-17",
        language="en",
        kind="report",
        url="https://example.org/bridge",
    )


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.json", json.dumps([{"id": "x", "text": RAIN}, {"id": 7, "text": BRIDGE}])),
        ("a.json", json.dumps({"count": 2, "articles": [{"id": "x", "text": RAIN}, {"id": 7, "text": BRIDGE}]})),
        ("a.json", f'{{"id": "x", "text": "{RAIN}"}}\n{{"id": 7, "text": "{BRIDGE}"}}'),
        ("a.jsonl", f'{{"id": "x", "text": "{RAIN}"}}\n\n{{"id": 7, "text": "{BRIDGE}"}}\n'),
        ("a.ndjson", f'{{"_id": "x", "content": "{RAIN}"}}\r\n{{"_id": 7, "content": "{BRIDGE}"}}'),
    ],
)
def test_records_may_stand_in_a_list_in_an_object_or_on_lines(name: str, data: str) -> None:
    assert texts(name, data) == {"x": RAIN, "7": BRIDGE}


def test_one_record_alone_is_a_document_and_markup_is_read_as_a_page() -> None:
    page = f"<p>{BRIDGE}</p><script>let x</script>"
    assert texts("a.json", json.dumps({"title": "Bridge", "html": page})) == {"1 Bridge": BRIDGE}


def test_a_map_names_the_fields_of_records() -> None:
    data = json.dumps([{"nr": 1, "story": RAIN, "text": "no", "desk": "Steppe Post"}])
    [part] = parts("a.json", data, text="story", outlet="desk")
    assert part.extracted is not None
    assert (part.extracted.text, part.extracted.front_matter.outlet) == (RAIN, "Steppe Post")


def test_records_without_a_text_are_counted_and_if_none_has_one_are_rows() -> None:
    [part, note] = parts("a.jsonl", f'{{"text": "{RAIN}"}}\nnot JSON\n{{"title": "No text"}}\n')
    assert part.extracted is not None
    assert (note.name, note.state) == ("", "partial")
    assert (note.reason or "").startswith("2 of 3 records are not read: number 2 is no JSON")
    [table] = parts("a.json", '[{"story": "x", "nr": 1}, {"story": "y", "in": true}]')
    assert table.extracted is not None
    assert (table.name, table.extracted.text) == ("", "story: x; nr: 1\nstory: y; in: true")
    assert (table.extracted.partial or "").endswith("fields are 'in', 'nr', 'story': name one with --map text=FIELD")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_message_saved_as_utf_16_is_read(encoding: str) -> None:
    [text] = texts("a.eml", mail(RAIN, Subject="Rain").as_string().encode(encoding)).values()
    assert text == RAIN
