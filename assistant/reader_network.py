"""The reader's network: MiniLM's six layers over question and passage together, and what reads the answer off them.

A cross-encoder in the manner of BERT's question answering (Devlin et al. 2019, arXiv 1810.04805), with marks for words
that question and passage share (Chen et al. 2017, arXiv 1704.00051) and one score for each sentence. Imported only
where the reader is used, since it needs torch.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from corpus.errors import ModelUnavailable
from index.models import packaged_network

_SCALE = ".scale"
_LARGEST = 127
_NEVER = -1e4  # as good as minus infinity, and no NaN where a passage has no such token


class Read(NamedTuple):
    """The logits of each sentence to tell the answer (texts, count), of there being no answer (texts,), of each
    sentence to be one side of a dispute over what is asked (texts, count), and of each token to begin and to end the
    answer (texts, tokens, 2), by which training is helped.
    """

    told: Tensor
    nothing: Tensor
    sides: Tensor
    ends: Tensor


class Network(nn.Module):
    """What is trained: the layers over the packaged model's word embeddings, which stay as they are, and the heads."""

    def __init__(self) -> None:
        super().__init__()
        base = packaged_network()
        self.embeddings = base.embeddings.requires_grad_(False)
        self.layers = base.encoder.layer
        size = base.config.hidden_size
        kinds = base.embeddings.token_type_embeddings.weight.detach()
        self.kinds = nn.Embedding(4, size)
        self.kinds.weight.data = (kinds - kinds[0])[[0, 0, 1, 1]].clone()
        self.dense, self.focus = nn.Linear(size, size), nn.Linear(size, 1)
        self.sentence, self.nothing, self.side = nn.Linear(size, 1), nn.Linear(size, 1), nn.Linear(size, 1)
        self.ends = nn.Linear(size, 2)

    def forward(self, ids: Tensor, kinds: Tensor, mask: Tensor, sentences: Tensor, count: int) -> Read:
        """For texts of ``tokens`` tokens each, int64 or bool (texts, tokens): ``kinds`` 0 to 3 as `assistant.reader`
        gives them, ``mask`` where there is a token, ``sentences`` each token's sentence, one of ``count``, -1 for none.
        """
        hidden = self.embeddings(input_ids=ids) + self.kinds(kinds)
        bias = (~mask)[:, None, None, :] * torch.tensor(_NEVER)
        for layer in self.layers:
            hidden = layer(hidden, attention_mask=bias)
        felt = torch.tanh(self.dense(hidden))
        inside = sentences[:, :, None] == torch.arange(count)
        focus = self.focus(felt).masked_fill(~inside, _NEVER).softmax(dim=1) * inside
        each, missing = torch.einsum("ntc,ntd->ncd", focus, felt), ~inside.any(dim=1)
        told, sides = (head(each).squeeze(-1).masked_fill(missing, _NEVER) for head in (self.sentence, self.side))
        return Read(told, self.nothing(felt[:, 0]).squeeze(-1), sides, self.ends(hidden))

    def trained(self) -> dict[str, Tensor]:
        """What training changes, by name."""
        return {name: tensor for name, tensor in self.state_dict().items() if not name.startswith("embeddings.")}

    def save(self, file: Path) -> None:
        """Writes what training changes: matrices in eight bits, each row with a scale of its own."""
        stored: dict[str, Tensor] = {}
        for name, tensor in self.trained().items():
            if tensor.dim() < 2:
                stored[name] = tensor.contiguous()
                continue
            scale = tensor.abs().amax(dim=1, keepdim=True).clamp(min=1e-9) / _LARGEST
            stored[name], stored[name + _SCALE] = (tensor / scale).round().to(torch.int8), scale
        save_file(stored, file)

    @classmethod
    def load(cls, file: Path) -> Network:
        """The network with weights that `save` wrote, ready to read.

        Raises:
            ModelUnavailable: the file is missing or broken, or holds another network's weights.
        """
        network = cls()
        try:
            found = network.load_state_dict(_restored(load_file(file)), strict=False)
        except (OSError, SafetensorError, RuntimeError) as error:
            raise _unusable(file, str(error).split("\n", 1)[0]) from error
        if found.unexpected_keys or any(not name.startswith("embeddings.") for name in found.missing_keys):
            raise _unusable(file, "they are another network's")
        return network.eval()


def _unusable(file: Path, reason: str) -> ModelUnavailable:
    return ModelUnavailable(f"the reader's weights in {str(file)!r} cannot be used ({reason})", "install Footnote anew")


def _restored(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name: tensor * stored[name + _SCALE] if name + _SCALE in stored else tensor
        for name, tensor in stored.items()
        if not name.endswith(_SCALE)
    }
