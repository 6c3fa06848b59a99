"""
Evaluation beside what users would run otherwise: transformers' pipeline for pairs, the loop of run_qa for questions.

    python -m benchmarks.evaluation --encoder ENCODER --task nli --data xnli.test.tsv
    python -m benchmarks.evaluation --encoder ENCODER --task qa --data dev-context-en-question-en.json

The same encoder with a random head, the same examples, the same limit of length, float32, batches of 64; counted is the
time of the processor, one thread, from the file to the scores of every example, after imports. The pipeline takes pairs
in the order of the file; run_qa pads every window to 384 tokens and looks for the 20 best spans of each, as its
defaults are. transformers 5 has no pipeline for questions.
"""

import argparse
import csv
import json
import logging
import tempfile
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.in_turn import Figures, main

BATCH, N_BEST, LONGEST = 64, 20, 30


def rows_of(options: argparse.Namespace) -> list[dict[str, str]]:
    with open(options.data, encoding="utf-8") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [row for row in rows if row["language"] == "hi"][: options.examples]


def questions_of(options: argparse.Namespace) -> list[dict[str, Any]]:
    articles = json.loads(Path(options.data).read_text(encoding="utf-8"))["data"]
    paragraphs = [paragraph for article in articles for paragraph in article["paragraphs"]]
    return [{"context": p["context"], **asked} for p in paragraphs for asked in p["qas"]][: options.examples]


def pipeline_of_pairs(options: argparse.Namespace) -> int:
    """transformers' `pipeline("text-classification")`."""
    from transformers import pipeline

    pairs = [{"text": row["sentence1"], "text_pair": row["sentence2"]} for row in rows_of(options)]
    keys: dict[str, Any] = {"truncation": True, "max_length": 128}
    classify = pipeline("text-classification", model=options.encoder, batch_size=BATCH, device="cpu")
    return len(classify(pairs, **keys))


def run_qa(options: argparse.Namespace) -> int:
    """The evaluation of transformers' example run_qa, without its files and its comparison with gold answers."""
    from transformers import AutoModelForQuestionAnswering, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(options.encoder)
    model = AutoModelForQuestionAnswering.from_pretrained(options.encoder).eval()
    asked = questions_of(options)
    windows = tokenizer(
        [each["question"] for each in asked],
        [each["context"] for each in asked],
        truncation="only_second",
        max_length=384,
        stride=128,
        padding="max_length",
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        return_tensors="pt",
    )
    example = windows.pop("overflow_to_sample_mapping").tolist()
    offsets = windows.pop("offset_mapping").tolist()
    best: dict[int, tuple[float, str]] = {}
    for first in range(0, len(example), BATCH):
        with torch.no_grad():
            output = model(**{key: value[first : first + BATCH] for key, value in windows.items()})
        for at in range(len(output.start_logits)):
            number = first + at
            in_context = [kind == 1 for kind in windows.sequence_ids(number)]
            starts, ends = output.start_logits[at].numpy(), output.end_logits[at].numpy()
            for start in starts.argsort()[: -N_BEST - 1 : -1].tolist():
                for end in ends.argsort()[: -N_BEST - 1 : -1].tolist():
                    if in_context[start] and in_context[end] and start <= end < start + LONGEST:
                        text = asked[example[number]]["context"][offsets[number][start][0] : offsets[number][end][1]]
                        found = float(starts[start] + ends[end]), text
                        best[example[number]] = max(best.get(example[number], found), found)
    return len(asked)


def ours(options: argparse.Namespace) -> int:
    """What `allennlp evaluate` does with the archive of one of our models, without loading the archive."""
    from allennlp.common import Params
    from allennlp.data import DataLoader, DatasetReader, Vocabulary
    from allennlp.evaluation import Evaluator
    from allennlp.models import Model

    nli = options.task == "nli"
    keys: dict[str, Any] = {"max_length": 128} if nli else {"max_length": 384, "stride": 128}
    kind = "cross_lingual_pair_classifier" if nli else "cross_lingual_span_qa"
    reader = DatasetReader.from_params(
        Params({"type": "xnli" if nli else "mlqa", "model_name": options.encoder, **keys})
    )
    sampler = {"type": "bucket", "batch_size": BATCH, "sorting_keys": ["tokens"], "padding_noise": 0}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "data.en.tsv" if nli else "data.en.json")
        path.write_text(part_of(options), encoding="utf-8")
        model = Model.from_params(Params({"type": kind, "model_name": options.encoder}), vocab=Vocabulary.empty())
        loader = DataLoader.from_params(
            Params({"type": "sampled", "batch_sampler": sampler, "quiet": True}),
            reader=reader,
            data_path={"hi" if nli else "en": str(path)},
        )
        loader.index_with(model.vocab)
        Evaluator.from_params(Params({"type": "per_language"}))(
            model, loader, predictions_output_file=f"{folder}/predictions"
        )
        return len({json.loads(line)["id"] for line in Path(folder, "predictions").read_text().splitlines()})


def part_of(options: argparse.Namespace) -> str:
    """A file of the examples that are asked for."""
    if options.task == "qa":
        paragraphs = [{"context": each["context"], "qas": [each]} for each in questions_of(options)]
        return json.dumps({"data": [{"paragraphs": paragraphs}]}, ensure_ascii=False)
    keys = ["language", "gold_label", "sentence1", "sentence2", "pairID"]
    return "\n".join("\t".join(row) for row in [keys, *([r[key] for key in keys] for r in rows_of(options))]) + "\n"


def timed(evaluate: Any) -> Any:
    def measure(options: argparse.Namespace) -> Figures:
        from allennlp.common.util import import_module_and_submodules

        import_module_and_submodules("xlamaml_allennlp")
        logging.disable(logging.INFO)
        started = time.process_time()
        count = evaluate(options)
        seconds = time.process_time() - started
        return {"seconds": seconds, "examples a second": count / seconds}

    return measure


def theirs(options: argparse.Namespace) -> int:
    return pipeline_of_pairs(options) if options.task == "nli" else run_qa(options)


CONTENDERS = {"pipeline (nli), run_qa (qa)": timed(theirs), "allennlp evaluate": timed(ours)}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--encoder", required=True, help="transformers folder, or a hub name")
    parser.add_argument("--task", choices=["nli", "qa"], required=True)
    parser.add_argument("--data", required=True, help="XNLI's tsv, or SQuAD's format")
    parser.add_argument("--examples", type=int, default=640)
    main("benchmarks.evaluation", CONTENDERS, parser, ["seconds", "examples a second"])
