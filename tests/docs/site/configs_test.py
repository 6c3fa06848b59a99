"""The reference of configs: every argument of every file, with its default and what it is."""

import pytest

from docs.site.arguments import SHARED
from docs.site.configs import CONFIGS, Argument, arguments, explained, opening, page

FILES = sorted([*CONFIGS.glob("*.jsonnet"), *CONFIGS.glob("studies/*.jsonnet")])
FUNCTION = """// allennlp train a.jsonnet
//
// What it is.
local finetune = import 'b';

function(
  encoder='mbert',
  data={ en: train },  // {language: path}
  lr=1e-5
) finetune(encoder)
"""


def test_arguments_are_read_with_default_and_comment(tmp_path):
    (tmp_path / "a.jsonnet").write_text(FUNCTION)
    assert arguments(tmp_path / "a.jsonnet") == [
        Argument("encoder", "'mbert'", ""),
        Argument("data", "{ en: train }", "{language: path}"),
        Argument("lr", "1e-5", ""),
    ]
    assert opening(tmp_path / "a.jsonnet") == ["```bash\nallennlp train a.jsonnet\n```\n", "What it is.", ""]


def test_arguments_on_one_line_are_read_as_well(tmp_path):
    (tmp_path / "a.jsonnet").write_text("local a = 1;\n\nfunction(encoder='runs/e', seeds=[0, 1])\n  {}\n")
    assert arguments(tmp_path / "a.jsonnet") == [Argument("encoder", "'runs/e'", ""), Argument("seeds", "[0, 1]", "")]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_argument_of_every_config_is_explained(file):
    found = explained(file)
    assert len(found) >= 4
    assert [each.name for each in found if not each.comment] == []
    text = page()
    for each in found:
        assert f"`{each.name}` · default `{each.default}`\n:   {each.comment}\n" in text


def test_nothing_is_explained_that_no_config_leaves_open():
    asked = {each.name for file in FILES for each in arguments(file) if not each.comment}
    assert set(SHARED) <= asked
