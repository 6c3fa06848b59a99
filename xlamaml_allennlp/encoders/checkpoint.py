"""A transformers checkpoint of a whole model, an encoder with a head for a task, to start from."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from allennlp.common.checks import ConfigurationError
from transformers import AutoConfig, PretrainedConfig, PreTrainedModel

from xlamaml_allennlp.encoders.own_head import task_class
from xlamaml_allennlp.encoders.problem import loading_quietly

NAMELESS = re.compile(r"LABEL_\d+", re.IGNORECASE)


@dataclass(frozen=True)
class Checkpoint:
    """
    A model at the hub or in a folder that somebody trained on a task.

    # Parameters

    name : `str`
        A hub name, or a folder that `save_pretrained` wrote.
    task : `str`
        "sequence classification" or "question answering".
    config : `PretrainedConfig`
        Its configuration.
    """

    name: str
    task: str
    config: PretrainedConfig

    @classmethod
    def at(cls, name: str, task: str) -> "Checkpoint":
        """
        Reads the configuration, not the weights.

        # Raises

        `ConfigurationError`
            If there is none, it needs code of its own, or it is that of a model for another task.
        """
        try:
            config = AutoConfig.from_pretrained(name, trust_remote_code=False)
        except Exception as error:  # transformers raises a dozen kinds here; each means that this name will not do
            raise ConfigurationError(
                f'pretrained_file: "{name}" is neither an archive (model.tar.gz) nor a transformers model that can be '
                f"loaded. (transformers says: {(str(error).splitlines() or ['nothing'])[0]})"
            ) from error
        expected = task_class(config, task, f'pretrained_file: "{name}"').__name__
        written = list(config.architectures or [])
        if expected not in written:
            raise ConfigurationError(
                f'pretrained_file: "{name}" is a {", ".join(written) or "model that does not say which"}, and a '
                f"{expected} is needed, that of {task}. For an encoder alone give `model_name` only."
            )
        return cls(name, task, config)

    def order_of(self, labels: Sequence[str], names: Sequence[str] | None = None) -> list[int]:
        """
        For each of our labels the index of its class there, by name, whatever the case.

        # Parameters

        labels : `Sequence[str]`
            Ours, in our order.
        names : `Sequence[str]`, optional (default = `None`)
            Names of the checkpoint's classes in its order; by default what it says itself.

        # Raises

        `ConfigurationError`
            If its classes are others than ours, or have no names.
        """
        theirs = list(names) if names is not None else [self.config.id2label[i] for i in sorted(self.config.id2label)]
        if names is None and any(NAMELESS.fullmatch(name) for name in theirs):
            raise ConfigurationError(
                f'pretrained_file: "{self.name}" names its classes {", ".join(theirs)}, which says nothing. Look up '
                f"what they mean, and give `model.pretrained_labels`, its {len(theirs)} names in its order, such as "
                f'["{labels[-1]}", ...].'
            )
        indices = {name.casefold(): index for index, name in enumerate(theirs)}
        ours = [label.casefold() for label in labels]
        if len(theirs) != self.config.num_labels or sorted(indices) != sorted(ours):
            raise ConfigurationError(
                f'pretrained_file: "{self.name}" tells {self.config.num_labels} classes apart, {", ".join(theirs)}, '
                f"and this model {len(ours)}, {', '.join(labels)}. Give the readers and the model its `labels`, or, "
                "where the same classes have other names, `model.pretrained_labels`: ours, in its order."
            )
        return [indices[label] for label in ours]

    def load(self) -> PreTrainedModel:
        """
        The whole model in float32.

        # Raises

        `ConfigurationError`
            If the weights cannot be loaded, or some are missing.
        """
        built: Any = task_class(self.config, self.task, "pretrained_file")
        with loading_quietly():
            try:
                model, info = built.from_pretrained(
                    self.name, config=self.config, dtype="float32", output_loading_info=True
                )
            except Exception as error:  # as above
                raise ConfigurationError(
                    f'pretrained_file: the weights of "{self.name}" cannot be loaded. (transformers says: '
                    f"{(str(error).splitlines() or ['nothing'])[0]})"
                ) from error
        if missing := sorted(info["missing_keys"]):
            raise ConfigurationError(
                f'pretrained_file: "{self.name}" has no weights for {", ".join(missing[:3])} ({len(missing)} missing), '
                "which would start at random. It is not a whole model."
            )
        return model
