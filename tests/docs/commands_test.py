"""Every command on a page that people read is understood by what it is for, and run by a test or by CI."""

import re
import sys
from importlib.util import find_spec

import pytest
from allennlp.commands import parse_args
from allennlp.common import Params

import xlamaml_allennlp  # noqa: F401  brings its subcommands
from tests.docs.blocks import PAGES, ROOT, blocks, commands

NLI = "tests/training_configs/nli_stages_test.py::"
QA = "tests/training_configs/qa_stages_test.py::test_every_later_stage_trains_from_stage_one_and_is_scored_per_language"
FIRST_HOUR = "tests/docs/getting_started_test.py::test_its_commands_lead_from_an_encoder_to_predictions"
OWN_PACKAGE = (
    "tests/docs/extending_test.py::test_a_task_a_sampler_and_an_estimator_of_a_users_own_are_trained_evaluated_and_used"
)
# What a command begins with -> the test that runs it (on small data), or the script of CI.
RUN_BY = {
    "make": ".ci/run",
    "source .venv/bin/activate": ".ci/run",
    "python -m benchmarks.encoder": "tests/demo/encoder_test.py",
    "train training_configs/mnli_finetune.jsonnet": NLI + "test_predict_reads_lines_and_writes_labels",
    "train training_configs/xnli_xla_maml.jsonnet": NLI
    + "test_meta_training_moves_stage_one_and_reports_every_language",
    "train training_configs/squad_finetune.jsonnet": QA,
    "train training_configs/mlqa_xla_maml.jsonnet": QA,
    "train adapt.jsonnet": "tests/training_configs/adapt_test.py"
    "::test_adapted_on_english_another_language_is_zero_shot_and_the_support_set_is_seen",
    "train english.jsonnet": FIRST_HOUR,
    "train hindi.jsonnet": FIRST_HOUR,
    "train questions.jsonnet": OWN_PACKAGE,
    "evaluate": NLI + "test_evaluate_takes_one_file_a_comma_list_and_a_mapping",
    "predict": NLI + "test_predict_reads_lines_and_writes_labels",
    "export": "tests/commands/export/command_test.py::test_an_archive_becomes_a_folder_for_pipelines_with_a_card",
    "study": "tests/studies/plan_test.py::test_a_dry_run_names_every_step_and_does_nothing",
    "report": "tests/commands/report/command_test.py",
    "average": "tests/commands/average/command_test.py::test_the_mean_of_two_seeds_has_read_what_both_have",
    "episodes": "tests/commands/episodes/command_test.py",
    "meta-check": "tests/commands/meta_check/command_test.py",
}
# Of the commits that these pages name; a study has taken their place.
OF_OLD = ("results.md", "earlier_results.md")
GONE = ("benchmarks.xnli_transfer", "benchmarks.mlqa_transfer", "benchmarks.compare")
OURS = (["allennlp"], ["python", "-m", "xlamaml_allennlp"])


def arguments(command: list[str]) -> list[str]:
    """What AllenNLP's command line is given; nothing where the command is another's."""
    for program in OURS:
        if command[: len(program)] == program:
            return command[len(program) :]
    return []


EVERY = [(page.name, command) for page in PAGES for command in commands(page)]
each = pytest.mark.parametrize(
    ("page", "command"), [pytest.param(*entry, id=f"{entry[0]}-{' '.join(entry[1])[:60]}") for entry in EVERY]
)


@each
def test_a_command_is_one_that_there_is(page, command, monkeypatch):
    if given := arguments(command):
        monkeypatch.setattr(sys, "argv", ["allennlp", *given])
        monkeypatch.setattr("allennlp.commands.import_plugins", lambda: None)  # ours is there, and looking takes long
        _, parsed = parse_args()  # what it does not know ends the test
        assert parsed.func
        file = next((word for word in given[1:2] if word.startswith("training_configs/")), None)
        # Of a config that is in the repository; tests/training_configs builds them all.
        assert file is None or (ROOT / file).is_file()
        packages = getattr(parsed, "include_package", [])
        assert set(packages) <= {"xlamaml_allennlp", "my_package"}
    elif command[0] == "make":
        targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
        assert command[1] in targets
    elif command[:2] == ["python", "-m"]:
        assert find_spec(command[2]) or (page in OF_OLD and command[2] in GONE)
    else:
        assert command[0] in ("source", "echo") or re.match(r"[A-Z]+=", command[0]), command


@each
def test_a_test_or_ci_runs_it(page, command):
    words = " ".join(arguments(command) or command)
    if command[0] == "echo" or "=" in command[0] or any(module in GONE for module in command):
        return
    runner = next((runner for start, runner in RUN_BY.items() if f"{words} ".startswith(f"{start} ")), None)
    assert runner, f"{page}: nothing runs {words!r}. Name what does in RUN_BY."
    file, _, test = runner.partition("::")
    assert (ROOT / file).is_file()
    assert not test or f"def {test}(" in (ROOT / file).read_text(encoding="utf-8")


def test_what_ci_is_said_to_run_it_runs():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    made = {command[1] for _, command in EVERY if command[0] == "make"} - {"install"}  # all others begin with it
    assert made <= set(re.findall(r"^make ([\w-]+)$", script, flags=re.MULTILINE))


VARIANTS = [
    pytest.param(page, text, id=f"{page.name}-{number}")
    for page in PAGES
    for number, text in enumerate(blocks(page, "jsonnet"))
    if "'xlamaml/" in text
]


@pytest.mark.parametrize(("page", "text"), VARIANTS)
def test_a_variant_on_a_page_is_a_config_or_a_study(tmp_path, page, text):
    (tmp_path / "variant.jsonnet").write_text(text, encoding="utf-8")
    made = Params.from_file(tmp_path / "variant.jsonnet").as_dict(quiet=True)
    for config in [run["config"] for run in made["runs"].values()] if "runs" in made else [made]:
        assert config["train_data_path"]
        assert config["trainer"]["type"] in ("meta", "resumable")
