"""Configs of the package from any folder: in a clone, and as they are installed."""

import pytest
from allennlp.common import Params

import xlamaml_allennlp  # noqa: F401  lets AllenNLP find what it ships
from xlamaml_allennlp.shipped_configs import FOLDER


@pytest.fixture
def variant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def evaluate(text: str, overrides: str = "") -> dict:
        (tmp_path / "mine").mkdir(exist_ok=True)
        (tmp_path / "mine" / "variant.jsonnet").write_text(text)
        return Params.from_file("mine/variant.jsonnet", overrides).as_dict(quiet=True)

    return evaluate


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.jsonnet")))
def test_every_config_is_imported_by_name_from_any_folder(variant, name):
    assert variant(f"import 'xlamaml/{name}'") == Params.from_file(FOLDER / name).as_dict(quiet=True)


def test_a_variant_passes_arguments_and_imports_what_lies_beside_it(variant, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "changes.libsonnet").write_text("{ trainer+: { precision: 'bf16' } }")
    config = variant("(import 'xlamaml/xnli_xla_maml.jsonnet')(query=['sw']) + import 'changes.libsonnet'")
    assert config["data_loader"]["languages"]["query"] == ["sw"]
    assert config["trainer"]["precision"] == "bf16"
    assert config["trainer"]["type"] == "meta"


def test_a_users_own_file_of_that_name_comes_first(variant, tmp_path):
    (tmp_path / "mine" / "xlamaml").mkdir(parents=True)
    (tmp_path / "mine" / "xlamaml" / "mnli_finetune.jsonnet").write_text("{ mine: true }")
    assert variant("import 'xlamaml/mnli_finetune.jsonnet'") == {"mine": True}


def test_overrides_import_by_name_as_well(variant):
    config = variant("{ a: 0 }", "{ a: (import 'xlamaml/mnli_finetune.jsonnet')(seed=7).random_seed }")
    assert config == {"a": 7}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("xlamaml/xnli.jsonnet", "xlamaml/xnli.jsonnet.*no such config.*xnli_few_shot.jsonnet"),
        ("xnli_xla_maml.jsonnet", "xnli_xla_maml.jsonnet.*neither beside the file that imports it nor a config of"),
    ],
)
def test_a_name_that_is_not_there_says_which_there_are(variant, name, message):
    with pytest.raises(RuntimeError, match=message):
        variant(f"import '{name}'")
