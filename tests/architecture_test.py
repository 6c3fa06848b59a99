"""The house, read from the sources: which room may import which, how large its files are and how they are named."""

import ast
import graphlib
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "xlamaml_allennlp"

# A room -> the rooms that it may import besides itself.
ARROWS: dict[str, set[str]] = {
    "upstream": {"archives", "files"},
    "caching": set(),
    "files": set(),
    "archives": {"files"},
    "languages": {"caching", "files", "gathering"},
    "encoders": {"archives", "files", "upstream", "version"},
    "nli": {"caching", "files", "gathering", "languages", "encoders"},
    "qa": {"caching", "files", "gathering", "languages", "encoders"},
    "episodes": {"languages"},
    "adaptation": set(),
    "optimization": set(),
    "resuming": {"files", "gathering"},
    "meta_training": {"adaptation", "episodes", "gathering", "provenance", "resuming"},
    "commands": {
        "adaptation",
        "encoders",
        "episodes",
        "exchange",
        "files",
        "meta_training",
        "provenance",
        "reports",
        "resuming",
        "studies",
    },
    "studies": {"shipped_configs", "version"},
    "exchange": {"encoders", "languages", "nli", "provenance", "qa", "version"},
    "provenance": {"encoders", "episodes", "files", "gathering", "languages", "version"},
    "reports": set(),
    # Files beside the rooms.
    "gathering": set(),
    "quiet": set(),
    "version": set(),
    "version_action": {"version"},
    "shipped_configs": set(),
    "jsonnet": set(),
    "jsonnet_process": set(),
    "command_line": {"quiet", "resuming"},
    "__main__": set(),
}
FOLDERS = ("xlamaml_allennlp", "demo", "benchmarks", "docs", "tests")
# What the folders around the package may import of this repository.
AROUND = {
    "demo": {"xlamaml_allennlp"},
    "benchmarks": {"xlamaml_allennlp", "demo"},
    "docs": {"xlamaml_allennlp"},
    "tests": set(FOLDERS),
}
MAXIMUM_LINES = 200
# Written so that this file does not match itself.
MACHINE_PATH = re.compile(r"(?<![\w.])/(?:work|tmp|home|root|opt|Users)/")
REGISTRY = re.compile(r"\bpy[p]i\.|python[h]osted|[-_]index[-_]url|find[-_]links", re.IGNORECASE)


def sources(folder: str) -> list[Path]:
    return [path for path in sorted((ROOT / folder).rglob("*.py")) if "runs" not in path.relative_to(ROOT).parts]


def imports(path: Path) -> Iterator[str]:
    """The dotted names that a file imports, anywhere in it; a relative import is an error."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), str(path))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno}: a relative import; write the full name"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(name: str) -> str:
    """`xlamaml_allennlp.nli.model` -> `nli`, and the package itself -> `__init__`."""
    return name.split(".")[1] if "." in name else "__init__"


@pytest.mark.parametrize("path", sources("xlamaml_allennlp"), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_room_imports_only_what_its_arrow_names(path):
    room = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    ours = {name for name in imports(path) if name.split(".")[0] in FOLDERS}
    assert {name.split(".")[0] for name in ours} <= {"xlamaml_allennlp"}, "the package imports nothing around it"
    rooms = {room_of(name) for name in ours}
    if room == "__init__":
        assert rooms <= set(ARROWS)
    else:
        assert rooms - {room} <= ARROWS[room]


@pytest.mark.parametrize("folder", AROUND)
def test_folders_around_the_package_import_in_one_direction(folder):
    for path in sources(folder):
        tops = {name.split(".")[0] for name in imports(path)} & set(FOLDERS)
        assert tops - {folder} <= AROUND[folder], path


def test_the_arrows_hold_no_circle():
    settled: set[str] = set()
    while len(settled) < len(ARROWS):
        ready = {room for room, targets in ARROWS.items() if targets <= settled}
        assert ready > settled, f"a circle among {sorted(set(ARROWS) - settled)}"
        settled = ready


def test_no_file_imports_itself_by_a_detour_for_type_checkers_neither():
    names = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in sources("xlamaml_allennlp")}
    modules = {name.removesuffix(".__init__"): path for name, path in names.items()}

    def module_of(name: str) -> str:
        return name if name in modules or "." not in name else module_of(name.rpartition(".")[0])

    graph = {name: {module_of(each) for each in imports(path)} - {name} for name, path in modules.items()}
    graphlib.TopologicalSorter(graph).prepare()


def test_contributing_shows_the_arrows_as_they_are():
    table = re.findall(r"^\| (`[^|]*/`) \|.*\| ([a-z_, ]+) \|$", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE)
    shown = {
        room: set() if arrows == "nothing" else set(arrows.split(", "))
        for rooms, arrows in table
        for room in re.findall(r"`(\w+)/`", rooms)
    }
    assert shown == {room: arrows for room, arrows in ARROWS.items() if (PACKAGE / room).is_dir()}
    assert {room for room in ARROWS if not (PACKAGE / room).exists() and not (PACKAGE / f"{room}.py").exists()} == set()


def test_every_room_has_an_arrow_and_is_imported_by_the_package():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert rooms <= set(ARROWS)
    registered = {room_of(name) for name in imports(PACKAGE / "__init__.py")}
    assert rooms <= registered


@pytest.mark.parametrize("folder", FOLDERS)
def test_files_are_short(folder):
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources(folder)}
    assert {str(path): length for path, length in lengths.items() if length > MAXIMUM_LINES} == {}


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_name_says_that_anything_may_go_in(folder):
    vague = {"util", "utils", "common", "helper", "helpers", "misc"}
    assert [str(path) for path in sources(folder) if vague & {*path.relative_to(ROOT).parts, path.stem}] == []


def test_tests_mirror_what_they_test():
    for path in sources("tests"):
        folder = path.parent.relative_to(ROOT / "tests")
        assert (PACKAGE / folder).is_dir() or (ROOT / folder).is_dir(), f"{path} mirrors no folder"
        has_tests = re.search(r"^(async )?def test_|^class Test", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert bool(has_tests) == path.name.endswith("_test.py"), f"{path}: pytest collects *_test.py"


def test_nothing_names_this_machine_or_a_package_registry():
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listing.returncode:
        pytest.skip("not a git checkout, so nothing tells the project's files from others")
    found = []
    for name in filter(None, listing.stdout.split("\0")):
        if not (ROOT / name).is_file():
            continue
        for number, line in enumerate((ROOT / name).read_bytes().decode("utf-8", "replace").splitlines(), 1):
            if MACHINE_PATH.search(line) or REGISTRY.search(line):
                found.append(f"{name}:{number}: {line.strip()[:120]}")
    assert found == []
