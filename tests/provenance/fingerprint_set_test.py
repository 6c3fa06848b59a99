import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xlamaml_allennlp.provenance.fingerprint import BITS, text_fingerprints
from xlamaml_allennlp.provenance.fingerprint_set import distinct, numbers, pack, packed_size, unpack

FINGERPRINTS = st.lists(st.integers(0, (1 << BITS) - 1), max_size=60).map(distinct)
MNLI = 392_702


def test_a_fingerprint_is_the_first_44_bits_of_a_hash():
    assert numbers([bytes(7) + b"\xff", b"\x80" + bytes(7), b"\xff" * 8]).tolist() == [0, 1 << 43, (1 << 44) - 1]


@given(FINGERPRINTS)
def test_what_is_packed_comes_back(fingerprints):
    packed = pack(fingerprints)
    assert len(packed) == packed_size(len(fingerprints))
    assert unpack(packed, len(fingerprints)).tolist() == fingerprints.tolist()


def test_the_ends_of_the_range_are_packed_too():
    ends = distinct([0, 1, (1 << BITS) - 1])
    assert unpack(pack(ends), 3).tolist() == [0, 1, (1 << BITS) - 1]
    assert pack(distinct([])) == b""


@given(FINGERPRINTS.filter(len), st.data())
def test_other_bytes_are_refused_or_are_as_many_fingerprints(fingerprints, data):
    packed = bytearray(pack(fingerprints))
    packed[data.draw(st.integers(0, len(packed) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    try:
        found = unpack(bytes(packed), len(fingerprints))
    except ValueError:
        return
    assert len(found) == len(fingerprints)


def test_a_wrong_number_is_refused():
    packed = pack(distinct([1, 2, 3]))
    for count in (0, 2, 4, 300):
        with pytest.raises(ValueError, match="fingerprints"):
            unpack(packed, count)


def test_texts_and_groups_of_mnli_take_less_than_three_megabytes():
    # 19 bits tell which of 2^19 > 392,702 parts one is in; 44 - 19 = 25 are left as they are. In unary the parts take a
    # one for each fingerprint and a nought for each part.
    bits = 25 * MNLI + MNLI + (1 << 19)
    assert abs(packed_size(MNLI) - bits / 8) <= 2
    assert 2 * packed_size(MNLI) < 2_700_000


def test_texts_that_were_never_read_are_rarely_taken_for_one_that_was():
    # Of n fingerprints of 44 bits, another text has one at a rate of n / 2^44. To count some, look at the last 22 bits
    # alone: 50,000 / 2^22 = 1.19 %, of 20,000 texts 238 with a standard deviation of 15.
    part = np.uint64((1 << 22) - 1)
    read = distinct(numbers(text_fingerprints("pair", ["read"] * 50_000, [str(n) for n in range(50_000)])))
    others = distinct(numbers(text_fingerprints("pair", ["other"] * 20_000, [str(n) for n in range(20_000)])))
    assert len(read) == 50_000
    assert not np.isin(others, read).any()
    assert 238 - 5 * 15 < np.isin(others & part, read & part).sum() < 238 + 5 * 15


@given(st.lists(st.integers(0, 5)))
def test_fingerprints_are_sorted_and_each_is_kept_once(fingerprints):
    assert distinct(fingerprints).tolist() == sorted(set(fingerprints))
