from tests.episodes.tagged import find, instance, pool_of


def test_examples_are_found_by_language_by_id_and_by_group():
    pool = pool_of([instance("hi", 1, "p"), instance("hi", 2, "p"), instance("hi", 3, "r"), instance("en", 1, "p")])
    assert len(pool) == 4
    assert pool.languages == ["hi", "en"]
    assert list(pool.rows("hi")) == [0, 1, 2]
    assert list(pool.rows("de")) == []
    assert find(pool, "en", "1") == 3
    assert list(pool.translations([0, 1, 3], "en")) == [3, -1, 3]
    assert find(pool, "en", "2") is find(pool, "de", "1") is None
    assert [(pool.language(row), pool.id(row)) for row in (0, 3)] == [("hi", "1"), ("en", "1")]
    assert [pool.group_size(row) for row in range(4)] == [2, 2, 1, 1]
    assert pool.group_sizes(["hi"]) == [2, 1]
    assert pool.group_sizes(["en", "hi"]) == [2, 1, 1]
    assert pool.describe() == "hi (3), en (1)"


def test_equal_groups_of_two_languages_are_two_groups():
    pool = pool_of([instance("hi", 1, "p"), instance("en", 1, "p"), instance("hi", 2, "p")])
    assert pool.group(0) == pool.group(2) != pool.group(1)


def test_windows_of_one_question_are_one_row():
    pool = pool_of([instance("hi", "q", "p", 0), instance("en", "q", "p"), instance("hi", "q", "p", 1)])
    assert len(pool) == 2
    assert pool.group_size(pool.rows("hi")[0]) == 1
