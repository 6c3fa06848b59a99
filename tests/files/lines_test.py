import gzip
import time

import pytest
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.files.lines import LINE, lines


def test_lines_have_their_numbers_in_the_file(tmp_path):
    (tmp_path / "a").write_bytes(b"\xef\xbb\xbfone\r\n\n  \ntwo\rtwo\nthree")
    assert list(lines(str(tmp_path / "a"))) == [(1, "one"), (4, "two\rtwo"), (5, "three")]


def test_lines_that_end_in_carriage_returns_alone_say_so(tmp_path):
    (tmp_path / "a").write_bytes(b"sentence1\tsentence2\rA.\tB.\r")
    with pytest.raises(ConfigurationError, match=r"a: its lines end in carriage returns alone\. Convert them"):
        list(lines(str(tmp_path / "a")))


def test_a_line_has_an_end(tmp_path):
    (tmp_path / "a").write_bytes(b"x" * (LINE - 1) + b"\n")
    assert [len(text) for _, text in lines(str(tmp_path / "a"))] == [LINE - 1]
    (tmp_path / "a").write_bytes(b"one\n" + b"x" * (LINE + 1))
    with pytest.raises(ConfigurationError, match=r"a:2: a line of more than 1 MB"):
        list(lines(str(tmp_path / "a")))


def test_a_gzip_file_of_blank_lines_without_end_is_an_error_in_seconds(tmp_path):
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"\n" * 50_000_000, compresslevel=1))
    start = time.process_time()
    with pytest.raises(ConfigurationError, match="unpacks to more than 100 times its size"):
        list(lines(str(tmp_path / "a.gz")))
    assert time.process_time() - start < 5
