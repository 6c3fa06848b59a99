"""The script for Slurm, run by bash with an sbatch that notes what it is asked for."""

import os
import subprocess

import pytest

from tests.studies.instant import Bench, run, study

SBATCH = """\
#!/usr/bin/env bash
echo "$@" >> "$NOTES"
grep -c . "$NOTES"
"""


@pytest.fixture
def submitted(tmp_path):
    """Runs a script, and returns what sbatch was called with: the number of a job is that of its line."""
    (tmp_path / "sbatch").write_text(SBATCH)
    (tmp_path / "sbatch").chmod(0o755)
    (tmp_path / "notes").write_text("")

    def submit(script: str, options: str = "") -> list[str]:
        path = f"{tmp_path}:{os.environ['PATH']}"
        environment = {**os.environ, "PATH": path, "NOTES": str(tmp_path / "notes"), "SBATCH_OPTIONS": options}
        subprocess.run(["bash", "-c", script], env=environment, check=True, stdout=subprocess.DEVNULL)
        return (tmp_path / "notes").read_text().splitlines()

    return submit


def test_each_step_is_a_job_that_waits_for_those_that_it_needs(tmp_path, monkeypatch, capsys, submitted):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "hi.tsv").write_text("a")
    bench = Bench(tmp_path)
    content = study({"a": run(), "b": run("a")}, {"e": {"run": "b", "data": {"hi": "hi.tsv"}}})
    bench.do(content, "--print-jobs")
    script = capsys.readouterr().out
    assert bench.launch.called == []
    jobs = submitted(script, "--gres=gpu:1")
    again = f"python -m xlamaml_allennlp study {bench.file} -s {bench.folder} --keep-archives all"
    assert jobs == [
        f"--parsable --gres=gpu:1 --job-name=runs/a --wrap {again} --only runs/a",
        f"--parsable --gres=gpu:1 --dependency=afterok:1 --kill-on-invalid-dep=yes --job-name=runs/b --wrap {again} "
        "--only runs/b",
        "--parsable --gres=gpu:1 --dependency=afterok:2 --kill-on-invalid-dep=yes --job-name=evaluations/e --wrap "
        f"{again} --only evaluations/e",
        f"--parsable --gres=gpu:1 --dependency=afterany:1:2:3 --job-name=report --wrap {again}",
    ]


def test_a_job_does_its_step_alone_and_only_when_what_it_needs_is_done(tmp_path):
    bench = Bench(tmp_path)
    content = study({"a": run(), "b": run("a"), "c": run()})
    with pytest.raises(SystemExit, match="--only runs/b: it needs runs/a, which is not done"):
        bench.do(content, "--only", "runs/b")
    assert bench.do(content, "--only", "runs/a") == ["train a"]
    assert bench.do(content, "--only", "runs/b") == ["train b"]
    with pytest.raises(SystemExit, match="--only runs/x: no such step"):
        bench.do(content, "--only", "runs/x")


def test_a_part_of_a_study_is_submitted_without_a_job_that_would_do_the_rest(tmp_path, capsys, submitted):
    bench = Bench(tmp_path)
    bench.do(study({"a-0": run(), "a-1": run(), "b": run("a-0")}), "--print-jobs", "--only", "runs/a-*")
    jobs = submitted(capsys.readouterr().out)
    assert [job.split("--only ")[1] for job in jobs] == ["runs/a-0", "runs/a-1"]


def test_slurm_is_asked_for_what_a_step_is_given_in_whole_ones(tmp_path, capsys, submitted):
    bench = Bench(tmp_path)
    content = study(
        {"a": {**run(), "resources": {"gpus": 0.5, "memory_gb": 1.5}}, "b": {**run(), "resources": {"gpus": 0}}}
    )
    bench.do(content, "--print-jobs", "--cpus", "4", "--gpus", "2")
    first, second, _ = submitted(capsys.readouterr().out)
    assert "--cpus-per-task=4 --gpus=1 --mem=1500M --job-name=runs/a" in first
    assert "--parsable --cpus-per-task=4 --job-name=runs/b" in second


def test_what_contradicts_itself_is_refused(tmp_path):
    bench = Bench(tmp_path)
    with pytest.raises(SystemExit, match="--cpus, --gpus and --memory are for --workers, --ray and --print-jobs"):
        bench.do(study({"a": run()}), "--jobs", "2", "--gpus", "1")
    with pytest.raises(SystemExit, match="--retries is not for --print-jobs"):
        bench.do(study({"a": run()}), "--print-jobs", "--retries", "1")
    assert bench.launch.called == []


def test_the_steps_of_jobs_trust_archives_as_the_command_that_prints_them_does(tmp_path, capsys, submitted):
    bench = Bench(tmp_path)
    content = study({"a": run()})
    again = f"python -m xlamaml_allennlp study {bench.file} -s {bench.folder} --keep-archives all"
    for option, trusting in ((), ""), (("--trust-archive",), " --trust-archive"):
        bench.do(content, "--print-jobs", *option)
        script = capsys.readouterr().out
        commands = [job.partition("--wrap ")[2] for job in submitted(script)[-2:]]
        assert commands == [f"{again}{trusting} --only runs/a", f"{again}{trusting}"]
