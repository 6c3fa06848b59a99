"""Which of X-MOD's adapters, one per language, an example passes through."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Optional

import torch
from allennlp.common.checks import ConfigurationError
from transformers import XmodModel
from transformers.models.xmod.modeling_xmod import XmodAdapter


class _Adapter(XmodAdapter):
    """An adapter that gives what it was given the type of: X-MOD writes it there, which bfloat16 autocast forbids."""

    def forward(self, hidden_states: torch.Tensor) -> torch.Tensor:
        return super().forward(hidden_states).to(hidden_states.dtype)


class LanguageAdapters:
    """
    The adapters of an X-MOD encoder: each example takes that of its language, by the tag in its metadata.

    # Parameters

    languages : `Sequence[str]`
        The adapters' languages in their order, such as `en_XX`, `zh_CN`.
    """

    def __init__(self, languages: Sequence[str]) -> None:
        self._languages = list(languages)

    @classmethod
    def of(cls, encoder: torch.nn.Module) -> Optional["LanguageAdapters"]:
        """Those of an encoder; `None` if it has none, or has been given one language for all examples."""
        if not isinstance(encoder, XmodModel):
            return None
        for module in encoder.modules():
            if type(module) is XmodAdapter:
                module.__class__ = _Adapter
        return None if encoder.config.default_language is not None else cls(encoder.config.languages)

    def index(self, language: str) -> int:
        """
        The number of a language's adapter: "zh-TW" is `zh_TW`, and "zh" the first one for Chinese.

        # Raises

        `ConfigurationError`
            If it has none.
        """
        wanted = _parts(language)
        for number, name in enumerate(self._languages):
            if _parts(name)[: len(wanted)] == wanted:
                return number
        raise ConfigurationError(
            f'model_name: the encoder has no adapter for the language "{language}"; it has: '
            f"{', '.join(self._languages)}. Give `default_language` in its config.json to read all languages with one."
        )

    def indices(self, metadata: Optional[Sequence[Mapping[str, Any]]], device: torch.device) -> torch.Tensor:
        """
        The numbers of the adapters that the examples of a batch take. Shape: (batch_size,)

        # Raises

        `ConfigurationError`
            If the batch does not tell its languages, or one of them has no adapter.
        """
        if metadata is None or any("language" not in example for example in metadata):
            raise ConfigurationError(
                "model_name: the encoder has an adapter for each language, and a batch does not tell its languages: "
                'its `metadata` needs a "language". Use the readers xnli or mlqa.'
            )
        return torch.tensor([self.index(example["language"]) for example in metadata], device=device)


def _parts(language: str) -> list[str]:
    return re.split("[-_]", language.lower())
