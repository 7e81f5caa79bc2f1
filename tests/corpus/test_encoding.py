"""Bytes become the text that was meant, or are refused; they never become other letters."""

from __future__ import annotations

import codecs
import random

import pytest

from corpus.encoding import decode
from corpus.errors import ReadingError

ENGLISH = "The peacekeepers left the region in the spring, and nobody has taken their place."
AZERBAIJANI = "Qarabağ müharibəsi 44 gün davam etdi; sülhməramlılar Şuşa yolu ilə getdilər."
RUSSIAN = (
    "Миротворцы покинули регион весной 2024 года, и их машины были погружены на поезда в городе Барда. "
    "Соглашение подписали три человека в ночь на 10 ноября 2020 года, и оно завершило войну."
)
FRENCH = (
    "Le président a été réélu à une large majorité; les opposants dénoncent une fraude généralisée, à l'étranger "
    "comme dans la capitale. Les forces de maintien de la paix ont quitté la région en été, après trois années de "
    "présence, et leurs véhicules ont été chargés sur des trains. Où iront les réfugiés? Le gouvernement n'a pas "
    "répondu."
)


@pytest.mark.parametrize("text", [ENGLISH, AZERBAIJANI, RUSSIAN, "Չինաստան 中国 ქართული", "", "й"])
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert decode(text.encode()) == text


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(mark: bytes, encoding: str) -> None:
    assert decode(mark + RUSSIAN.encode(encoding)) == RUSSIAN
    assert decode(mark + RUSSIAN.encode(encoding), "windows-1251") == RUSSIAN
    assert decode(mark) == ""


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_wide_text_in_latin_letters_needs_no_mark(encoding: str) -> None:
    assert decode(ENGLISH.encode(encoding)) == ENGLISH


def test_wide_text_that_lost_its_last_byte_keeps_the_rest() -> None:
    assert decode(codecs.BOM_UTF16_LE + RUSSIAN.encode("utf-16-le") + b"x") == RUSSIAN + "\ufffd"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (RUSSIAN, "windows-1251"),
        (RUSSIAN, "koi8-r"),
        (FRENCH, "iso-8859-1"),
        (AZERBAIJANI.replace("ə", "e"), "windows-1254"),
    ],
)
def test_a_declared_encoding_is_used(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding), encoding) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "cp866"), (RUSSIAN, "iso8859-5"), (FRENCH, "latin-1")],
)
def test_an_undeclared_encoding_is_guessed(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)) == text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(FRENCH[:107], "latin-1"), (RUSSIAN[:95], "koi8-r"), ("Москва", "cp1251")],
    ids=["a French sentence", "a Russian sentence", "a Russian word"],
)
def test_a_short_text_is_not_guessed_to_be_in_a_far_away_script(text: str, encoding: str) -> None:
    guessed = decode(text.encode(encoding))
    assert {_script(letter) for letter in guessed} == {_script(letter) for letter in text}


def _script(letter: str) -> str:
    """Basic or western Latin, Cyrillic, or the letter itself."""
    if ord(letter) < 0x100:
        return "latin"
    return "cyrillic" if "Ѐ" <= letter <= "ӿ" else letter


@pytest.mark.parametrize(
    "declared", ["windows-1251", "iso-8859-1", "utf-16", "ascii", "nonsense", "rot13", "base64", ""]
)
def test_utf_8_goes_before_what_is_declared(declared: str) -> None:
    assert decode(RUSSIAN.encode(), declared) == RUSSIAN


@pytest.mark.parametrize("declared", ["utf-8", "ascii", "utf-16", "nonsense", "rot13", "base64", "undefined", ""])
def test_a_declaration_that_does_not_hold_is_passed_over(declared: str) -> None:
    assert decode(RUSSIAN.encode("cp1251"), declared) == RUSSIAN


@pytest.mark.parametrize("declared", ["iso-8859-1", "ISO-8859-1", "latin-1"])
def test_declared_latin_1_means_windows_1252_as_in_every_browser(declared: str) -> None:
    quoted = "“We left – all of us”, she said. It’s over."
    assert decode(quoted.encode("cp1252"), declared) == quoted


@pytest.mark.parametrize("declared", [None, "utf-8", "windows-1251"])
def test_a_few_broken_bytes_in_a_long_text_are_damage_not_another_encoding(declared: str | None) -> None:
    data = bytearray((RUSSIAN * 5).encode())
    data[200] = 0xFF
    text = decode(bytes(data), declared)
    assert "\ufffd" in text
    assert text[:90] == RUSSIAN[:90]
    assert text[-len(RUSSIAN) :] == RUSSIAN


def test_a_text_cut_inside_its_last_letter_keeps_the_rest() -> None:
    assert decode(RUSSIAN.encode() + "й".encode()[:1]) == RUSSIAN + "\ufffd"


NOISE = random.Random(7)


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1\0",
        b"\x7fELF\2\1\1" + bytes(9),
        b"text and then\0\0\0 zeros",
        ENGLISH.encode("utf-32-le"),
        NOISE.randbytes(5000),
        b"\xff\xd8\xff\xe0" + bytes(NOISE.randrange(1, 256) for _ in range(3000)),
    ],
    ids=["png", "elf", "zeros", "utf-32 without a mark", "noise", "noise without zeros"],
)
def test_bytes_that_are_no_text_are_refused(data: bytes) -> None:
    with pytest.raises(ReadingError) as refused:
        decode(data)
    assert refused.value.hint
    assert not refused.value.skipped
