"""The files of a ledger: read as one, and cut where a recovered run goes on."""

import errno

import pytest
from allennlp.common.checks import ConfigurationError

from tests.provenance.recorded import line, write
from xlamaml_allennlp.provenance import Example, gaps, ledger_files, read_ledger
from xlamaml_allennlp.provenance.ledger import append, cut


def test_the_files_of_ten_workers_are_one_stream(tmp_path):
    for worker in range(11):
        write(
            tmp_path / f"episodes_w{worker}.jsonl", [line(worker + 1, worker=worker), line(worker + 12, worker=worker)]
        )
    (tmp_path / "episodes_w1.jsonl.bak").write_text("no ledger")
    assert [file.name for file in ledger_files(tmp_path)][9:] == ["episodes_w9.jsonl", "episodes_w10.jsonl"]
    assert [(each.episode, each.worker) for each in read_ledger(tmp_path)] == [
        (number, (number - 1) % 11) for number in range(1, 23)
    ]


def test_what_is_appended_is_read(tmp_path):
    append(tmp_path / "episodes_w0.jsonl", [line(1), line(2)])
    odd = line(3, query=(Example("हि", "half of a character \ud83d"),))
    append(tmp_path / "episodes_w0.jsonl", [odd])
    assert list(read_ledger(tmp_path)) == [line(1), line(2), odd]


@pytest.mark.parametrize("end", ["", '{"episode":6,"epo', line(6).to_json(), "{}\n", '{"episode":6}\n\n'])
@pytest.mark.parametrize("step, left", [(0, 0), (1, 2), (2, 4), (3, 5), (9, 5)])
def test_lines_after_a_step_and_torn_ones_are_cut_off(tmp_path, end, step, left):
    # Two episodes to a step, of which the last was torn.
    lines = [line(number, step=(number + 1) // 2) for number in range(1, 6)]
    file = write(tmp_path / "episodes_w0.jsonl", lines, end)
    assert cut(file, step) == (0, 1, 1, 2, 2, 3)[left]
    assert list(read_ledger(tmp_path)) == lines[:left]


def test_a_file_that_is_not_there_is_cut_to_nothing(tmp_path):
    assert cut(tmp_path / "episodes_w0.jsonl", 3) == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "lines, end, place, reason",
    [
        ([line(1)], '{"episode":2', 2, "ends within a line"),
        ([line(1), line(2)], "{}\n", 3, "is damaged: no episode"),
        ([line(1)], "\0\0\0\n", 2, "is damaged: not a line of JSON"),
        ([line(1)], "\ud800\n", 2, "is damaged"),
        ([line(2), line(1)], "", 2, "is about episode 1, after a line about episode 2"),
        ([line(1), line(1)], "", 2, "is about episode 1, after a line about episode 1"),
    ],
)
def test_a_torn_or_damaged_ledger_is_an_error_that_names_the_line(tmp_path, lines, end, place, reason):
    file = write(tmp_path / "episodes_w0.jsonl", lines)
    file.write_bytes(file.read_bytes() + end.encode("utf-8", "surrogatepass"))
    with pytest.raises(ConfigurationError, match=reason) as raised:
        list(read_ledger(tmp_path))
    assert str(raised.value).startswith(f"{file}:{place}")


def test_a_full_disk_is_told_by_the_systems_word_and_the_way_out(tmp_path):
    full = tmp_path / "episodes_w0.jsonl"
    full.symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"No space left on device; .* trainer\.ledger .*episodes_w0\.jsonl") as raised:
        append(full, [line()])
    assert raised.value.errno == errno.ENOSPC


def test_gaps_are_told_by_their_ends():
    assert gaps([1, 2, 3]) == []
    assert gaps([3, 4, 6, 10]) == [(1, 2), (5, 5), (7, 9)]
