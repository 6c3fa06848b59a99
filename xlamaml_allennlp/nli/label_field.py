"""A label of which the reader and the model have the same idea."""

from allennlp.common.checks import ConfigurationError
from allennlp.data import Vocabulary
from allennlp.data.fields import LabelField

# Where a model's vocabulary holds its labels, for readers' to be compared with.
NAMESPACE = "pair_labels"


class PairLabelField(LabelField):
    """
    A label's index that knows of which labels: where a model is built beside it, they must be the model's.

    # Parameters

    index : `int`
        The label's index.
    names : `Tuple[str, ...]`
        Names of the reader's classes in the order of their indices.
    """

    __slots__ = ["_names"]

    def __init__(self, index: int, names: tuple[str, ...]) -> None:
        super().__init__(index, skip_indexing=True)
        self._names = names

    def index(self, vocab: Vocabulary) -> None:
        """
        Called by every loader, of training and of validation, once the model is there and before any step.

        # Raises

        `ConfigurationError`
            If the model has other labels, or the same in another order.
        """
        theirs = known_to(vocab)
        if theirs and theirs != self._names:  # the same index would be another label
            raise ConfigurationError(
                f"labels: a dataset reader has {list(self._names)}, and the model has {list(theirs)}. Give the "
                "readers and the model the same labels in the same order."
            )


def tell(vocab: Vocabulary, names: tuple[str, ...]) -> None:
    """
    Writes a model's labels into its vocabulary.

    # Raises

    `ConfigurationError`
        If they are there already, in another order or others.
    """
    theirs = known_to(vocab)
    if theirs and theirs != names:
        raise ConfigurationError(
            f"labels: the vocabulary is of a model with {list(theirs)}, and this model has {list(names)}. Give it the "
            'same labels in the same order, or vocabulary: {type: "empty"}.'
        )
    vocab.add_tokens_to_namespace(list(names), NAMESPACE)


def known_to(vocab: Vocabulary) -> tuple[str, ...]:
    """The labels of the model that a vocabulary belongs to; none if that is not known."""
    # To ask for a namespace makes one.
    there = NAMESPACE in vocab.get_namespaces()
    return tuple(vocab.get_index_to_token_vocabulary(NAMESPACE).values()) if there else ()
