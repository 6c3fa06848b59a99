import re
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from allennlp.common.checks import ConfigurationError
from transformers import BertConfig, BertTokenizer, CanineConfig, CanineTokenizer

from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.folder import kept_folder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer

PAIR = ("नमस्ते दुनिया", "hello, wörld")


def test_a_folder_is_read_and_nothing_is_written_without_a_run(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    tokenizer = load_tokenizer(folder)
    assert tokenizer.is_fast
    assert list(tmp_path.iterdir()) == []


def test_each_family_keeps_its_inputs_and_padding(bert_folder, xlmr_folder):
    bert, xlmr = load_tokenizer(str(bert_folder)), load_tokenizer(str(xlmr_folder))
    assert (bert.model_input_names, bert.pad_token_id) == (["input_ids", "token_type_ids", "attention_mask"], 0)
    assert (xlmr.model_input_names, xlmr.pad_token_id) == (["input_ids", "attention_mask"], 1)


def test_what_a_run_keeps_is_enough_without_the_folder(folder, tmp_path):
    moved = tmp_path / "encoder-to-lose"
    shutil.copytree(folder, moved)
    run = str(tmp_path / "run")
    Path(run).mkdir()
    first = load_tokenizer(str(moved), run)
    shutil.rmtree(moved)
    again = load_tokenizer(str(moved), run)
    assert dict(again(*PAIR)) == dict(first(*PAIR))
    assert again.model_input_names == first.model_input_names
    assert again.pad_token_id == first.pad_token_id


def test_workers_that_write_at_the_same_time_leave_one_complete_folder(folder, tmp_path):
    with ThreadPoolExecutor(4) as workers:
        loaded = list(workers.map(lambda _: load_tokenizer(folder, str(tmp_path)), range(8)))
    # Only what goes into the archive, no drafts.
    assert [path.name for path in tmp_path.iterdir()] == ["encoder"]
    assert [path.name for path in (tmp_path / "encoder").iterdir()] == [kept_folder(folder, str(tmp_path)).name]
    assert all(dict(tokenizer(*PAIR)) == dict(loaded[0](*PAIR)) for tokenizer in loaded)


def test_names_that_read_alike_are_kept_apart(tmp_path):
    names = ["a/b", "a-b", "./a/b", "a/b/", "x" * 400 + "a", "x" * 400 + "b"]
    assert len({kept_folder(name, str(tmp_path)) for name in names}) == len(names)
    assert all(len(kept_folder(name, "").name) < 100 for name in names)


def test_a_folder_without_a_tokenizer_says_what_it_holds(folder, tmp_path):
    for name in ("config.json", "model.safetensors"):
        shutil.copy(Path(folder) / name, tmp_path)
    with pytest.raises(ConfigurationError, match=r"model_name: .*holds config.json, model.safetensors. Save"):
        load_tokenizer(str(tmp_path))


@pytest.mark.parametrize(
    "name, way_out",
    [
        ("no-such-encoder-anywhere", "no folder.*the hub.*spelling"),
        ("nobody/no-such-encoder", "no folder.*the hub.*spelling"),
        ("/no/such/folder", "no such folder"),
        ("./encoder", "no such folder"),
        ("runs/stage1/model.tar.gz", "not there"),
    ],
)
def test_a_name_that_is_nothing_gives_the_key_the_value_and_the_way_out(name, way_out):
    with pytest.raises(ConfigurationError, match=f'model_name: "{name}".*{way_out}'):
        load_tokenizer(name)


def test_an_archive_without_its_encoder_would_have_needed_include_in_archive(tmp_path):
    with pytest.raises(ConfigurationError, match=r'include_in_archive: \["encoder"\]'):
        load_tokenizer("no-such-encoder-anywhere", str(tmp_path))


def test_a_tokenizer_that_exists_in_python_only_is_refused(tmp_path):
    CanineTokenizer().save_pretrained(tmp_path)
    CanineConfig().save_pretrained(tmp_path)
    with pytest.raises(ConfigurationError, match=r"a tokenizer in Python only \(CanineTokenizer\)"):
        load_tokenizer(str(tmp_path))


def test_a_slow_tokenizer_that_has_a_fast_form_is_converted(tmp_path):
    vocab = tmp_path / "vocab.txt"
    vocab.write_text("\n".join(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "hello"]))
    BertTokenizer(str(vocab)).save_pretrained(tmp_path / "slow")
    BertConfig(vocab_size=6).save_pretrained(tmp_path / "slow")
    run = tmp_path / "run"
    run.mkdir()
    for _ in range(2):  # converted, then kept
        tokenizer = load_tokenizer(str(tmp_path / "slow"), str(run))
        assert tokenizer("hello")["input_ids"] == [2, 5, 3]


@pytest.mark.parametrize(
    ("file", "what", "load"),
    [("tokenizer.json", "tokenizer", load_tokenizer), ("config.json", "configuration", load_encoder)],
)
def test_what_is_damaged_in_a_runs_folder_is_named_by_its_place_there(bert_folder, tmp_path, file, what, load):
    load_encoder(str(bert_folder), str(tmp_path))
    load_tokenizer(str(bert_folder), str(tmp_path))
    kept = kept_folder(str(bert_folder), str(tmp_path))
    (kept / file).write_text("{")
    said = f"its {what} was read from {kept}, where the run keeps it, and is damaged there. Remove that folder"
    with pytest.raises(ConfigurationError, match=re.escape(said)):
        load(str(bert_folder), str(tmp_path))
    shutil.rmtree(kept)
    assert load_tokenizer(str(bert_folder), str(tmp_path)).is_fast
