"""A step of the demo is done once, and again when something that it is made from has changed."""

import pytest

from demo.step import Step


@pytest.fixture
def chain(tmp_path):
    """Two steps, the second made from the first, and a list of what ran."""
    ran = []
    data = tmp_path / "data.tsv"
    data.write_text("rows")

    def steps(settings="lr 1"):
        def make(name):
            (tmp_path / name).write_text("made")
            ran.append(name)

        first = Step("First", tmp_path / "first", (data, settings), lambda: make("first"))
        return [first, Step("Second", tmp_path / "second", (first,), lambda: make("second"))]

    return steps, ran, data


def run(steps):
    for step in steps:
        if not step.done:
            step.run()


def test_what_is_done_is_not_repeated(chain):
    steps, ran, _ = chain
    run(steps())
    run(steps())
    assert ran == ["first", "second"]


@pytest.mark.parametrize("change", ["data", "settings", "product"])
def test_a_change_repeats_what_depends_on_it(chain, change, tmp_path):
    steps, ran, data = chain
    run(steps())
    ran.clear()
    if change == "data":
        data.write_text("other rows")
    if change == "product":
        (tmp_path / "second").unlink()
    run(steps("lr 2" if change == "settings" else "lr 1"))
    assert ran == (["second"] if change == "product" else ["first", "second"])


def test_a_step_that_was_stopped_halfway_is_done_again(tmp_path):
    attempts = []

    def make():
        (tmp_path / "half").write_text("half")
        attempts.append(1)
        if len(attempts) == 1:
            raise KeyboardInterrupt

    def step():
        return Step("Half", tmp_path / "half", ("settings",), make)

    with pytest.raises(KeyboardInterrupt):
        step().run()
    assert not step().done
    step().run()
    assert step().done


def test_a_step_that_is_stopped_while_it_is_redone_is_not_taken_for_its_first_time(tmp_path):
    def step(interrupt=False):
        def make():
            (tmp_path / "product").write_text("half" if interrupt else "whole")
            if interrupt:
                raise KeyboardInterrupt

        return Step("Redone", tmp_path / "product", ("settings",), make)

    step().run()
    with pytest.raises(KeyboardInterrupt):
        step(interrupt=True).run()
    assert not step().done
