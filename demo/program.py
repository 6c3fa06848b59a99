"""What a demo does from beginning to end: an encoder, its study, then what that has measured."""

import argparse
import hashlib
import json
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

from demo.origin import HUB_NAME, NoEncoderError, packed_file
from demo.paths import ROOT, shown
from demo.picture import draw
from demo.results import BASELINE, inner_step, mean_of, rows, scores, verdict
from demo.table import lay_out
from demo.task import Task

DESCRIPTION = "The whole method on embedded data and an embedded pretrained encoder, offline, on a CPU."
EPILOG = "What is done is not done again; after a change of data or settings, what depends on them is."


def start(task: Task) -> None:
    """Runs a task's demo as a program, which ends with its exit code."""
    # A polite kill ends this program as Ctrl-C does; the study ends with it.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(_run(task, parse(task)))
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on where it was stopped.")


def parse(task: Task, arguments: list[str] | None = None) -> argparse.Namespace:
    """What the user chose."""
    parser = argparse.ArgumentParser(prog=f"python {task.command}", description=DESCRIPTION, epilog=EPILOG)
    everything = f"folder for everything (default: {shown(task.runs)})"
    parser.add_argument("--output", type=lambda text: Path(text).resolve(), default=task.runs, help=everything)
    parser.add_argument("--encoder", default="", help="a transformers folder or hub name instead of the embedded one")
    codes = task.languages
    parser.add_argument("--support", default="en", choices=codes, help="XLA-MAML's support language (default: en)")
    parser.add_argument("--query", default="hi", choices=codes, help="query language of both methods (default: hi)")
    parser.add_argument("--seeds", type=int, nargs="+", default=[0], help="seeds of both stages (default: 0)")
    given = parser.parse_args(arguments)
    if given.support == given.query:
        parser.error(f"--support and --query are both {given.query}: XLA-MAML takes two languages. Choose another one.")
    if given.encoder and Path(given.encoder).is_dir():
        given.encoder = str(Path(given.encoder).resolve())
    return given


def study_command(task: Task, given: argparse.Namespace) -> list[str]:
    """The command that does everything but the encoder."""
    chosen = {
        "encoder": given.encoder or shown(given.output / "encoder"),
        "support": given.support,
        "query": given.query,
        "seeds": json.dumps(given.seeds),
    }
    arguments = [part for name, value in chosen.items() for part in ("--arg", f"{name}={value}")]
    call = [shown(Path(sys.executable)), "-m", "xlamaml_allennlp", "study", shown(task.study)]
    return [*call, "-s", shown(given.output), "--replace", *arguments]


def _run(task: Task, given: argparse.Namespace) -> int:
    print("Cross-lingual transfer by meta-learning.\n")
    started = time.monotonic()
    try:
        if not given.encoder:
            _write_encoder(task, given.output / "encoder")
    except NoEncoderError as error:
        print(f"\n{error}", file=sys.stderr)
        return 1
    command = study_command(task, given)
    print(f"$ {shlex.join(command)}\n", flush=True)
    done = subprocess.run([sys.executable, *command[1:]], cwd=ROOT)
    if done.returncode:
        return done.returncode
    _report(task, given)
    print(f"\nThat took {(time.monotonic() - started) / 60:.1f} minutes.\n")
    print(f"Try next\n{_next(task, given)}")
    return 0


def _write_encoder(task: Task, folder: Path) -> None:
    """Writes the encoder for the task's texts, unless it is there, whole and for these."""
    file, texts = packed_file(), task.texts()
    origin = f"{file.name}, {file.stat().st_size} bytes" if file else HUB_NAME
    digest = hashlib.sha256("\n".join([origin, *texts]).encode()).hexdigest()
    mark = folder.with_name(f"{folder.name}.done")
    if mark.exists() and mark.read_text() == digest and folder.exists():
        return
    print("Pretrained encoder: multilingual-e5-small, 12 layers", flush=True)
    # Imported when needed: a second call of the demo need not wait for torch and transformers.
    from demo.encoder import write_encoder

    mark.unlink(missing_ok=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    write_encoder(folder, texts)
    mark.write_text(digest)


def _report(task: Task, given: argparse.Namespace) -> None:
    tables = []
    names = rows(given.support, given.query)
    for measure in task.measures:
        each = scores(given.output, BASELINE, given.seeds, measure)
        of_methods = {name: scores(given.output, row, given.seeds, measure) for name, row in names.items()}
        baseline, methods = mean_of(each), {name: mean_of(several) for name, several in of_methods.items()}
        title = measure.name[0].upper() + measure.name[1:]
        table = lay_out(baseline, methods, _roles(given), (task.guesser, task.guess(measure)))
        tables.append(f"{title} on the test {task.unit} in percent, and difference to the baseline\n\n{table}")
    text = "\n\n".join(tables)
    (given.output / "table.txt").write_text(text + "\n", encoding="utf-8")
    picture = given.output / "heatmap.png"
    draw(picture, baseline, methods, title, task.lowest, _caption(measure.name, given))
    print(f"\n{text}\n\n{verdict(each, of_methods, inner_step(given.output, given.query, measure))}\n{task.noise}")
    print(f"As a picture: {shown(picture)}")
    if closing := task.closing(_archive(given), given.output):
        print(f"\n{closing}")


def _caption(measure: str, given: argparse.Namespace) -> str:
    xla = f"support {given.support}, query {given.query}"
    seen = ", ".join(sorted({"en", given.support, given.query}))
    return (
        f"{measure} after meta-training. X-MAML: support and query {given.query}. XLA-MAML: {xla}; step off: the same "
        f"without its inner step.\nTrained on {seen}; the other rows are zero-shot."
    )


def _roles(given: argparse.Namespace) -> dict[str, str]:
    roles: dict[str, str] = {}
    for code, role in [("en", "English fine-tuning"), (given.support, "support"), (given.query, "query")]:
        roles[code] = f"{roles[code]}, {role}" if code in roles else role
    return roles


def _archive(given: argparse.Namespace) -> Path:
    run = f"{rows(given.support, given.query)['XLA-MAML']}-{given.seeds[0]}"
    archive: Path = given.output / "runs" / run / "model.tar.gz"
    return archive


def _next(task: Task, given: argparse.Namespace) -> str:
    python = shlex.quote(shown(Path(sys.executable)))
    again = f"{python} {task.command}"
    if given.encoder:
        again += f" --encoder {shlex.quote(given.encoder)}"
    if given.output != task.runs:
        again += f" --output {shlex.quote(shown(given.output))}"
    return task.to_try.format(python=python, archive=shlex.quote(shown(_archive(given))), again=again)
