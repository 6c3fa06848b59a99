from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.episodes.deck import Deck, shuffled


@given(st.lists(st.integers(0, 2**31 - 1)), st.integers())
def test_shuffled_yields_every_item_once(items, seed):
    assert sorted(shuffled(items, Random(seed))) == sorted(items)


def test_shuffled_gives_every_order_equally_often():
    # 3! = 6 orders in 6000 draws: 1000 each, give or take 5 standard deviations of sqrt(6000 * 1/6 * 5/6) = 29.
    rng = Random(0)
    orders = Counter(tuple(shuffled(range(3), rng)) for _ in range(6000))
    assert len(orders) == 6
    assert all(abs(count - 1000) < 145 for count in orders.values())


def test_shuffled_draws_only_as_far_as_it_is_asked():
    rng = Random(0)
    order = shuffled(range(39_000), rng)
    next(order)
    state = rng.getstate()
    twin = Random(0)
    twin.randrange(39_000)
    assert state == twin.getstate()


def test_a_pass_ends_with_a_short_set_and_then_gives_nothing():
    deck = Deck(range(7), Random(0))
    assert bool(deck)
    sets = [deck.draw(3, lambda row: True) for _ in range(4)]
    assert [len(drawn) for drawn in sets] == [3, 3, 1, 0]
    assert sorted(row for drawn in sets for row in drawn) == list(range(7))
    assert not deck


def test_what_a_set_refuses_is_first_in_line_for_the_next():
    order = list(shuffled(range(30), Random(0)))
    deck = Deck(range(30), Random(0))
    first = deck.draw(3, lambda row: row not in (order[0], order[2]))
    assert first == [order[1], order[3], order[4]]
    assert deck.draw(3, lambda row: True) == [order[0], order[2], order[5]]


@given(st.integers(1, 12), st.data(), st.integers())
def test_cyclic_sets_are_full_distinct_and_use_all_examples_equally_often(count, data, seed):
    size = data.draw(st.integers(1, count))
    deck = Deck(range(count), Random(seed))
    used = Counter(dict.fromkeys(range(count), 0))
    for _ in range(25):
        drawn = deck.draw_cyclic(size, lambda row: True)
        assert len(set(drawn)) == size
        used.update(drawn)
        assert max(used.values()) - min(used.values()) <= 1


def test_an_example_that_was_refused_for_long_is_not_piled_up():
    deck = Deck(range(4), Random(0))
    for _ in range(50):
        assert 3 not in deck.draw_cyclic(2, lambda row: row != 3)
    drawn = Counter(row for _ in range(4) for row in deck.draw_cyclic(2, lambda row: True))
    # 8 draws over 4 examples: the long refused one is first in line, once, and then in every pass like the others.
    assert 2 <= drawn[3] <= 3


# At 65 the first row is laid out; at 128 and 129 (64 more) the number of bits changes.
@pytest.mark.parametrize("count", [0, 1, 64, 65, 66, 127, 128, 129, 300, 1088])
def test_an_order_that_is_laid_out_goes_on_as_one_that_is_not(count):
    # Fisher and Yates on a list, an integer drawn for each row: what every order was before it had two parts.
    rng, twin, rows, expected = Random(3), Random(3), list(range(500, 500 + count)), []
    while rows:
        chosen = rng.randrange(len(rows))
        expected.append(rows[chosen])
        rows[chosen] = rows[-1]
        rows.pop()
    assert list(shuffled(range(500, 500 + count), twin)) == expected
    assert twin.getstate() == rng.getstate()
