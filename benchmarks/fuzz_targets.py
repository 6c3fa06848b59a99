"""What a fuzzer feeds: both readers with every format, both predictors with lines, and mappings of languages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import torch
from allennlp.common import Params
from allennlp.data import DatasetReader, Vocabulary
from allennlp.models import Model
from allennlp.predictors import Predictor
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from xlamaml_allennlp.languages.sources import list_sources

PAIRS = [
    ("en", "contradiction", 'He left "early".', "He stayed.", "1"),
    ("en", "neutral", "She sang a song.", "She was heard.", "2"),
    ("hi", "contradiction", "वह घर पर है।", "वह बाहर है।", "1"),
    ("hi", "entailment", "वह गाती है।", "वह चुप नहीं है।", "2"),
    ("en", "-", "It rained.", "It was dry.", "3"),
]  # fmt: skip
CONTEXT = "Delhi is in the north of India. About 32 million people live there (2023). दिल्ली भारत में है।"
HEADER = "language\tgold_label\tsentence1\tsentence2\tpairID"


class Target(NamedTuple):
    """Something that reads what strangers write: names that its file may have, the file, and what is done with it."""

    name: str
    files: tuple[str, ...]
    content: bytes
    take: Callable[[Path], None]


def targets(folder: Path) -> list[Target]:
    """
    All targets, ready to be fed.

    # Parameters

    folder : `Path`
        Where a tiny encoder is written, whose tokenizer reads and with which the predictors predict.
    """
    encoder = tiny_encoder(folder / "encoder")
    xnli, mlqa = (
        DatasetReader.from_params(Params({"type": type, "model_name": encoder, "max_length": length, **more}))
        for type, length, more in (("xnli", 32, {}), ("mlqa", 48, {"stride": 8, "max_question_length": 16}))
    )
    of_pairs, of_questions = _predictor("pair_classifier", encoder, xnli), _predictor("span_qa", encoder, mlqa)
    tables = ("dev-en.tsv", "xnli.dev.tsv", "pairs.txt", "dev-hi.csv", "dev.tsv.gz")
    with_header = _lines(HEADER, *("\t".join((language, *rest)) for language, *rest in PAIRS))
    headerless = _lines(*("\t".join((premise, hypothesis, label)) for _, label, premise, hypothesis, _ in PAIRS))
    pairs, questions = _json_lines(_pair_lines()), _json_lines(_question_lines())
    mapping = b'{"en": "dev.tsv", "hi": "dev.tsv", "sw": "dev-sw.tsv"}'
    return [
        Target("XNLI's tsv", tables, with_header, _reads(xnli)),
        Target("XTREME's tsv", tables, headerless, _reads(xnli)),
        Target("JSON lines of pairs", ("dev-en.jsonl", "pairs.json", "a.jsonl.gz"), pairs, _reads(xnli)),
        Target("SQuAD's JSON", ("xquad.en.json", "dev-context-en-question-hi.json"), _squad(), _reads(mlqa)),
        Target("mappings", ("mapping",), mapping, _takes_mapping),
        Target("lines of pairs", ("lines.jsonl",), pairs, _predicts(of_pairs)),
        Target("lines of questions", ("lines.jsonl",), questions, _predicts(of_questions)),
    ]


def tiny_encoder(folder: Path, length: int = 64) -> str:
    """Writes a BERT of one layer whose word pieces are characters, for texts of that length, and returns its folder."""
    characters = sorted(
        {*map(chr, range(33, 127)), *CONTEXT, *"".join(text for pair in PAIRS for text in pair)} - {" "}
    )
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", *characters, *("##" + character for character in characters)]
    tokenizer = Tokenizer(models.WordPiece({piece: i for i, piece in enumerate(pieces)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=False)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    special = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=length, **special).save_pretrained(folder)
    torch.manual_seed(0)
    sizes = {"hidden_size": 8, "num_hidden_layers": 1, "num_attention_heads": 1, "intermediate_size": 8}
    BertModel(BertConfig(vocab_size=len(pieces), max_position_embeddings=length, **sizes)).save_pretrained(folder)
    return str(folder)


def _predictor(task: str, encoder: str, reader: DatasetReader) -> Predictor:
    name = f"cross_lingual_{task}"
    model = Model.from_params(Params({"type": name, "model_name": encoder}), vocab=Vocabulary.empty())
    return Predictor.by_name(name)(model.eval(), reader)


def _reads(reader: DatasetReader) -> Callable[[Path], None]:
    def read(path: Path) -> None:
        for instance in reader.read(str(path)):
            assert instance["metadata"]

    return read


def _predicts(predictor: Predictor) -> Callable[[Path], None]:
    def predict(path: Path) -> None:
        # As `allennlp predict` reads its file.
        for line in path.read_text(encoding="utf-8", errors="surrogateescape").split("\n"):
            if not line.isspace() and line:
                output = predictor.dump_line(predictor.predict_json(predictor.load_line(line)))
                json.loads(output, parse_constant=_refuse)

    return predict


def _refuse(constant: str) -> None:
    raise AssertionError(f"{constant} is not JSON")


def _takes_mapping(path: Path) -> None:
    for source in list_sources(path.read_bytes().decode("utf-8", "surrogateescape")):
        assert source.path


def _lines(*lines: str) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def _json_lines(found: list[dict]) -> bytes:
    return _lines(*(json.dumps(line, ensure_ascii=False) for line in found))


def _pair_lines() -> list[dict]:
    keys = ("language", "label", "premise", "hypothesis", "id")
    return [dict(zip(keys, pair, strict=True)) for pair in PAIRS]


def _question_lines() -> list[dict]:
    return [
        {"id": "q1", "question": "Where is Delhi?", "context": CONTEXT, "language": "en", "question_language": "hi"}
    ]


def _squad() -> bytes:
    answers = [{"text": answer, "answer_start": CONTEXT.index(answer)} for answer in ("the north", "32 million")]
    qas = [{"id": str(i), "question": "Where?", "answers": [answer]} for i, answer in enumerate(answers)]
    return json.dumps(
        {"version": "1", "data": [{"title": "Delhi", "paragraphs": [{"context": CONTEXT, "qas": qas}]}]}
    ).encode()
