"""The whole method on embedded data and an embedded pretrained encoder, offline, on a CPU."""

import argparse
import shlex
import signal
import sys
import time
from pathlib import Path

from demo.command import CommandFailed, shown
from demo.origin import NoEncoderError
from demo.picture import draw
from demo.plan import RUNS, Plan
from demo.scenes import best_guess, languages
from demo.table import lay_out

EPILOG = "What is done is not done again; after a change of data or settings, what depends on them is."
NOISE = "A language has 216 pairs: differences below about 5 points, or 3 in the mean, may be chance."
NEXT = """\
Try next
  Your own sentences, in any of these languages:
    echo '{{"premise": "Das Haus ist alt.", "hypothesis": "Das Haus ist neu."}}' > pairs.jsonl
    {python} -m xlamaml_allennlp predict {archive} pairs.jsonl
  Another query language, or another support language (the baseline is kept):
    {again} --query ru
    {again} --support de
  Other settings: edit demo/settings.libsonnet, say its inner learning rate, and call the demo again.
  The paper's experiment on MNLI and XNLI: training_configs/, explained in README.md."""


def main() -> int:
    plan = _plan()
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
    print(_next(plan))
    return 0


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__, epilog=EPILOG)
    parser.add_argument("--output", type=Path, default=RUNS, help="folder for everything (default: demo/runs)")
    parser.add_argument("--encoder", default="", help="a transformers folder or hub name instead of the embedded one")
    codes = languages("dev")
    parser.add_argument("--support", default="en", choices=codes, help="XLA-MAML's support language (default: en)")
    parser.add_argument("--query", default="hi", choices=codes, help="query language of both methods (default: hi)")
    given = parser.parse_args()
    if given.support == given.query:
        parser.error(f"--support and --query are both {given.query}: XLA-MAML takes two languages. Choose another one.")
    folder = Path(given.encoder)
    encoder = str(folder.resolve()) if given.encoder and folder.is_dir() else given.encoder
    return Plan(given.output.resolve(), given.support, given.query, encoder)


def _report(plan: Plan) -> None:
    baseline, methods = plan.scores()
    table = lay_out(baseline, methods, _roles(plan), best_guess("test", "sentence2"))
    (plan.runs / "table.txt").write_text(table + "\n", encoding="utf-8")
    picture = plan.runs / "heatmap.png"
    draw(
        picture,
        baseline,
        methods,
        f"Zero-shot accuracy after meta-training: support {plan.support}, query {plan.query}",
    )
    print(f"\nAccuracy on the test pairs in percent, and difference to the baseline\n\n{table}\n\n{NOISE}")
    print(f"As a picture: {shown(picture)}")


def _roles(plan: Plan) -> dict[str, str]:
    roles: dict[str, str] = {}
    for code, role in [("en", "English fine-tuning"), (plan.support, "support"), (plan.query, "query")]:
        roles[code] = f"{roles[code]}, {role}" if code in roles else role
    return roles


def _next(plan: Plan) -> str:
    python = shlex.quote(shown(Path(sys.executable)))
    again = f"{python} -m demo"
    if plan.encoder:
        again += f" --encoder {shlex.quote(plan.encoder)}"
    if plan.runs != RUNS:
        again += f" --output {shlex.quote(shown(plan.runs))}"
    return NEXT.format(python=python, archive=shlex.quote(shown(plan.archive("xla_maml"))), again=again)


if __name__ == "__main__":
    # A polite kill stops the running command too, as Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on with the step that was stopped.")
