from random import Random

from xlamaml_allennlp.episodes.drafts import Drafts


def test_drafts_come_back_in_the_order_of_a_shuffled_list():
    listed = [(("en",), [1, 2]), (("en", "de"), [3]), (("de",), []), (("en",), [4, 5, 6])]
    drafts = Drafts()
    for support_set, query in listed:
        drafts.add(support_set, query)
    drafts.shuffle(Random(1))
    Random(1).shuffle(listed)
    assert len(drafts) == 4
    assert list(drafts) == listed
