"""No test here asks the hub: what is neither a folder nor an archive fails at once, as it does without a network."""

import pytest

from tests.encoders.families import FAMILIES


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)


@pytest.fixture(params=["bert_folder", "xlmr_folder"])
def folder(request: pytest.FixtureRequest) -> str:
    """Each of the two families."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture(scope="session", params=FAMILIES)
def family(request: pytest.FixtureRequest) -> str:
    """Each family of encoders that works."""
    return request.param


@pytest.fixture(scope="session")
def family_folder(family: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A tiny encoder of the family."""
    return str(FAMILIES[family].save(tmp_path_factory.mktemp(family)))
