"""What a fresh clone is installed from: pins, metadata, and the commands around them."""

import ast
import importlib.metadata
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]


def requirements(name: str) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / name).read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line]


def setup_keywords() -> dict[str, ast.expr]:
    tree = ast.parse((ROOT / "setup.py").read_text(encoding="utf-8"))
    call = next(n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "setup")
    return {str(keyword.arg): keyword.value for keyword in call.keywords}


PINS = {canonicalize_name(pin.name): pin for pin in requirements("requirements.txt")}


def test_every_package_is_pinned_to_one_version():
    assert len(PINS) > 100
    for pin in PINS.values():
        assert [clause.operator for clause in pin.specifier] == ["=="], str(pin)


def test_every_named_package_is_pinned_as_it_asks():
    for requirement in requirements("requirements.in"):
        (clause,) = PINS[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(clause.version), f"{requirement}: run `make lock`"


def test_the_environment_is_the_pinned_one():
    for pin in PINS.values():
        if pin.marker is None or pin.marker.evaluate():
            installed = importlib.metadata.version(pin.name)
            assert pin.specifier.contains(installed), f"{pin}, but {installed} is installed: run `make install`"


def test_the_pins_leave_nothing_out_that_an_installed_package_asks_for():
    for pin in PINS.values():
        # AllenNLP's own bounds are why the list is installed with --no-deps; what it imports is named without them.
        if pin.marker is None or pin.marker.evaluate():
            for line in importlib.metadata.requires(pin.name) or []:
                need = Requirement(line)
                if need.marker is None or need.marker.evaluate({"extra": ""}):
                    assert canonicalize_name(need.name) in PINS, f"{pin.name} asks for {need}"


def test_the_metadata_declares_what_the_package_imports_but_not_allennlp():
    keywords = setup_keywords()
    required = {canonicalize_name(Requirement(line).name) for line in ast.literal_eval(keywords["install_requires"])}
    extras = ast.literal_eval(keywords["extras_require"])
    optional = {canonicalize_name(Requirement(line).name) for lines in extras.values() for line in lines}
    owners = importlib.metadata.packages_distributions()
    imported = set()
    for path in (ROOT / "xlamaml_allennlp").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            imported |= {name.split(".")[0] for name in names} - set(sys.stdlib_module_names)
    needed = {canonicalize_name(owners[name][0]) for name in imported - {"xlamaml_allennlp"}}
    assert needed - {"allennlp"} <= required | optional
    assert required <= needed
    assert "allennlp" not in required


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The package as `pip install` unpacks it."""
    clone = tmp_path_factory.mktemp("clone")
    for name in ("setup.py", "pyproject.toml", "README.md", "xlamaml_allennlp_hook.py", "xlamaml_allennlp.pth"):
        shutil.copy(ROOT / name, clone)
    for name in ("xlamaml_allennlp", "training_configs"):
        shutil.copytree(ROOT / name, clone / name, ignore=shutil.ignore_patterns("__pycache__"))
    build = [sys.executable, "-W", "ignore", "setup.py", "-q", "bdist_wheel", "-d", str(clone / "dist")]
    subprocess.run(build, cwd=clone, check=True, capture_output=True)
    (built,) = (clone / "dist").iterdir()
    packages = tmp_path_factory.mktemp("packages")
    shutil.unpack_archive(built, packages, "zip")
    return packages


def test_a_wheel_holds_every_module_and_every_config(wheel):
    def files(folder: Path, *endings: str) -> set[str]:
        return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.suffix in endings}

    package = wheel / "xlamaml_allennlp"
    held = (".py", ".json", ".j2", ".css", ".js")
    assert files(package, *held) == files(ROOT / "xlamaml_allennlp", *held)
    configs = files(ROOT / "training_configs", ".jsonnet", ".libsonnet")
    assert len(configs) > 8
    assert files(package / "training_configs", ".jsonnet", ".libsonnet") == configs
    assert {path.name.split("-")[0] for path in wheel.iterdir()} == {"xlamaml_allennlp", "xlamaml_allennlp_hook.py"}


def test_a_wheel_puts_the_hooks_line_where_python_reads_it(wheel):
    # By the wheel's specification, `purelib` in its data goes to site-packages itself.
    (line,) = wheel.glob("xlamaml_allennlp-*.data/purelib/xlamaml_allennlp.pth")
    assert line.read_bytes() == (ROOT / "xlamaml_allennlp.pth").read_bytes()


def test_an_editable_install_has_it_too():
    # `make install` makes one; tests run in its environment.
    assert (Path(sysconfig.get_path("purelib")) / "xlamaml_allennlp.pth").is_file()


def test_an_installed_package_imports_its_configs_by_name_and_knows_its_version(wheel, tmp_path):
    (tmp_path / "variant.jsonnet").write_text("(import 'xlamaml/xnli_x_maml.jsonnet')(seed=5)")
    ask = (
        "import xlamaml_allennlp; from allennlp.common import Params; from importlib.metadata import version;"
        "print(xlamaml_allennlp.__file__, xlamaml_allennlp.__version__, version('xlamaml_allennlp'),"
        "Params.from_file('variant.jsonnet')['numpy_seed'])"
    )
    run = subprocess.run(
        [sys.executable, "-c", ask], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    file, imported, installed, seed = run.stdout.split()
    assert file == str(wheel / "xlamaml_allennlp" / "__init__.py")
    assert imported == installed
    assert seed == "5"


def test_a_clone_names_the_plugin_for_allennlp():
    assert (ROOT / ".allennlp_plugins").read_text(encoding="utf-8").split() == ["xlamaml_allennlp"]


def test_continuous_integration_runs_every_command():
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text(encoding="utf-8").splitlines()
    commands = [line for line in lines if line.startswith("make ")]
    assert commands == ["make check", "make test", "make docs", "make smoke", "make demo", "make demo-qa"]


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("version", ["3.10.4", "3.14.0", None])
def test_a_wrong_python_gets_one_clear_line(tmp_path, version):
    for name in ("Makefile", "requirements.txt", "setup.py"):
        shutil.copy(ROOT / name, tmp_path)
    python = tmp_path / "python"
    if version:
        python.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo Python {version} && exit 0\nexit 1\n')
        python.chmod(0o755)
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    run = subprocess.run(
        ["make", "test", f"PYTHON={python}"], cwd=tmp_path, capture_output=True, text=True, env=environment
    )
    assert run.returncode != 0
    (line,) = (run.stdout + run.stderr).splitlines()
    seen = f"is Python {version}" if version else "is not there"
    assert f"Python 3.11, 3.12 or 3.13 is needed; {python} {seen}. Use make PYTHON=" in line
    assert not (tmp_path / ".venv").exists()
