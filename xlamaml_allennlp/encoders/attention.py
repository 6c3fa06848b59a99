"""Attention kernels: which there are, and which one an encoder gets."""

from typing import Optional

from allennlp.common.checks import ConfigurationError
from transformers import PreTrainedModel
from transformers.utils import is_flash_attn_2_available

# Value of the key `attention` -> the attribute by which a model class says that it has that kernel.
KERNELS: dict[str, Optional[str]] = {
    "auto": None,
    "eager": None,
    "sdpa": "_supports_sdpa",
    "flash_attention_2": "_supports_flash_attn",
}


def kernel_for(attention: str, encoder_class: type[PreTrainedModel], model_name: str) -> str:
    """
    transformers' name of the kernel that a value of the key `attention` stands for.

    "auto" is PyTorch's scaled dot-product attention wherever the encoder has it: a fused kernel, and the math kernel
    in the passes that `adaptation/` differentiates twice, because fused kernels have no second derivative.

    # Raises

    `ConfigurationError`
        If there is no such kernel, this encoder does not have it, or what it needs is not installed.
    """
    if attention not in KERNELS:
        raise ConfigurationError(f'attention: "{attention}" is none of {", ".join(KERNELS)}.')
    if attention == "auto":
        return "sdpa" if encoder_class._supports_sdpa else "eager"
    flag = KERNELS[attention]
    if flag is not None and not getattr(encoder_class, flag):
        raise ConfigurationError(
            f'attention: "{attention}" does not exist for "{model_name}" (an {encoder_class.__name__}) in this release '
            'of transformers. Take "auto".'
        )
    # Without the package transformers would look for a kernel at the hub, and run what it finds there.
    if attention == "flash_attention_2" and not is_flash_attn_2_available():
        raise ConfigurationError(
            'attention: "flash_attention_2" needs the package flash-attn and a GPU, and one of them is missing. '
            'Take "auto".'
        )
    return attention
