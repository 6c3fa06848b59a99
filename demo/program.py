"""What a demo does from beginning to end: the steps of its plan, then what they measured."""

import argparse
import shlex
import signal
import sys
import time
from pathlib import Path

from demo.command import CommandFailed, shown
from demo.origin import NoEncoderError
from demo.picture import draw
from demo.plan import Plan
from demo.table import lay_out
from demo.task import Task

DESCRIPTION = "The whole method on embedded data and an embedded pretrained encoder, offline, on a CPU."
EPILOG = "What is done is not done again; after a change of data or settings, what depends on them is."


def start(task: Task) -> None:
    """Runs a task's demo as a program, which ends with its exit code."""
    # A polite kill stops the running command too, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(_run(_plan(task)))
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on with the step that was stopped.")


def _run(plan: Plan) -> int:
    print(f"Cross-lingual transfer by meta-learning. Everything goes to {shown(plan.runs)}.\n")
    started = time.monotonic()
    for number, step in enumerate(plan.steps, start=1):
        title = f"{number}/{len(plan.steps)}  {step.title}"
        if step.done:
            print(f"{title}: done before")
            continue
        print(title, flush=True)
        at = time.monotonic()
        try:
            step.run()
        except (CommandFailed, NoEncoderError) as error:
            print(f"\n{error}", file=sys.stderr)
            return 1
        print(f"     {time.monotonic() - at:.0f} s", flush=True)
    _report(plan)
    print(f"\nThat took {(time.monotonic() - started) / 60:.1f} minutes.\n")
    print(f"Try next\n{_next(plan)}")
    return 0


def _plan(task: Task) -> Plan:
    parser = argparse.ArgumentParser(prog=f"python {task.command}", description=DESCRIPTION, epilog=EPILOG)
    everything = f"folder for everything (default: {shown(task.runs)})"
    parser.add_argument("--output", type=Path, default=task.runs, help=everything)
    parser.add_argument("--encoder", default="", help="a transformers folder or hub name instead of the embedded one")
    codes = task.languages
    parser.add_argument("--support", default="en", choices=codes, help="XLA-MAML's support language (default: en)")
    parser.add_argument("--query", default="hi", choices=codes, help="query language of both methods (default: hi)")
    given = parser.parse_args()
    if given.support == given.query:
        parser.error(f"--support and --query are both {given.query}: XLA-MAML takes two languages. Choose another one.")
    folder = Path(given.encoder)
    encoder = str(folder.resolve()) if given.encoder and folder.is_dir() else given.encoder
    return Plan(task, given.output.resolve(), given.support, given.query, encoder)


def _report(plan: Plan) -> None:
    task, tables = plan.task, []
    for measure in task.measures:
        baseline, methods = plan.scores(measure)
        name = measure.name[0].upper() + measure.name[1:]
        table = lay_out(baseline, methods, _roles(plan), (task.guesser, task.guess(plan, measure)))
        tables.append(f"{name} on the test {task.unit} in percent, and difference to the baseline\n\n{table}")
    text = "\n\n".join(tables)
    (plan.runs / "table.txt").write_text(text + "\n", encoding="utf-8")
    picture = plan.runs / "heatmap.png"
    caption = f"Zero-shot {measure.name} after meta-training: support {plan.support}, query {plan.query}"
    draw(picture, baseline, methods, name, task.lowest, caption)
    print(f"\n{text}\n\n{task.noise}")
    print(f"As a picture: {shown(picture)}")
    if closing := task.closing(plan):
        print(f"\n{closing}")


def _roles(plan: Plan) -> dict[str, str]:
    roles: dict[str, str] = {}
    for code, role in [("en", "English fine-tuning"), (plan.support, "support"), (plan.query, "query")]:
        roles[code] = f"{roles[code]}, {role}" if code in roles else role
    return roles


def _next(plan: Plan) -> str:
    python = shlex.quote(shown(Path(sys.executable)))
    again = f"{python} {plan.task.command}"
    if plan.encoder:
        again += f" --encoder {shlex.quote(plan.encoder)}"
    if plan.runs != plan.task.runs:
        again += f" --output {shlex.quote(shown(plan.runs))}"
    return plan.task.to_try.format(python=python, archive=shlex.quote(shown(plan.archive("xla_maml"))), again=again)
