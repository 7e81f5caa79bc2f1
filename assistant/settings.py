"""Settings: what the user may choose. Flags go before the environment, that before `config.toml`, then defaults."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import platformdirs
from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from corpus.errors import BadRequest
from index.settings import IndexSettings

MAX_QUESTION = 10_000  # characters
CONFIG_FILE = "config.toml"


def _comma_list(value: Any) -> Any:
    """A list as the environment gives it: with commas, or as JSON."""
    if not isinstance(value, str):
        return value
    parts = (part.strip(" []\"'") for part in value.split(","))
    return tuple(part for part in parts if part)


class Settings(BaseSettings):
    """All settings. Each can be given as `FOOTNOTE_NAME` or in the home's `config.toml`.

    A language model is switched on by ``answerer`` alone. What is known to all programs as `OPENAI_BASE_URL` and
    `OPENAI_API_KEY` bears these names here too, and says only which server that would be.
    """

    model_config = SettingsConfigDict(
        env_prefix="FOOTNOTE_", env_nested_delimiter="__", frozen=True, extra="forbid", toml_file=None
    )

    home: Path = Path()
    index: IndexSettings = IndexSettings()
    host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    read_seconds: Annotated[float, Field(gt=0, le=86_400)] = 60
    read_megabytes: Annotated[int, Field(ge=512, le=1_000_000)] = 2048
    allowed_hosts: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_comma_list)] = ()
    allow_private: bool = False
    upload_megabytes: Annotated[int, Field(ge=1, le=100_000)] = 100
    undo_seconds: Annotated[float, Field(ge=0, le=86_400)] = 10
    answer_threshold: Annotated[float, Field(ge=0, le=1)] = 0.47
    answerer: Literal["extractive", "llm"] = "extractive"
    openai_base_url: str | None = Field(None, validation_alias="openai_base_url")
    openai_api_key: SecretStr | None = Field(None, validation_alias="openai_api_key")
    llm_model: str | None = None
    llm_seconds: Annotated[float, Field(gt=0, le=3600)] = 60
    llm_prompt_tokens: Annotated[int, Field(ge=400, le=1_000_000)] = 3000
    llm_history_tokens: Annotated[int, Field(ge=0, le=1_000_000)] = 600
    llm_answer_tokens: Annotated[int, Field(ge=8, le=100_000)] = 400

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the file that `load_settings` names."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def default_home() -> Path:
    """`FOOTNOTE_HOME`, or the platform's folder for users' data."""
    return Path(os.environ.get("FOOTNOTE_HOME") or platformdirs.user_data_dir("footnote"))


def load_settings(home: Path | None = None, **flags: Any) -> Settings:
    """The settings in force for a home. ``flags`` that are None were not given.

    Raises:
        BadRequest: a setting is unknown or out of bounds; the message names it and where it may come from.
    """
    try:
        folder = (home or default_home()).expanduser().absolute()
    except RuntimeError as error:
        raise BadRequest(f"the home {str(home)!r} cannot be found ({error})", "choose another with --home") from error
    given = {name: value for name, value in flags.items() if value is not None}

    class AtHome(Settings):
        model_config = SettingsConfigDict(toml_file=folder / CONFIG_FILE)

    try:
        return AtHome(home=folder, **given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = ".".join(str(part) for part in problem["loc"])
        raise BadRequest(
            f"the setting {name!r} cannot be used ({problem['msg'].lower()})",
            f"check the flags, {_variable(name)} and {str(folder / CONFIG_FILE)!r}",
            name,
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadRequest(f"{str(folder / CONFIG_FILE)!r} is no TOML ({error})", "mend or remove it") from error
    except SettingsError as error:
        named = re.search(r'field "(\w+)"', str(error))
        name = named[1] if named else ""
        raise BadRequest(
            f"the setting {name!r} in the environment cannot be used", f"mend or unset {_variable(name)}", name
        ) from error


def _variable(name: str) -> str:
    """The environment variable of a setting."""
    upper = name.upper().replace(".", "__")
    return upper if upper.startswith("OPENAI_") else f"FOOTNOTE_{upper}"
