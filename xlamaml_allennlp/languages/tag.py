"""The one place that writes and reads an instance's language, id and group."""

from collections.abc import Mapping
from typing import Any, NamedTuple, Optional, Union

from allennlp.common.checks import ConfigurationError
from allennlp.data import Instance
from allennlp.data.fields import LabelField, MetadataField

Tagged = Union[Instance, Mapping[str, Any]]
# What of the metadata is the tag.
KEYS = ("language", "id", "group")


class Tag(NamedTuple):
    """
    What is known of an example without looking at its texts.

    # Parameters

    language : `str`
        The language, such as "hi"; "und" (BCP 47: undetermined) where nothing tells it.
    id : `str`
        Unique within the language within one dataset; translations of one example share it across languages.
    group : `str`
        What two examples of one language must not share between a support and a query set: a premise, a paragraph.
    label : `Optional[Union[str, int]]`, optional (default = `None`)
        The class it belongs to, which translations share; `None` if it has none.
    source : `Optional[str]`, optional (default = `None`)
        The file that it is from, if the reader tells.
    row : `Optional[int]`, optional (default = `None`)
        Its number in that file, as errors count, if the reader tells.
    """

    language: str
    id: str
    group: str
    label: Union[str, int, None] = None
    source: Optional[str] = None
    row: Optional[int] = None


def metadata(language: str, id: str, group: str, **more: Any) -> dict[str, Any]:
    """
    Builds what an instance's `MetadataField` "metadata" holds.

    # Parameters

    language : `str`
        The language tag, such as "hi"; "und" (BCP 47: undetermined) where nothing tells it.
    id : `str`
        The example's id; translations of one example share it across languages.
    group : `str`
        What two examples of one language must not share between a support and a query set: a premise, a paragraph.
    more : `Any`
        Whatever else the task keeps, such as the texts.

    # Returns

    `dict[str, Any]`
        The metadata.
    """
    return {"language": language, "id": str(id), "group": str(group), **more}


def language_of(tagged: Tagged) -> str:
    """The language of an instance, or of its metadata."""
    return _read(tagged, "language")


def id_of(tagged: Tagged) -> str:
    """The example id of an instance, or of its metadata: unique within a language within one dataset."""
    return _read(tagged, "id")


def group_of(tagged: Tagged) -> str:
    """The group (premise, paragraph) of an instance, or of its metadata."""
    return _read(tagged, "group")


def texts_of(instance: Instance) -> dict[str, str]:
    """The texts that an instance's metadata hold besides its tag: those of the example, whichever of its windows."""
    field = instance.fields.get("metadata")
    kept = field.metadata if isinstance(field, MetadataField) and isinstance(field.metadata, Mapping) else {}
    return {key: value for key, value in kept.items() if isinstance(value, str) and key not in KEYS}


def tag_of(instance: Instance, source: Optional[str] = None, row: Optional[int] = None) -> Tag:
    """
    The tag of an instance, from its metadata and its field "label", if that is a label.

    # Parameters

    instance : `Instance`
        An instance with metadata.
    source : `Optional[str]`, optional (default = `None`)
        The file that it is from, if that is known.
    row : `Optional[int]`, optional (default = `None`)
        Its number in that file, if that is known.

    # Raises

    `ConfigurationError`
        If its metadata lack language, id or group.
    """
    label = instance.fields.get("label")
    return Tag(
        language_of(instance),
        id_of(instance),
        group_of(instance),
        label.label if isinstance(label, LabelField) else None,
        source,
        row,
    )


def _read(tagged: Tagged, key: str) -> str:
    tags: Mapping[str, Any] = {}
    if not isinstance(tagged, Instance):
        tags = tagged
    elif isinstance(field := tagged.fields.get("metadata"), MetadataField):
        tags = field.metadata
    if key not in tags:
        raise ConfigurationError(
            f'An instance\'s metadata has no "{key}" (it has: {", ".join(sorted(tags)) or "nothing"}). '
            "Use a dataset reader that tags its instances, such as xnli or mlqa, wrap any other in the reader "
            '"tagged", or write the field with xlamaml_allennlp.languages.tag.metadata.'
        )
    return tags[key]
