"""Writes real small files of the formats that are read: PDF by reportlab, office formats by the libraries for them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = 595.0, 842.0
Draw = Callable[[Canvas], object]


def pdf(*pages: Draw, password: str = "", turned: int = 0, **told: str) -> bytes:
    """A PDF with a page for each function that draws one; ``told`` is its title, author and so on."""
    file = io.BytesIO()
    encryption = StandardEncryption(password) if password else None
    canvas = Canvas(file, pagesize=(WIDTH, HEIGHT), encrypt=encryption, invariant=True)
    for name, value in told.items():
        getattr(canvas, f"set{name.capitalize()}")(value)
    for draw in pages:
        canvas.setPageRotation(turned)
        canvas.setFont("Helvetica", 10)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines(text: Sequence[str], left: float = 60, top: float = 90, pitch: float = 13, size: float = 10) -> Draw:
    """Draws lines from the top down; one that begins with "**" is bold, one with "#" is big."""

    def draw(canvas: Canvas) -> None:
        for number, line in enumerate(text):
            big, bold = line.startswith("#"), line.startswith(("**", "#"))
            canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 1.8 * size if big else size)
            canvas.drawString(left, HEIGHT - top - number * pitch, line.lstrip("#* "))

    return draw


def together(*draws: Draw) -> Draw:
    """Draws several things on one page."""

    def draw(canvas: Canvas) -> None:
        for one in draws:
            one(canvas)

    return draw


def scanned(canvas: Canvas) -> None:
    """A page that is a picture: something is drawn, nothing is written."""
    canvas.rect(50, 50, 400, 600, fill=1)


def wrapped(text: str, width: int) -> list[str]:
    """Lines of at most ``width`` letters."""
    made = [""]
    for word in text.split():
        if len(made[-1]) + len(word) >= width:
            made.append("")
        made[-1] = f"{made[-1]} {word}".strip()
    return made


def package(parts: Mapping[str, str | bytes]) -> bytes:
    """A zip of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


def part_replaced(data: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The same package with one part changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return package({**parts, name: change(parts[name])})


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def bare_docx(body: str, declaration: str = "") -> bytes:
    """The smallest DOCX with this body, for what python-docx does not write."""
    return package({"word/document.xml": f"{declaration}<w:document {W}><w:body>{body}</w:body></w:document>"})


def odt(body: str, meta: str = "") -> bytes:
    """An OpenDocument text with this body."""
    names = {
        name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"
        for name in ("office", "text", "table", "meta", "style")
    }
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in names.items())
    spaces += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
    return package(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<office:document-content {spaces}><office:body><office:text>{body}</office:text>"
            "</office:body></office:document-content>",
            "meta.xml": f"<office:document-meta {spaces}><office:meta>{meta}</office:meta></office:document-meta>",
        }
    )


def epub(chapters: Mapping[str, str], spine: Sequence[str], contents: Mapping[str, str], metadata: str = "") -> bytes:
    """A book: chapters by file name, the order in which they are read, and what the contents call them."""
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in chapters)
    points = "".join(
        f'<navPoint id="p{name}"><navLabel><text>{label}</text></navLabel><content src="{name}#top"/></navPoint>'
        for name, label in contents.items()
    )
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="2.0"><metadata '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{metadata}</metadata><manifest>{items}'
        '<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/></manifest>'
        f'<spine toc="ncx">{"".join(f"<itemref idref={name!r}/>" for name in spine)}</spine></package>'
    )
    return package(
        {
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>',
            "OEBPS/book.opf": opf,
            "OEBPS/toc.ncx": f'<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap>{points}</navMap></ncx>',
            **{f"OEBPS/{name}": f"<html><body>{body}</body></html>" for name, body in chapters.items()},
        }
    )
