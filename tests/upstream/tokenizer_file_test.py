"""A tokenizer follows its own files, and not what the class of its name has become."""

import json
import shutil

import pytest
from allennlp.common.cached_transformers import get_tokenizer
from transformers import AutoTokenizer

from tests.upstream.golden_encoders import TEXTS
from tests.upstream.goldens_test import FOLDERS, GOLDENS, stored
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.upstream.tokenizer_file import obey_file


def own_rules(folder):
    return {part: stored(folder / "tokenizer.json")[part] for part in ("normalizer", "pre_tokenizer", "post_processor")}


@pytest.mark.parametrize("name", FOLDERS)
def test_its_rules_are_those_of_its_tokenizer_json(name):
    tokenizer = load_tokenizer(str(FOLDERS[name]))
    backend = json.loads(tokenizer.backend_tokenizer.to_str())
    assert {part: backend[part] for part in own_rules(FOLDERS[name])} == own_rules(FOLDERS[name])


@pytest.mark.parametrize("name", ["deberta-v2", "xlm-roberta"])
def test_a_sentencepiece_model_alone_is_enough(name, tmp_path):
    # As mDeBERTa is at the hub. What is kept for the archive gives the same.
    folder = GOLDENS / "pieces" / name
    for _ in range(2):
        tokenizer = load_tokenizer(str(folder), str(tmp_path))
        assert tokenizer(TEXTS)["input_ids"] == stored(folder / "golden.json")["ids"]


@pytest.mark.parametrize(
    "name, with_types", [("rembert", True), ("bert", True), ("distilbert", False), ("roberta", False)]
)
def test_token_types_are_given_to_encoders_that_have_them(name, with_types):
    assert ("token_type_ids" in load_tokenizer(str(FOLDERS[name]))("a", "b")) == with_types


def test_a_token_that_was_added_by_the_configuration_stays(tmp_path):
    folder = shutil.copytree(FOLDERS["bert"], tmp_path / "bert")
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.add_tokens(["<new>"])
    expected = tokenizer.convert_tokens_to_ids("<new>")
    assert obey_file(tokenizer, str(folder)).convert_tokens_to_ids("<new>") == expected


def test_a_folder_without_a_tokenizers_files_is_not_an_empty_tokenizer(tmp_path):
    shutil.copy(FOLDERS["bert"] / "config.json", tmp_path)
    with pytest.raises(FileNotFoundError, match=r"none of .*tokenizer\.json is there"):
        obey_file(AutoTokenizer.from_pretrained(tmp_path), str(tmp_path))


@pytest.fixture
def hub(tmp_path):
    """A cache of the hub with one encoder: `main`, and `v2` in a folder of its own, whose tokenizer keeps capitals."""
    repository = tmp_path / "models--some--encoder"
    (repository / "refs").mkdir(parents=True)
    for name, commit, inside in (("main", "1" * 40, "."), ("v2", "2" * 40, "inner")):
        (repository / "refs" / name).write_text(commit)
        folder = repository / "snapshots" / commit / inside
        shutil.copytree(FOLDERS["bert"], folder, dirs_exist_ok=True)
        file = stored(folder / "tokenizer.json")
        file["normalizer"]["lowercase"] = name == "main"
        (folder / "tokenizer.json").write_text(json.dumps(file))
    return str(tmp_path)


@pytest.mark.parametrize(
    ("where", "lowers"), [({}, True), ({"revision": "main"}, True), ({"revision": "v2", "subfolder": "inner"}, False)]
)
def test_the_files_are_those_of_the_revision_cache_and_folder_that_it_was_loaded_with(hub, where, lowers):
    tokenizer = get_tokenizer("some/encoder", cache_dir=hub, local_files_only=True, **where)
    assert json.loads(tokenizer.backend_tokenizer.to_str())["normalizer"]["lowercase"] == lowers


def test_the_hub_is_not_asked_for_what_was_just_loaded_from_it(hub, monkeypatch):
    tokenizer = AutoTokenizer.from_pretrained("some/encoder", cache_dir=hub, local_files_only=True)
    asked = []
    monkeypatch.setattr("socket.getaddrinfo", lambda host, *rest, **keys: asked.append(host) or [])
    obey_file(tokenizer, "some/encoder", cache_dir=hub)
    # Files that are not in the cache, a sentencepiece model say, are not there.
    with pytest.raises(FileNotFoundError):
        obey_file(tokenizer, "some/other", cache_dir=hub)
    assert asked == []
