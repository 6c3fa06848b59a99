"""What is gone from the hub's package can be imported, and says so when it is used."""

import types

import pytest
from allennlp.common import push_to_hf
from allennlp.common.push_to_hf import HfFolder, Repository

from xlamaml_allennlp.upstream import huggingface_hub


@pytest.mark.parametrize("call", [HfFolder, Repository, push_to_hf, lambda: push_to_hf("name", "folder")])
def test_pushing_names_the_command_that_works(call):
    with pytest.raises(NotImplementedError, match="hf upload NAME FOLDER"):
        call()


def test_a_release_that_has_the_names_keeps_them():
    module = types.ModuleType("huggingface_hub")
    module.HfFolder = int
    huggingface_hub.supply_names(module)
    assert module.HfFolder is int
    assert module.Repository is huggingface_hub.Removed
