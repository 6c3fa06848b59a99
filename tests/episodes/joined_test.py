from array import array

from xlamaml_allennlp.episodes.joined import Joined


def test_sequences_are_one_after_the_other():
    rows = Joined([array("i", [7, 8]), (), array("i", [3])])
    assert len(rows) == 3
    assert [rows[place] for place in range(3)] == list(rows) == [7, 8, 3]
