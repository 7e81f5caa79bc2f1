"""The page as files: served from the package, under a policy that lets nothing else in, and light."""

from __future__ import annotations

import re

import httpx
import pytest

from assistant.http.page import FOLDER

FILES = sorted(path.name for path in FOLDER.iterdir())
MOST_BYTES = 150_000


@pytest.mark.parametrize("path", ["/", *(f"/web/{name}" for name in FILES)])
def test_page_and_its_files_are_served_under_the_policy(server: httpx.Client, path: str) -> None:
    response = server.get(path)
    assert response.status_code == 200
    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert {name for name, value in policy.items() if value == "'self'"} == {
        "script-src",
        "style-src",
        "connect-src",
        "img-src",
    }
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["referrer-policy"] == "no-referrer"


def test_page_has_no_script_or_style_in_its_markup_and_loads_from_here_alone() -> None:
    markup = (FOLDER / "index.html").read_text("utf-8")
    assert re.findall(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", markup) == []
    assert [url for url in re.findall(r"(?:src|href)=\"([^\"]+)\"", markup) if not re.match(r"/web/|#", url)] == []


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_another_host_or_makes_elements_of_text(name: str) -> None:
    text = (FOLDER / name).read_text("utf-8")
    hosts = set(re.findall(r"https?://([\w.-]+\w)", text))
    assert hosts <= {"www.w3.org"}
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", text) == []


def test_each_module_of_the_page_is_read_in_one_sitting() -> None:
    lengths = {name: len((FOLDER / name).read_text("utf-8").splitlines()) for name in FILES}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_page_is_light() -> None:
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) <= MOST_BYTES


def test_what_is_not_there_is_not_found(server: httpx.Client) -> None:
    assert server.get("/web/nothing.js").status_code == 404
    assert server.get("/web/../app.py").status_code == 404
    assert server.get("/web/..%2fhttp%2fapp.py").status_code == 404
