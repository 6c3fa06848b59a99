"""Reads {language: path} through a reader that knows nothing of languages."""

from collections.abc import Iterator
from itertools import chain
from typing import Any, Optional

from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader, Instance
from allennlp.data.fields import MetadataField

from xlamaml_allennlp.files.json_text import shown
from xlamaml_allennlp.languages.reading import Share, read_whole
from xlamaml_allennlp.languages.sources import Source, list_sources
from xlamaml_allennlp.languages.tag import Tag, metadata, tag_of
from xlamaml_allennlp.languages.wrapping_reader import WrappingReader


@DatasetReader.register("tagged")
class TaggedReader(WrappingReader):
    """
    Reads {language: path} through any reader, once per path, and writes language, id and group into the instances'
    metadata, so that `episodes` can draw from them.

    What the wrapped reader's metadata says already stays, and instances without metadata get some.

    Registered as a `DatasetReader` with name "tagged".

    # Parameters

    reader : `DatasetReader`
        What turns a file into instances, such as "text_classification_json".
    id : `Optional[str]`, optional (default = `None`)
        The key of the wrapped reader's metadata that holds an example's id; translations of one example share it. By
        default "id" where there is one, else examples are "row 0", "row 1", ... of their file.
    group : `Optional[str]`, optional (default = `None`)
        The key that holds what two examples of one language must not share between a support and a query set, such as
        a paragraph. By default "group" where there is one, else every example is a group of its own.
    metadata_for_model : `bool`, optional (default = `True`)
        Whether the model is given the metadata; false for one whose `forward` takes none.

    # Raises

    `ConfigurationError`
        If a path is given for several languages, its language cannot be told, or an instance's metadata has no such key
        or cannot be added to.
    """

    def __init__(
        self,
        reader: DatasetReader,
        id: Optional[str] = None,
        group: Optional[str] = None,
        metadata_for_model: bool = True,
    ) -> None:
        super().__init__(reader)
        self._id = id
        self._group = group
        self._kind = Instance if metadata_for_model else UnseenMetadata

    def tagged(self, data_path: Any, share: Share) -> Iterator[tuple[Tag, Instance]]:
        """The wrapped reader's instances with their tags."""
        return share(chain.from_iterable(map(self._tagged_of, list_sources(data_path))))

    def _tagged_of(self, source: Source) -> Iterator[tuple[Tag, Instance]]:
        language = _language_of(source)
        # The wrapped reader gives everything on every worker, so that row 7 is row 7 on all of them.
        instances = read_whole(self.reader, source.path, indexed=self.get_worker_info() is None)
        for row, instance in enumerate(instances):
            tagged = self._tag(instance, language, row, source.path)
            yield tag_of(tagged, source.path, row), tagged

    def _tag(self, instance: Instance, language: str, row: int, path: str) -> Instance:
        field = instance.fields.get("metadata", MetadataField({}))
        theirs = field.metadata if isinstance(field, MetadataField) else field
        if not isinstance(theirs, dict):
            raise ConfigurationError(
                f'{path}, instance {row}: the reader\'s field "metadata" is a {type(theirs).__name__}, to which no '
                "language can be added. Wrap a reader whose metadata is a mapping, or which writes none."
            )
        if theirs.get("language", language) != language:
            raise ConfigurationError(
                f'{path}, instance {row}: the reader itself says that the language is "{theirs["language"]}", and the '
                f'data path says "{language}". Correct the data path, or take the reader without "tagged".'
            )
        id = self._told(theirs, "id", self._id, f"row {row}", f"{path}, instance {row}")
        group = self._told(theirs, "group", self._group, id, f"{path}, instance {row}")
        tags = {**theirs, **metadata(language, id, group)}
        return self._kind({**instance.fields, "metadata": MetadataField(tags)})

    def _told(self, theirs: dict[str, Any], key: str, named: Optional[str], otherwise: str, place: str) -> str:
        if named is not None and named not in theirs:
            raise ConfigurationError(
                f'{place}: {key} is "{named}", and the reader\'s metadata has no such key (it has: '
                f"{', '.join(sorted(map(str, theirs))) or 'nothing'}). Name one of these, or leave {key} out."
            )
        told = theirs.get(named or key, otherwise)
        # Nothing would be one and the same id, or group, for all that have none.
        if told is None or str(told).strip() == "":
            raise ConfigurationError(
                f'{place}: the reader\'s metadata has {shown(told)} under "{named or key}", which is no {key}. Give '
                f"each instance one, or name another key as {key}."
            )
        return str(told)


class UnseenMetadata(Instance):
    """An instance whose metadata are for episodes, and not for the model."""

    def as_tensor_dict(self, padding_lengths: Optional[dict[str, dict[str, int]]] = None) -> dict[str, Any]:
        tensors = super().as_tensor_dict(padding_lengths or self.get_padding_lengths())
        return {name: value for name, value in tensors.items() if name != "metadata"}


def _language_of(source: Source) -> str:
    if source.languages is not None and len(source.languages) > 1:
        languages = ", ".join(sorted(source.languages))
        raise ConfigurationError(
            f'{source.path} is the data path of {languages}, and the reader that "tagged" wraps does not tell its rows '
            "apart by language. Give one file per language."
        )
    return source.language()
