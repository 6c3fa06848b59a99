"""`python -m demo`: the whole method on embedded data and an embedded pretrained encoder, offline, on a CPU."""

import argparse
import sys
import time
from pathlib import Path

from demo.command import CommandFailed, shown
from demo.encoder import NoEncoderError
from demo.picture import draw
from demo.plan import RUNS, Plan
from demo.table import lay_out

EPILOG = (
    "What is done is not done again: a second call only shows the table. After a change, what depends on it is redone."
)


def main() -> int:
    plan = _plan()
    print(f"XLA-MAML from English to other languages, zero-shot. Everything goes to {shown(plan.runs)}.\n")
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
    _report(plan, (time.monotonic() - started) / 60)
    return 0


def _plan() -> Plan:
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__, epilog=EPILOG)
    parser.add_argument("--output", type=Path, default=RUNS, help="folder for everything (default: demo/runs)")
    parser.add_argument("--encoder", default="", help="a transformers folder or hub name instead of the embedded one")
    parser.add_argument("--support", default="en", help="support language of XLA-MAML (default: en)")
    parser.add_argument("--query", default="hi", help="query language of both methods (default: hi)")
    given = parser.parse_args()
    return Plan(given.output.resolve(), given.support, given.query, given.encoder)


def _report(plan: Plan, minutes: float) -> None:
    baseline, methods = plan.scores()
    roles = {"en": "trained on", plan.query: "query language"}
    roles[plan.support] = ", ".join(
        dict.fromkeys([*roles.get(plan.support, "").split(", "), "support language"])
    ).lstrip(", ")
    picture = plan.runs / "heatmap.png"
    caption = f"Zero-shot accuracy; support {plan.support}, query {plan.query}"
    draw(picture, baseline, methods, caption)
    table = lay_out(baseline, methods, roles)
    (plan.runs / "table.txt").write_text(table + "\n", encoding="utf-8")
    print(f"\nAccuracy on the test pairs (%)\n\n{table}\n")
    print("216 pairs per language.")
    print(f"\n{minutes:.1f} minutes. The picture: {shown(picture)}")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit("\nStopped. The same command goes on from here.")
