"""Episodes of the paper's data, through the readers of the two tasks."""

import json
import os
from itertools import islice
from pathlib import Path

import pytest
from allennlp.common import Params
from allennlp.data import DatasetReader, Vocabulary

from tests.episodes.tagged import loader, stream
from xlamaml_allennlp.episodes import EpisodeDataLoader

SHARED = Path(os.environ.get("XLAMAML_SHARED", Path(__file__).parents[3] / "shared"))
XNLI = SHARED / "data" / "XNLI-1.0" / "xnli.dev.tsv"
MLQA = SHARED / "data" / "MLQA_V1" / "dev"


def build(task: str, encoder: Path, paths: dict[str, str], **params) -> EpisodeDataLoader:
    reader = DatasetReader.from_params(
        Params({"type": "episodes", "reader": {"type": task, "model_name": str(encoder)}})
    )
    sampler = {"support_size": 8, "query_size": 8, **params.pop("sampler", {})}
    built = loader(reader, paths, languages=params, sampler=sampler)
    built.index_with(Vocabulary.empty())
    return built


@pytest.mark.skipif(not XNLI.exists(), reason="needs XNLI's development set; XLAMAML_SHARED names the folder")
def test_xnli_episodes_are_parallel_across_languages_and_share_no_premise_within_one(bert_folder):
    paths = {"en": str(XNLI), "hi": str(XNLI)}
    built = build("xnli", bert_folder, paths, support=["en"], query=["hi"], sampler={"parallel": True})
    assert len(built) == 312  # 2,490 pairs, 8 at a time, the last episode of 2
    for batch in islice(built, 3):
        support, query = batch["support"], batch["query"]
        assert [tags["id"] for tags in support["metadata"]] == [tags["id"] for tags in query["metadata"]]
        assert support["label"].tolist() == query["label"].tolist()
        assert {tags["language"] for tags in support["metadata"]} == {"en"}
        assert support["tokens"]["input_ids"].shape[0] == 8
    within = build("xnli", bert_folder, {"hi": str(XNLI)}, type="same_language", query=["hi"])
    for episode in islice(stream(within), 2 * len(within)):
        assert not {e.group for e in episode.support} & {e.group for e in episode.query}


@pytest.mark.skipif(not MLQA.exists(), reason="needs MLQA's development set; XLAMAML_SHARED names the folder")
def test_mlqa_episodes_pair_the_questions_that_both_languages_have(xlmr_folder, caplog):
    paths = {language: MLQA / f"dev-context-{language}-question-{language}.json" for language in ("hi", "zh")}
    ids = {language: question_ids(path) for language, path in paths.items()}
    shared = ids["hi"] & ids["zh"]
    assert 8 < len(shared) < len(ids["hi"])
    built = build(
        "mlqa",
        xlmr_folder,
        {language: str(path) for language, path in paths.items()},
        support=["zh"],
        query=["hi"],
        sampler={"parallel": "where_possible"},
    )
    drawn = list(islice(stream(built), len(built)))
    assert sorted(example.id for episode in drawn for example in episode.query) == sorted(shared)
    assert all([e.id for e in episode.support] == [e.id for e in episode.query] for episode in drawn)
    missing = len(ids["hi"]) - len(shared)
    assert f"{missing} of {len(ids['hi'])} examples of hi have no translation in zh" in caplog.text


def question_ids(path: Path) -> set[str]:
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    return {qa["id"] for article in articles for paragraph in article["paragraphs"] for qa in paragraph["qas"]}
