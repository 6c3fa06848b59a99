"""
Leaves out of the start what most commands never use: some modules are imported when something of them is used.

While a module that imports them is executed, something else stands in `sys.modules` under their names, and so gets into
that module's globals. Whoever else imports them gets them as ever.
"""

import pkgutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from functools import partial, wraps
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from xlamaml_allennlp.upstream.on_import import when_imported, while_imported

_TOKEN, _ASSIGNMENT = "spacy.tokens.Token", "scipy.optimize.linear_sum_assignment"
_SYMBOLS = "POS PUNCT SYM ADJ CCONJ NUM DET ADV ADP X VERB NOUN PROPN PART INTJ SPACE PRON"
_LOSSES = "deformable_detr for_object_detection grounding_dino lw_detr rf_detr rt_detr"
# Who imports, and what it calls, asks for attributes or compares types with, but not while it is imported itself.
LATER: dict[str, list[str]] = {
    "allennlp": ["spacy"],
    "allennlp.common.util": ["spacy.cli.download.download", "spacy.language.Language", _TOKEN],
    "allennlp.data.fields.text_field": [_TOKEN],
    "allennlp.data.token_indexers.spacy_indexer": [_TOKEN],
    "allennlp.data.tokenizers.sentence_splitter": ["spacy"],
    "allennlp.data.tokenizers.spacy_tokenizer": ["spacy.tokens.Doc", _TOKEN],
    "allennlp.fairness.bias_direction": ["sklearn"],
    "allennlp.fairness.bias_mitigators": ["sklearn"],
    "allennlp.fairness.fairness_metrics": ["scipy.stats.wasserstein_distance"],
    "allennlp.training.metrics.auc": ["sklearn.metrics"],
    "allennlp.training.metrics.spearman_correlation": ["scipy.stats"],
    "allennlp_models.coref.metrics.conll_coref_scores": [_ASSIGNMENT],
    "allennlp_models.coref.predictors.coref": ["spacy.tokens.Doc"],
    "allennlp_models.rc.tools.drop": [_ASSIGNMENT],
    "allennlp_models.structured_prediction.predictors.srl": ["spacy.tokens.Doc"],
    # In a table of which only the keys are read, and those are texts.
    "allennlp_models.structured_prediction.predictors.util": [f"spacy.symbols.{name}" for name in _SYMBOLS.split()],
    "nltk.classify.scikitlearn": ["sklearn.feature_extraction.DictVectorizer", "sklearn.preprocessing.LabelEncoder"],
    "nltk.metrics.association": ["scipy.stats.fisher_exact"],
    "nltk.parse.transitionparser": ["scipy.sparse", "sklearn.svm", "sklearn.datasets.load_svmlight_file"],
    **{f"transformers.loss.loss_{name}": [_ASSIGNMENT] for name in _LOSSES.split()},
}
# Who asks for a name that SciPy 1.0 removed, and goes on without it, after importing all of that module.
REMOVED = {"nltk.metrics.scores": "scipy.stats.stats"}


def register() -> None:
    """Defers all of them, in this process from now on."""
    for importer, names in LATER.items():
        while_imported(importer, partial(_standing_in, names))
    for importer, name in REMOVED.items():
        while_imported(importer, partial(_missing, name))
    when_imported("allennlp.common.util", look_for_checklist_once)


def look_for_checklist_once(module: ModuleType) -> None:
    """Where there is no package `checklist`, AllenNLP looks for it on the whole path before each module of a plugin."""
    import_all = module.import_module_and_submodules

    @wraps(import_all)
    def import_module_and_submodules(*arguments: Any, **named: Any) -> None:
        with nullcontext() if find_spec("checklist") else _missing("checklist"):
            import_all(*arguments, **named)

    module.import_module_and_submodules = import_module_and_submodules  # type: ignore[attr-defined]


class Later:
    """Stands for a module, or for a name in one, which is imported at the first use."""

    __spec__: Any = None
    # Submodules that the table does not name are looked for in the folders of the real one.
    __path__ = property(lambda self: _Folders(self))

    def __init__(self, name: str) -> None:
        self.__name__ = name
        if "." not in name:
            self.__spec__ = find_spec(name)

    def _real(self) -> Any:
        _give_way()
        return pkgutil.resolve_name(self.__name__)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name != "__version__":
            raise AttributeError(name)
        return getattr(self._real(), name)

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        return self._real()(*arguments, **named)

    def __instancecheck__(self, instance: object) -> bool:
        # Nothing is an instance of a type whose module nobody has imported.
        return self.__name__.rpartition(".")[0] in sys.modules and isinstance(instance, self._real())


class _Folders:
    def __init__(self, later: Later) -> None:
        self._later = later

    def __iter__(self) -> Iterator[str]:
        return iter(self._later._real().__path__)


@contextmanager
def _standing_in(names: list[str]) -> Iterator[None]:
    for name in names:
        parts = name.split(".")
        # What is not installed fails as it always did.
        if parts[0] in sys.modules or find_spec(parts[0]) is not None:
            for end in range(1, len(parts) + 1):
                _stand_in(".".join(parts[:end]))
    try:
        yield
    finally:
        _give_way()


def _stand_in(name: str) -> None:
    if name not in sys.modules:
        later = Later(name)
        parent, _, own = name.rpartition(".")
        if isinstance(sys.modules.get(parent), Later):
            setattr(sys.modules[parent], own, later)
        sys.modules[name] = later  # type: ignore[assignment]


def _give_way() -> None:
    for name in [name for name, module in sys.modules.items() if isinstance(module, Later)]:
        del sys.modules[name]


@contextmanager
def _missing(name: str) -> Iterator[None]:
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]
