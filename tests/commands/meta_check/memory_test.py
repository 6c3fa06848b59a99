"""What the process that builds the reference leaves to those that are measured."""

import weakref

import torch

from xlamaml_allennlp.commands.meta_check import memory


class Holder:
    """Holds itself, as a trainer does by way of its callbacks."""

    def __init__(self):
        self.itself = self


def test_what_only_holds_itself_is_gone_before_the_memory_of_gpus_is_given_back(monkeypatch):
    holder = Holder()
    seen, gone = [], weakref.ref(holder)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: seen.append(gone()))
    del holder
    memory.let_go_of_gpus()
    assert seen == [None]


def test_where_no_gpu_was_used_none_is_begun_with(monkeypatch):
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: 1 / 0)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    memory.let_go_of_gpus()
