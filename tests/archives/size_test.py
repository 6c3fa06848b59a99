"""Networks that a stranger's configuration describes are not built beyond what is there for them."""

import json
import re
import resource
import time

import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.models import load_archive

from tests.archives.made import members_in, stock, weights
from xlamaml_allennlp.archives.size import as_large_as, at_most
from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer


def refuse(size: str) -> ConfigurationError:
    return ConfigurationError(size)


@pytest.mark.parametrize(
    ("build", "size"),
    [
        (lambda: torch.nn.Linear(9, 11), "more than 100 numbers"),  # 99 weights, and 11 of the bias
        (lambda: [torch.nn.Linear(1, 1) for _ in range(3)], "more than 4 parameters"),
        (lambda: torch.nn.Sequential(*(torch.nn.Dropout() for _ in range(81))), "more than 80 modules"),
        (lambda: torch.nn.Embedding(10**13, 1), "more numbers than fit in memory"),
    ],
)
def test_what_is_larger_is_not_built(build, size):
    with pytest.raises(ConfigurationError, match=size), at_most(100, 4, refuse):
        build()


def test_what_is_as_large_is_built_and_nothing_is_counted_afterwards():
    with at_most(110, 4, refuse):
        torch.nn.Linear(9, 11)
    with at_most(4, 4, refuse):
        torch.nn.Linear(1, 1)
    torch.nn.Linear(9, 11)
    with as_large_as({"w": torch.ones(2)}, "an archive"):
        torch.nn.Linear(9, 11)


def test_an_error_of_another_kind_stays_what_it_is():
    with pytest.raises(RuntimeError, match="mat1 and mat2"), at_most(10, 10, refuse):
        torch.ones(2, 3) @ torch.ones(2, 3)


ABSURD = {
    "a million layers": {"num_hidden_layers": 10**6},
    "nine hundred layers": {"num_hidden_layers": 900},
    "a billion labels": {"num_labels": 10**9},
    "a wide one": {"hidden_size": 2 * 10**5, "num_attention_heads": 2},
    "a wider one": {"hidden_size": 10**12, "num_attention_heads": 1},
    "a large table": {"vocab_size": 10**7},
    "many positions": {"max_position_embeddings": 9 * 10**6},
}


@pytest.mark.parametrize("kind", ABSURD)
def test_an_absurd_encoder_is_one_error_before_memory_is_eaten(archive, tmp_path, monkeypatch, kind):
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    files = members_in(archive)
    (name,) = [name for name in files if re.fullmatch("encoder/.*/config.json", name)]
    changed = json.dumps({**json.loads(files[name]), **ABSURD[kind]}).encode()
    path = stock(tmp_path / "theirs.tar.gz", files | {name: changed})
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for opened in (load_archive, load_encoder):
        with pytest.raises(ConfigurationError, match=r"theirs\.tar\.gz") as error:
            opened(path)
        assert re.search(
            r"config\.json has .*, and no encoder has more|its config\.json.* describes a", str(error.value)
        )
    if kind not in ("a large table", "many positions"):  # without memory for weights they fit
        with pytest.raises(ConfigurationError):
            load_tokenizer(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kilobytes
    assert time.monotonic() - begun < 20


def test_weights_that_do_not_fit_are_one_error_with_the_archives_name(archive, tmp_path):
    path = stock(tmp_path / "theirs.tar.gz", members_in(archive) | {"weights.th": weights({"w": torch.ones(3)})})
    with pytest.raises(ConfigurationError, match=r"theirs\.tar\.gz"):
        load_archive(path)
    with pytest.raises(ConfigurationError, match=r"theirs\.tar\.gz"):
        load_encoder(path)


def test_weights_that_a_user_names_are_looked_at_and_named(archive, tmp_path):
    (tmp_path / "mine.th").write_bytes(weights({"w": torch.tensor(float("nan"))}))
    with pytest.raises(ConfigurationError, match=r"mine\.th holds NaN or infinity"):
        load_archive(archive, weights_file=str(tmp_path / "mine.th"))
