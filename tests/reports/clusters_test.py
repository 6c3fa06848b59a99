"""Which examples count as dependent."""

from xlamaml_allennlp.reports.clusters import clusters_of


def test_examples_of_one_premise_and_translations_are_one_cluster():
    # In English 0 and 1 share a premise, in Hindi 1 and 2 do, and id 1 links them; 3 stands alone.
    ids = ["0", "1", "1", "2", "3"]
    groups = ["a", "a", "x", "x", "y"]
    clusters = clusters_of(ids, groups, ["en", "en", "hi", "hi", "hi"])
    assert clusters.tolist() == [0, 0, 0, 0, 1]


def test_the_same_group_in_two_languages_is_two():
    # Groups are texts: two languages may have the same one by chance, such as "r0".
    assert clusters_of(["0", "1"], ["a", "a"], ["en", "hi"]).tolist() == [0, 1]
