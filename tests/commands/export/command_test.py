"""`allennlp export` on archives that training made."""

import re
from pathlib import Path

import pytest
import torch
from allennlp.commands import main
from allennlp.common.checks import ConfigurationError
from allennlp.predictors import Predictor
from huggingface_hub import ModelCard
from transformers import AutoModelForQuestionAnswering, AutoTokenizer, pipeline

from tests.exchange.onnx_test import with_extra
from tests.upstream.goldens_test import GOLDENS


@pytest.fixture
def run(monkeypatch):
    def export(*words: str) -> None:
        monkeypatch.setattr("sys.argv", ["allennlp", "export", *words])
        main()

    return export


def test_an_archive_becomes_a_folder_for_pipelines_with_a_card(run, tmp_path, capsys):
    metrics = tmp_path / "metrics.json"
    metrics.write_text('{"accuracy/sw": 0.5, "accuracy/mean": 0.5}')
    run(str(GOLDENS / "xnli_meta.tar.gz"), str(tmp_path / "out"), "--metrics", str(metrics))
    assert "AutoModelForSequenceClassification.from_pretrained" in capsys.readouterr().out
    classify = pipeline("text-classification", model=str(tmp_path / "out"), top_k=None)
    labels = {answer["label"] for answer in classify({"text": "a man", "text_pair": "he rests"})}
    assert labels == {"entailment", "neutral", "contradiction"}
    card = ModelCard.load(tmp_path / "out" / "README.md")
    assert card.data.pipeline_tag == "text-classification"
    assert "| accuracy | sw | 50.0 | unknown | unknown | unknown | unknown |" in card.text
    assert str(GOLDENS) not in card.text
    assert '"type": "meta"' in card.text


def test_a_pair_that_is_too_long_is_cut_by_the_cards_own_code_as_predict_cuts_it(run, tmp_path, monkeypatch):
    archive, out = GOLDENS / "xnli_meta.tar.gz", tmp_path / "out"
    run(str(archive), str(out))
    (usage,) = re.findall(r"```python\n(.*?)```", (out / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    premise, hypothesis = "he rests in the house, " * 60, "she rests, " * 50
    usage = usage.replace("THIS FOLDER", str(out)).replace('classify({"', 'said = classify({"')
    usage = usage.replace("वह घर पर है।", premise).replace("वह बाहर नहीं है।", hypothesis)
    names: dict = {}
    exec(usage, names)
    expected = Predictor.from_path(str(archive)).predict_json({"premise": premise, "hypothesis": hypothesis})
    assert names["said"]["label"] == expected["label"]
    assert names["said"]["score"] == pytest.approx(expected["probs"][expected["label"]], abs=1e-6)


def test_a_question_answerer_becomes_a_folder(run, tmp_path):
    run(str(GOLDENS / "mlqa_meta.tar.gz"), str(tmp_path / "out"))
    AutoModelForQuestionAnswering.from_pretrained(tmp_path / "out")
    AutoTokenizer.from_pretrained(tmp_path / "out")


def test_a_folder_with_something_in_it_is_refused_before_the_archive_is_opened(run, tmp_path):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(ConfigurationError, match="is there already, and not empty"):
        run(str(tmp_path / "no such archive"), str(tmp_path))


def test_a_missing_extra_is_said_before_the_archive_is_opened(run, tmp_path, monkeypatch):
    monkeypatch.setattr("xlamaml_allennlp.exchange.onnx.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"needs onnx, onnxscript, onnxruntime: pip install"):
        run(str(tmp_path / "no such archive"), str(tmp_path / "out"), "--onnx")


@with_extra
def test_the_page_on_exchange_runs_what_it_writes_in_onnx_runtime(run, tmp_path, monkeypatch):
    run(str(GOLDENS / "xnli_meta.tar.gz"), str(tmp_path / "my-model"), "--onnx")
    (snippet,) = re.findall(r"```python\n(.*?)```", Path("docs/exchange.md").read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    names: dict = {}
    exec(snippet, names)
    classify = pipeline("text-classification", model="my-model", top_k=None)
    said = {
        each["label"]: each["score"] for each in classify({"text": "A man sleeps.", "text_pair": "Somebody rests."})
    }
    probabilities = torch.tensor(names["logits"])[0].softmax(-1).tolist()
    labels = [classify.model.config.id2label[number] for number in range(3)]
    assert dict(zip(labels, probabilities, strict=True)) == pytest.approx(said, abs=1e-4)


def test_what_cannot_be_sent_is_said_by_the_hubs_own_library_and_the_folder_stays(run, tmp_path, monkeypatch):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(Exception, match=r"(?i)offline"):
        run(str(GOLDENS / "mnli.tar.gz"), str(tmp_path / "out"), "--push", "me/mine")
    assert (tmp_path / "out" / "model.safetensors").exists()
