"""The `xnli` reader on the real files, where they are."""

import os
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from xlamaml_allennlp.languages.sources import Source
from xlamaml_allennlp.nli.bad_pairs import BadPairs
from xlamaml_allennlp.nli.labels import Labels
from xlamaml_allennlp.nli.selection import select_pairs

DATA = Path(os.environ.get("XLAMAML_SHARED", Path(__file__).parents[3] / "shared")) / "data"
DEV, TEST = DATA / "XNLI-1.0" / "xnli.dev.tsv", DATA / "XNLI-1.0" / "xnli.test.tsv"
MNLI = DATA / "multinli_1.0" / "multinli_1.0_subset.jsonl"


def selected(path: Path, *languages: str) -> list:
    if not path.exists():
        pytest.skip(f"{path.name} is not there: XLAMAML_SHARED does not name a folder that has data/{path.parent.name}")
    return list(select_pairs(Source(str(path), frozenset(languages) or None), Labels(None), BadPairs()))


@pytest.mark.parametrize(
    ("path", "languages", "count"),
    [(DEV, "ar bg de el en es fr hi ru sw th tr ur vi zh", 2490), (TEST, "ar de en es hi vi zh", 5010)],
    ids=["dev", "test"],
)
def test_xnli_has_as_many_parallel_pairs_in_every_language(path, languages, count):
    rows = selected(path)
    assert Counter(row.language for row in rows) == dict.fromkeys(languages.split(), count)
    labels = defaultdict(set)
    for row in rows:
        labels[row.id].add(row.label)
    assert set(labels) == {str(i + 1) for i in range(count)}
    # Translations have the same label, and the three labels are equally many.
    assert all(len(one) == 1 for one in labels.values())
    assert set(Counter(row.label for row in rows if row.language == "en").values()) == {count // 3}


def test_mnli_has_ten_thousand_pairs_with_ids_of_their_own():
    rows = selected(MNLI, "en")
    assert len(rows) == 10071
    assert len({row.id for row in rows}) == 10071


def test_the_reader_makes_an_instance_of_every_row(reader):
    rows = selected(DEV, "hi")
    instances = list(reader.read({"hi": str(DEV)}))
    assert len(instances) == 2490
    assert [instance["metadata"]["hypothesis"] for instance in instances] == [row.hypothesis for row in rows]
    assert Counter(instance["label"].label for instance in instances) == {0: 830, 1: 830, 2: 830}
    # 830 premises with three pairs each.
    assert set(Counter(instance["metadata"]["group"] for instance in instances).values()) == {3}
