"""What a model puts on its encoder."""

from typing import Any

import torch


def new_head(config: Any, outputs: int, bias: bool = True) -> torch.nn.Linear:
    """A linear layer on an encoder with this configuration, which starts as transformers' own heads do."""
    head = torch.nn.Linear(config.hidden_size, outputs, bias=bias)
    torch.nn.init.normal_(head.weight, std=getattr(config, "initializer_range", 0.02))
    if bias:
        torch.nn.init.zeros_(head.bias)
    return head
