"""No test here asks the hub: what is neither a folder nor an archive fails at once, as it does without a network."""

import pytest


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(params=["bert_folder", "xlmr_folder"])
def folder(request: pytest.FixtureRequest) -> str:
    """Each of the two families."""
    return str(request.getfixturevalue(request.param))
