"""Which packages are pinned, and where each pin applies."""

import pytest
from packaging.requirements import Requirement

from tools import lock

# A tree of packages as pip reports it: name -> metadata.
RESOLVED = {
    "a": {"name": "a", "version": "1.0", "requires_dist": ["b", "gpu[blas]==2 ; platform_system == 'Linux'"]},
    "b": {"name": "b", "version": "1.1", "requires_dist": ["c ; extra == 'never'"]},
    "gpu": {"name": "gpu", "version": "2", "requires_dist": ["blas ; extra == 'blas'"]},
    "blas": {"name": "blas", "version": "3", "requires_dist": []},
    "x86": {"name": "x86", "version": "4", "requires_dist": []},
}
DIRECT = [Requirement("a>=1"), Requirement("x86 ; sys_platform == 'linux' and platform_machine == 'x86_64'")]
EVERYWHERE = frozenset(lock.PLATFORMS)
LINUX = frozenset({"linux x86_64", "linux aarch64"})


def test_a_package_is_needed_where_the_ones_that_ask_for_it_are():
    where = lock.needed_where(DIRECT, RESOLVED)
    assert where == {
        "a": EVERYWHERE,
        "b": EVERYWHERE,
        "gpu": LINUX,
        "blas": LINUX,
        "x86": frozenset({"linux x86_64"}),
    }


def test_a_package_that_only_another_python_or_platform_needs_is_an_error():
    needs = RESOLVED | {"a": {**RESOLVED["a"], "requires_dist": ["old ; python_version == '3.12'"]}}
    with pytest.raises(SystemExit, match=r"needs old as well: name it in requirements\.in"):
        lock.needed_where(DIRECT, needs)


def test_a_pin_carries_the_marker_of_its_platforms():
    assert lock.pin(RESOLVED["b"], EVERYWHERE) == "b==1.1"
    assert lock.pin(RESOLVED["blas"], LINUX) == 'blas==3 ; sys_platform == "linux"'
    with pytest.raises(SystemExit, match="needed on \\['mac'\\] alone"):
        lock.pin(RESOLVED["b"], frozenset({"mac"}))


def test_pins_stay_unless_the_named_packages_rule_them_out(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text('# head\na==0.9\nb==1.0 ; sys_platform == "linux"\n')
    assert lock.pins_to_keep(path, DIRECT) == ['b==1.0; sys_platform == "linux"']


def test_a_requirement_keeps_its_comment_apart(tmp_path):
    path = tmp_path / "requirements.in"
    path.write_text("# only a comment\n\na==1   # --no-deps; why\nb\n")
    assert list(lock.requirement_lines(path)) == [("a==1", "--no-deps; why"), ("b", "")]
