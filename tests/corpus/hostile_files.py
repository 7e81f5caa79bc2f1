"""Makes files that harm readers: empty, broken, lying, bursting, nested without end, in the wrong encoding.

All are made from a seed. `hostile_files` makes bytes by name; `write_hostile` also makes what only a folder can hold.
"""

from __future__ import annotations

import io
import json
import os
import random
import struct
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pptx

from corpus.containers.parts import CONTAINER_TYPES
from corpus.readers import READERS
from tests.corpus.makers import bare_docx, epub, lines, odt, package, pdf, scanned

TYPES = sorted({*READERS, *CONTAINER_TYPES})
PACKED = (".docx", ".epub", ".odt", ".pptx", ".xlsx", ".zip")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00" + bytes(range(256)) * 8 + b"\xff\xd9"
RUSSIAN = "Президент прибыл в столицу во вторник. Переговоры о границе продолжались до позднего вечера. "
GERMAN = "Über die Brücke führt kein Weg zurück, sagte der Präsident am Dienstag in Köln. "
_ENTITIES = '<!DOCTYPE x [<!ENTITY out SYSTEM "file:///etc/passwd"><!ENTITY web SYSTEM "http://192.0.2.1/x">]>'
_LAUGHS = (
    "<!DOCTYPE x ["
    + '<!ENTITY l0 "lol lol lol lol lol lol lol lol lol lol">'
    + "".join(f'<!ENTITY l{one} "{f"&l{one - 1};" * 10}">' for one in range(1, 11))
    + "]>"
)


def hostile_files(seed: int = 0) -> dict[str, bytes]:
    """The files by name. The same seed makes the same files."""
    chance = random.Random(seed)
    files: dict[str, bytes] = {}
    for make in (_empty, _junk, _renamed, _zips, _entities, _encodings, _json, _nested, _pdfs, _mails):
        files.update(make(chance))
    for name, data in _sound().items():
        files.update(_damaged(name, data, chance))
    return files


def write_hostile(folder: Path, files: dict[str, bytes]) -> None:
    """Writes the files into a folder, with links that lead in circles or nowhere, a pipe, and names that are hard."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        (folder / name).write_bytes(data)
    (folder / "circle").mkdir()
    (folder / "circle" / "back").symlink_to(folder, target_is_directory=True)
    (folder / "circle" / "self").symlink_to(folder / "circle", target_is_directory=True)
    (folder / "nowhere.md").symlink_to(folder / "no such file.md")
    (folder / "chases its tail.md").symlink_to(folder / "chases its tail.md")
    (folder / "endless.txt").symlink_to("/dev/zero")
    (folder / "line\nbreak.txt").write_bytes(b"")
    (folder / "\x1b[31mred\x07.txt").write_bytes(b"")
    Path(os.fsdecode(os.fsencode(folder) + b"/no \xff utf-8.txt")).write_bytes(b"")
    (folder / ("long name " * 24 + ".md")).write_bytes(b"")
    (folder / "a folder.md").mkdir()


def _empty(chance: random.Random) -> dict[str, bytes]:
    return {f"empty{kind}": b"" for kind in TYPES} | {f"blank{kind}": b" \r\n\t\n" for kind in TYPES}


def _junk(chance: random.Random) -> dict[str, bytes]:
    return {f"junk {n}{kind}": chance.randbytes(chance.randrange(1, 5000)) for kind in TYPES for n in range(2)}


def _renamed(chance: random.Random) -> dict[str, bytes]:
    return {
        **{f"picture{kind}": JPEG for kind in TYPES},
        **{f"page{kind}": b"<html><body><p></p></body></html>" for kind in (*PACKED, ".pdf", ".rtf")},
        **{f"archive{kind}": package({"a.png": JPEG}) for kind in (*PACKED, ".pdf", ".eml")},
        "program.exe": b"MZ" + bytes(100),
        "no ending": b"text",
    }


def _zips(chance: random.Random) -> dict[str, bytes]:
    bomb = package({"zeros.txt": b"0" * 300_000_000})
    inner = package({"zeros.txt": bytes(9_000_000)})
    for _ in range(3):
        inner = package({f"{number}.zip": inner for number in range(10)})
    deep = package({"a.md": "Deep down."})
    for _ in range(30):
        deep = package({"deeper.zip": deep})
    encrypted = bytearray(package({"secret.md": "Nobody reads this."}))
    for mark in (b"PK\x03\x04", b"PK\x01\x02"):
        encrypted[encrypted.find(mark) + (6 if mark[2] == 3 else 8)] |= 1
    lying = bytearray(package({"lies.md": "Short."}))
    struct.pack_into("<I", lying, lying.find(b"PK\x01\x02") + 24, 0x7FFFFFFF)
    wrong = bytearray(package({"wrong.md": "What was stored is not what is there."}))
    wrong[wrong.find(b"PK\x01\x02") + 16] ^= 0xFF
    unknown = bytearray(package({"a.md": "x"}))
    struct.pack_into("<H", unknown, unknown.find(b"PK\x01\x02") + 10, 77)
    return {
        "bomb.zip": bomb,
        "bombs in bombs.zip": inner,
        "deep.zip": deep,
        "encrypted.zip": bytes(encrypted),
        "lying.zip": bytes(lying),
        "wrong sum.zip": bytes(wrong),
        "unknown packing.zip": bytes(unknown),
        "out.zip": package(
            {"../../out.md": "Out.", "/etc/out.md": "Out.", "C:\\out.md": "Out.", "a/../../b.md": "Out."}
        ),
        "only folders.zip": package({"a/": b"", "b/c/": b""}),
        "hidden.zip": package({".hidden.md": "x", "__MACOSX/a.md": "x"}),
        "pictures.zip": package({f"{number}.jpg": JPEG for number in range(5)}),
        "odd names.zip": package({"a\nb.txt": b"", "\x1b[2J.txt": b"", "con.txt": b"", "x" * 300 + ".txt": b""}),
        "comment.zip": package({"a.txt": b""}) + b"PK\x05\x06" + bytes(18),
        "end alone.zip": b"PK\x05\x06" + bytes(18),
    }


def _entities(chance: random.Random) -> dict[str, bytes]:
    body = "<html xmlns='http://www.w3.org/1999/xhtml'><body><p>{}</p></body></html>"
    files: dict[str, bytes] = {}
    for name, head, entity in (("outside", _ENTITIES, "&out;&web;"), ("laughs", _LAUGHS, "&l10;")):
        page = f"<?xml version='1.0'?>{head}{body.format(entity)}".encode()
        files |= {f"{name}{kind}": page for kind in (".xhtml", ".html", ".xml", ".md")}
        files[f"{name}.docx"] = bare_docx(
            f"<w:p><w:r><w:t>{entity}</w:t></w:r></w:p>", head.replace("x [", "w:document [")
        )
        files[f"{name}.odt"] = package({"mimetype": "x", "content.xml": page})
        files[f"{name}.epub"] = epub({"a.xhtml": entity}, ["a.xhtml"], {}, "")
        files[f"{name} in parts.epub"] = package({"META-INF/container.xml": page})
        files[f"{name}.xlsx"] = package({"xl/workbook.xml": page, "[Content_Types].xml": page})
        files[f"{name}.pptx"] = package({"ppt/presentation.xml": page, "[Content_Types].xml": page})
    return files


def _encodings(chance: random.Random) -> dict[str, bytes]:
    page = "<html><head><meta charset={}></head><body><p>{}</p></body></html>"
    mixed = RUSSIAN.encode("cp1251") + RUSSIAN.encode() + GERMAN.encode("latin-1") + RUSSIAN.encode("utf-16-le")
    return {
        "utf-16 with mark.txt": RUSSIAN.encode("utf-16"),
        "utf-16 cut.txt": RUSSIAN.encode("utf-16")[:-1],
        "utf-16 without mark.txt": GERMAN.encode("utf-16-le"),
        "utf-32.txt": RUSSIAN.encode("utf-32"),
        "cp1251.txt": RUSSIAN.encode("cp1251"),
        "koi8-r.txt": RUSSIAN.encode("koi8-r"),
        "latin-1.md": GERMAN.encode("latin-1"),
        "mixed.txt": mixed,
        "mixed.csv": b"a,b\n" + mixed,
        "utf-8 cut.txt": RUSSIAN.encode()[:-3],
        "utf-8 and zeros.txt": RUSSIAN.encode() + bytes(50),
        "surrogates.txt": RUSSIAN.encode() + b"\xed\xa0\x80" * 9,
        "wrong.html": page.format("utf-8", RUSSIAN).encode("cp1251"),
        "wrong too.html": page.format("windows-1251", RUSSIAN).encode(),
        "no such.html": page.format("no-such-charset", GERMAN).encode("latin-1"),
        "dangerous.html": page.format("utf-7", "+ADw-script+AD4-").encode(),
        "idna.html": page.format("idna", GERMAN).encode("latin-1"),
        "cp1251.json": json.dumps([{"text": RUSSIAN}], ensure_ascii=False).encode("cp1251"),
        "utf-16.jsonl": json.dumps({"text": RUSSIAN}).encode("utf-16"),
        "marks only.txt": b"\xef\xbb\xbf",
        "marks only.md": b"\xff\xfe",
        "invisible.txt": "\u200b\u2060\ufeff".encode() * 100,
    }


def _json(chance: random.Random) -> dict[str, bytes]:
    return {
        "broken.json": b'[{"text": "It breaks off',
        "no records.json": b"[1, 2, null]",
        "number.json": b"12",
        "null.json": b"null",
        "no text.json": b'[{"a": 1}, {"b": 2}]',
        "huge number.json": b'{"text": ' + b"9" * 100_000 + b"}",
        "not a number.json": b'{"text": NaN}',
        "deep.json": b"[" * 200_000 + b"]" * 200_000,
        "deep in text.json": b'{"text": ' + b"[" * 100_000,
        "same keys.json": b'{"text": "", "text": 5, "text": []}',
        "surrogate.json": b'[{"text": "\\ud800 ", "title": "\\udfff"}]',
        "zeros in it.json": b'[{"text": "\\u0000\\u0000"}]',
        "broken.jsonl": b'{"text": "Kept."}\n{"text": \nnothing\n[]\n',
        "deep.jsonl": b"[" * 100_000 + b"\n",
        "wrong metadata.jsonl": b'{"text": "Kept too.", "date": "the day before", "language": "Elvish"}\n',
        "objects.ndjson": b"{}\n" * 2000,
    }


def _nested(chance: random.Random) -> dict[str, bytes]:
    return {
        "deep.html": b"<div>" * 100_000 + b"x",
        "deep table.html": b"<table><tr><td>" * 20_000,
        "deep list.html": b"<ul><li>" * 20_000 + b"x",
        "wide.html": b"<p a" + b" b=c" * 100_000 + b">x</p>",
        "unclosed.html": b"<p>" + b"<b><i>" * 30_000 + b"x",
        "deep.xhtml": b"<?xml version='1.0'?>" + b"<a>" * 50_000,
        "quotes.md": b">" * 20_000 + b" x",
        "lists.md": b"".join(b" " * (2 * depth) + b"- x\n" for depth in range(300)),
        "brackets.md": b"[" * 50_000 + b"](" * 50_000,
        "emphasis.md": b"*a_ " * 30_000,
        "backticks.md": b"".join(b"`" * number + b" " for number in range(1, 500)),
        "front matter.md": b"---\na: &a [x]\n"
        + b"".join(b"b%d: &b%d [*a,*a]\n" % (n, n) for n in range(50))
        + b"---\nx",
        "deep front matter.md": b"---\n" + b"[" * 5000 + b"\n---\n",
        "deep.rtf": rb"{\rtf1 " + b"{" * 100_000 + b"}" * 100_000,
        "deep.docx": bare_docx("<w:p>" * 20_000 + "</w:p>" * 20_000),
        "deep.odt": odt("<text:list><text:list-item>" * 3000 + "</text:list-item></text:list>" * 3000),
        "one line.txt": b"word " * 20_000,
        "no spaces.txt": b"a" * 200_000,
        "many lines.txt": b"\n" * 2_000_000,
        "many headings.md": b"# x\n" * 3000,
        "wide.csv": b"," * 200_000,
        "quote.csv": b'"' + b"a," * 100_000,
    }


def _pdfs(chance: random.Random) -> dict[str, bytes]:
    sound = _pdf()
    return {
        "password.pdf": pdf(lines(["Secret."]), password="not told"),
        "scan.pdf": pdf(scanned, scanned),
        "no pages.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "pages in a ring.pdf": b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[2 0 R]/Count 9999999>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF",
        "no table.pdf": sound[: sound.rfind(b"xref")],
        "wrong table.pdf": sound.replace(b"startxref\n", b"startxref\n9"),
        "head alone.pdf": b"%PDF-1.7\n",
    }


def _mails(chance: random.Random) -> dict[str, bytes]:
    nested = "From: a@example.org\nSubject: deep\nContent-Type: multipart/mixed; boundary=b0\n\n"
    nested += "".join(f"--b{depth}\nContent-Type: multipart/mixed; boundary=b{depth + 1}\n\n" for depth in range(2000))
    attached = "From: a@example.org\nContent-Type: message/rfc822\n\n" * 500
    return {
        "deep.eml": nested.encode(),
        "in itself.eml": attached.encode(),
        "no headers.eml": b"Just words, no headers at all.",
        "wrong charset.eml": b"Subject: =?no-such?q?x?=\nContent-Type: text/plain; charset=no-such\n\n",
        "broken base64.eml": b"Content-Type: application/pdf; name=a.pdf\nContent-Transfer-Encoding: base64\n\n%%%",
        "long header.eml": b"Subject: " + b"=?utf-8?b?eA==?= " * 20_000 + b"\n\n",
        "addresses.eml": b"From: " + b"<" * 20_000 + b"\nDate: 99 Foo 99999\n\n",
        "no boundary.eml": b"Subject: x\nContent-Type: multipart/mixed\n\n--x\n\nlost\n",
        "no from.mbox": b"Subject: x\n\nBody.",
        "froms.mbox": b"From a\n\n" * 3000,
    }


def _pdf() -> bytes:
    return pdf(lines(["# The bridge", "The bridge was opened in May and cost twelve million.", "It rained."]))


def _sound() -> dict[str, bytes]:
    """A sound file of each kind, to be damaged."""
    message = EmailMessage()
    message["From"], message["Subject"], message["Date"] = (
        "Anna <a@example.org>",
        "Bridge",
        "Wed, 17 May 2023 10:00:00 +0200",
    )
    message.set_content("The bridge was opened.\n")
    message.add_attachment(_pdf(), maintype="application", subtype="pdf", filename="bridge.pdf")
    return {
        "sound.pdf": _pdf(),
        "sound.docx": _saved(docx.Document()),
        "sound.pptx": _saved(pptx.Presentation()),
        "sound.xlsx": _saved(openpyxl.Workbook()),
        "sound.odt": odt("<text:p>The bridge was opened.</text:p>"),
        "sound.epub": epub({"a.xhtml": "<p>The bridge was opened.</p>"}, ["a.xhtml"], {"a.xhtml": "One"}),
        "sound.zip": package({"a.md": "# A\n\nOne.", "b.pdf": _pdf(), "c.zip": package({"d.txt": "Two."})}),
        "sound.eml": message.as_bytes(),
        "sound.mbox": b"".join(b"From x\n" + message.as_bytes() + b"\n\n" for _ in range(3)),
        "sound.html": b"<html><head><title>A</title></head><body><p>" + GERMAN.encode() * 5 + b"</p></body></html>",
        "sound.json": json.dumps([{"id": number, "text": GERMAN * 2} for number in range(3)]).encode(),
        "sound.rtf": rb"{\rtf1\ansi The bridge was opened.\par It rained.}",
    }


def _saved(made: object) -> bytes:
    file = io.BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def _damaged(name: str, data: bytes, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """The file cut off, with bits turned over, with a stretch gone, and with another in it twice."""
    for number in range(3):
        yield f"cut {number} {name}", data[: chance.randrange(1, len(data))]
        turned = bytearray(data)
        for _ in range(1 + len(data) // 200):
            turned[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        yield f"turned {number} {name}", bytes(turned)
    start, end = sorted(chance.randrange(len(data)) for _ in range(2))
    yield f"hole {name}", data[:start] + data[end:]
    yield f"twice {name}", data[:end] + data[start:]
