"""A signal that comes while a file is loaded ends the run, and is never what is wrong with the file."""

import os
import signal
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from allennlp.common import util
from transformers import AutoConfig, AutoTokenizer, BertModel

from xlamaml_allennlp.encoders.encoder import load_encoder
from xlamaml_allennlp.encoders.tokenizer import load_tokenizer
from xlamaml_allennlp.files import opening
from xlamaml_allennlp.languages import hub
from xlamaml_allennlp.resuming.interruption import Terminated


def ended(number: int, frame: Any) -> NoReturn:
    sys.exit(143)


SIGNALS: dict[str, tuple[int, Any, type[BaseException]]] = {
    "SIGTERM": (signal.SIGTERM, util._handle_sigterm, Terminated),
    "SIGTERM that exits": (signal.SIGTERM, ended, SystemExit),
    "Ctrl-C": (signal.SIGINT, signal.default_int_handler, KeyboardInterrupt),
}
# What loads, and the function of somebody else in which the signal comes.
LOADERS: dict[str, tuple[Callable[[Path], Any], Any, str]] = {
    "configuration": (lambda encoder: load_encoder(str(encoder)), AutoConfig, "from_pretrained"),
    "tokenizer": (lambda encoder: load_tokenizer(str(encoder)), AutoTokenizer, "from_pretrained"),
    "weights": (lambda encoder: load_encoder(str(encoder)), BertModel, "from_pretrained"),
    "file": (lambda encoder: opening.opened("pairs.tsv"), opening, "cached_path"),
    "archive": (lambda encoder: opening.opened(f"{encoder}.zip!a.tsv"), zipfile, "ZipFile"),
    "data set": (lambda encoder: hub._load("xnli", "xnli", None, None), None, "datasets"),
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("kind", SIGNALS)
def test_a_signal_while_something_is_loaded_stays_a_signal(monkeypatch, bert_folder, kind, loader):
    number, handler, raised = SIGNALS[kind]
    load, owner, name = LOADERS[loader]

    def interrupted(*_: Any, **keys: Any) -> None:
        os.kill(os.getpid(), number)

    with zipfile.ZipFile(f"{bert_folder}.zip", "w") as archive:
        archive.writestr("a.tsv", "a")
    if owner is None:
        monkeypatch.setitem(sys.modules, name, SimpleNamespace(load_dataset=interrupted))
    else:
        monkeypatch.setattr(owner, name, interrupted)
    before = signal.signal(number, handler)
    try:
        with pytest.raises(raised):
            load(bert_folder)
    finally:
        signal.signal(number, before)


def test_allennlp_archives_a_run_that_was_terminated_as_before():
    assert util.SigTermReceived is Terminated
    assert not issubclass(Terminated, Exception)
