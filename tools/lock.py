"""
Writes requirements.txt from requirements.in: every package pinned, with what it needs in turn. Run by `make lock`.

pip resolves (`pip install --dry-run --report`), this script only decides where each pin applies. Pins already in
requirements.txt stay where requirements.in allows it; `--upgrade` takes the newest of everything instead.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12")
PLATFORMS = {"linux x86_64": ("linux", "x86_64"), "linux aarch64": ("linux", "aarch64"), "mac": ("darwin", "arm64")}
# Where a package is needed -> the marker of its pin.
MARKERS = {
    frozenset(PLATFORMS): "",
    frozenset({"linux x86_64", "linux aarch64"}): 'sys_platform == "linux"',
    frozenset({"linux x86_64"}): 'sys_platform == "linux" and platform_machine == "x86_64"',
}

HEAD = """\
# Every package of the environment, pinned. Written by `make lock` from requirements.in: edit that file, not this one.
#
#     pip install --no-deps -r requirements.txt      (this is what `make install` does, in .venv)
#
# Why --no-deps: the list is complete, and AllenNLP 2.10.1 declares bounds (torch<1.13, transformers<4.21, spacy<3.4)
# that no release for Python 3.11 or later meets, though it runs on these pins unpatched. With its dependencies pip
# finds no solution. `pip check` names the same bounds, and nothing else.
#
# Pythons: 3.11 and 3.12. Resolved on {resolved_on}; the whole test suite runs on Linux x86_64. For Linux
# aarch64 and macOS (arm64) the markers follow what the packages declare, but nobody has run the project there.
# fairscale and word2number come as source and are built at installation.

"""

Report = dict[str, dict[str, Any]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest releases instead of keeping pins")
    lines = list(requirement_lines(ROOT / "requirements.in"))
    alone = [Requirement(line) for line, comment in lines if "--no-deps" in comment]
    direct = [Requirement(line) for line, comment in lines if "--no-deps" not in comment]
    target = ROOT / "requirements.txt"
    keep = target.is_file() and not parser.parse_args().upgrade

    environment, resolved = resolve(direct, pins_to_keep(target, direct) if keep else [])
    pins: dict[str, str] = {canonicalize_name(r.name): str(r) for r in alone}
    pins |= {name: pin(resolved[name], where) for name, where in needed_where(direct, resolved).items()}
    resolved_on = f"Python {environment['python_version']}, {environment['platform_system']}"
    head = HEAD.format(resolved_on=f"{resolved_on} {environment['platform_machine']}")
    target.write_text(head + "\n".join(pins[name] for name in sorted(pins)) + "\n")
    sys.stderr.write(f"{target.name}: {len(pins)} pins\n")


def requirement_lines(path: Path) -> Iterator[tuple[str, str]]:
    """The requirements of a file, each with the comment that follows it."""
    for line in path.read_text().splitlines():
        requirement, _, comment = line.partition("#")
        if requirement.strip():
            yield requirement.strip(), comment.strip()


def pins_to_keep(path: Path, direct: Iterable[Requirement]) -> list[str]:
    """The pins in `path`, but for those that requirements.in has come to rule out."""
    allowed = {canonicalize_name(requirement.name): requirement.specifier for requirement in direct}
    pins = [Requirement(line) for line, _ in requirement_lines(path)]
    versions = [(pin, canonicalize_name(pin.name), next(iter(pin.specifier)).version) for pin in pins]
    return [str(pin) for pin, name, version in versions if name not in allowed or allowed[name].contains(version)]


def resolve(direct: Iterable[Requirement], constraints: Iterable[str]) -> tuple[dict[str, str], Report]:
    """pip's solution: the environment it was found for, and the metadata of each package by name."""
    with tempfile.TemporaryDirectory() as folder:
        wanted, limits, report = (Path(folder, name) for name in ("wanted.txt", "limits.txt", "report.json"))
        wanted.write_text("".join(f"{r}\n" for r in direct))
        limits.write_text("".join(f"{line}\n" for line in constraints))
        command = [sys.executable, "-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet"]
        subprocess.run([*command, "--report", report, "-r", wanted, "-c", limits], check=True)
        answer = json.loads(report.read_text())
    packages = [package["metadata"] for package in answer["install"]]
    return answer["environment"], {canonicalize_name(package["name"]): package for package in packages}


def needed_where(direct: Iterable[Requirement], resolved: Report) -> dict[str, frozenset[str]]:
    """For each package, the platforms on which a named package or one of its dependencies asks for it."""
    where: dict[str, set[str]] = {}
    for python in PYTHONS:
        for platform in PLATFORMS:
            for name in reachable(direct, resolved, marker_environment(python, platform)):
                where.setdefault(name, set()).add(platform)
    unlocked = sorted(set(where) - set(resolved))
    if unlocked:
        raise SystemExit(f"Another platform or Python needs {', '.join(unlocked)} as well: name it in requirements.in.")
    return {name: frozenset(platforms) for name, platforms in where.items()}


def marker_environment(python: str, platform: str) -> dict[str, str]:
    sys_platform, machine = PLATFORMS[platform]
    return {
        "implementation_name": "cpython",
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_system": {"linux": "Linux", "darwin": "Darwin"}[sys_platform],
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": sys_platform,
    }


def reachable(direct: Iterable[Requirement], resolved: Report, environment: dict[str, str]) -> set[str]:
    """The packages which `environment` needs."""
    found: set[tuple[str, str]] = set()
    todo = [(requirement, "") for requirement in direct]
    while todo:
        requirement, parent_extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate(environment | {"extra": parent_extra}):
            continue
        for extra in ("", *requirement.extras):
            node = (canonicalize_name(requirement.name), extra)
            if node not in found:
                found.add(node)
                needs = resolved.get(node[0], {}).get("requires_dist", [])
                todo.extend((Requirement(need), extra) for need in needs)
    return {name for name, _ in found}


def pin(package: dict[str, Any], platforms: frozenset[str]) -> str:
    line = f"{re.sub('_', '-', package['name'])}=={package['version']}"
    if platforms not in MARKERS:
        raise SystemExit(f"{line} is needed on {sorted(platforms)} alone: tools/lock.py has no marker for that.")
    return line + (f" ; {MARKERS[platforms]}" if MARKERS[platforms] else "")


if __name__ == "__main__":
    main()
