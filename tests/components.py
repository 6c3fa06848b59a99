"""Everything that a config can name, with what each cannot do without; a new component gets a line here."""

from dataclasses import dataclass, field
from typing import Any

TOKENIZER_AND_ENCODER = "the folder of the fixture"
LANGUAGES = {"type": "cross_lingual", "support": ["en"], "query": ["hi"]}
SAMPLER = {"type": "covering", "support_size": 2, "query_size": 2}
XNLI = {"type": "xnli", "model_name": TOKENIZER_AND_ENCODER}
MLQA = {"type": "mlqa", "model_name": TOKENIZER_AND_ENCODER}
CLASSIFIER = {"type": "cross_lingual_pair_classifier", "model_name": TOKENIZER_AND_ENCODER}
SPAN_QA = {"type": "cross_lingual_span_qa", "model_name": TOKENIZER_AND_ENCODER}


@dataclass(frozen=True)
class Entry:
    """What a component cannot do without: its keys in a config, and what AllenNLP hands it besides (by name)."""

    keys: dict[str, Any] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    # For a component that is given objects which depend on the task.
    reader: dict[str, Any] = field(default_factory=dict)
    model: dict[str, Any] = field(default_factory=dict)


TRAINED = ("model", "serialization_dir", "data_loader")
EPISODES = {"type": "episodes", "reader": XNLI}
STAGE = Entry(
    {"dataset_reader": XNLI, "data_loader": {"batch_size": 2}, "model": CLASSIFIER, "trainer": {}, "local_rank": 0},
    given=("serialization_dir", "train_data_path"),
)

COMPONENTS: dict[tuple[str, str], Entry] = {
    ("Agreement", "symmetric_kl"): Entry({"weight": 0.5}),
    ("DatasetReader", "xnli"): Entry({"model_name": TOKENIZER_AND_ENCODER}),
    ("DatasetReader", "mlqa"): Entry({"model_name": TOKENIZER_AND_ENCODER}),
    ("DatasetReader", "episodes"): Entry({"reader": XNLI}),
    ("DatasetReader", "tagged"): Entry({"reader": XNLI}),
    ("DatasetReader", "drawn"): Entry({"reader": XNLI, "size": 2}),
    ("DataUse", "manifest"): Entry(),
    ("DataLoader", "episodes"): Entry(
        {"languages": LANGUAGES, "sampler": SAMPLER},
        given=("reader", "data_path"),
        reader={"type": "episodes", "reader": XNLI},
    ),
    ("DataLoader", "sampled"): Entry(
        {"batch_sampler": {"type": "bucket", "batch_size": 2, "sorting_keys": ["tokens"]}},
        given=("reader", "data_path"),
        reader=XNLI,
    ),
    ("Evaluator", "per_language"): Entry(),
    ("LanguagePlan", "cross_lingual"): Entry({"support": ["en"], "query": ["hi"]}),
    ("LanguagePlan", "same_language"): Entry({"query": ["hi"]}),
    ("LanguagePlan", "exp3s"): Entry({"support": ["en", "de"], "query": ["hi"]}),
    ("EpisodeSampler", "covering"): Entry({"support_size": 2, "query_size": 2}),
    ("EpisodeSampler", "random"): Entry({"support_size": 2, "query_size": 2}),
    ("InnerLoop", "higher"): Entry(),
    ("InnerLoop", "exact"): Entry(),
    ("InnerLoop", "first_order"): Entry(),
    ("InnerLoop", "hessian_free"): Entry(),
    ("Metric", "language_mean"): Entry(),
    ("Metric", "span_metric"): Entry(),
    ("Model", "cross_lingual_pair_classifier"): Entry({"model_name": TOKENIZER_AND_ENCODER}, given=("vocab",)),
    ("Model", "cross_lingual_span_qa"): Entry({"model_name": TOKENIZER_AND_ENCODER}, given=("vocab",)),
    ("Optimizer", "adamw_fused"): Entry(given=("model_parameters",)),
    ("Predictor", "cross_lingual_pair_classifier"): Entry(
        given=("model", "dataset_reader"), reader=XNLI, model=CLASSIFIER
    ),
    ("Predictor", "cross_lingual_span_qa"): Entry(given=("model", "dataset_reader"), reader=MLQA, model=SPAN_QA),
    ("TrainModel", "stage"): STAGE,
    ("TrainModel", "next_stage"): STAGE,
    ("TrainerCallback", "stop_after_step"): Entry({"step": 3}, given=("serialization_dir",)),
    ("Trainer", "resumable"): Entry({}, TRAINED, EPISODES, CLASSIFIER),
    ("Trainer", "meta"): Entry({"inner_loop": "higher"}, TRAINED, EPISODES, CLASSIFIER),
}
