"""What the `xnli` reader makes of files that are as they should be."""

import json
import logging

import pytest
from allennlp.common import Params
from allennlp.common.checks import ConfigurationError
from allennlp.data import DatasetReader

from xlamaml_allennlp.languages.tag import Tag, group_of, id_of, language_of
from xlamaml_allennlp.nli.formats import Row


def tags(instances) -> list[tuple[str, str]]:
    return [(language_of(instance), id_of(instance)) for instance in instances]


def labels(instances) -> list[int]:
    return [instance["label"].label for instance in instances]


def log_of(caplog) -> str:
    return "\n".join(record.getMessage() for record in caplog.records)


def test_it_is_registered_and_takes_no_unknown_key(bert_folder):
    settings = {"type": "xnli", "model_name": str(bert_folder), "max_length": 20, "max_instances": 1}
    assert DatasetReader.from_params(Params(dict(settings))).max_instances == 1
    with pytest.raises(ConfigurationError, match="max_lenght"):
        DatasetReader.from_params(Params({**settings, "max_lenght": 20}))


def test_all_languages_of_a_file_are_read_with_their_labels_and_ids(reader, pairs):
    instances = list(reader.read(pairs))
    # Pair 3 has no gold label; entailment, neutral, contradiction are 0, 1, 2.
    assert tags(instances) == [("en", "1"), ("en", "2"), ("en", "4"), ("hi", "1"), ("hi", "2"), ("hi", "4")]
    assert labels(instances) == [1, 2, 0, 1, 2, 0]


def test_metadata_keeps_the_texts_and_groups_pairs_by_premise(reader, pairs):
    first, second, fourth, *_ = reader.read(pairs)
    assert first["metadata"]["premise"] == "The cat sleeps."
    assert first["metadata"]["hypothesis"] == "The cat dreams."
    assert group_of(first) == group_of(second) != group_of(fourth)


def test_an_example_tells_label_file_and_line(reader, pairs):
    found = reader.examples({"hi": pairs})
    # The header is line 1, and the four English pairs are before.
    assert [found.tag(row) for row in range(len(found))] == [
        Tag("hi", "1", "बिल्ली सोती है।", 1, pairs, 6),
        Tag("hi", "2", "बिल्ली सोती है।", 2, pairs, 7),
        Tag("hi", "4", "लाल छत पर बारिश होती है।", 0, pairs, 9),
    ]
    assert tags(found.instances([2, 0])) == [("hi", "4"), ("hi", "1")]


def test_a_mapping_leaves_other_languages_out(reader, pairs):
    assert tags(reader.read({"hi": pairs})) == [("hi", "1"), ("hi", "2"), ("hi", "4")]
    assert len(list(reader.read({"hi": pairs, "en": pairs}))) == 6


@pytest.mark.parametrize("wrap", [Params, json.dumps], ids=["Params", "JSON"])
def test_a_mapping_may_come_as_params_or_as_json(reader, pairs, wrap):
    assert {language for language, _ in tags(reader.read(wrap({"hi": pairs})))} == {"hi"}


def test_a_mapping_reads_each_languages_file(reader, write):
    files = {
        "en": write("a.tsv", "A cat.\tA dog.\tneutral\n"),
        "hi": write("b.jsonl", '{"premise": "बिल्ली", "hypothesis": "कुत्ता", "label": "neutral"}\n'),
    }
    assert tags(reader.read(files)) == [("en", "row 0"), ("hi", "row 0")]


def test_the_language_comes_from_the_row_then_the_mapping_then_the_file_name(reader, write):
    row = '{"premise": "A.", "hypothesis": "B.", "language": "sw"}\n'
    named = write("dev-hi.jsonl", row)
    plain = write("dev-de.tsv", "A.\tB.\n")
    assert tags(reader.read(named)) == [("sw", "row 0")]
    assert tags(reader.read({"ur": plain})) == [("ur", "row 0")]
    assert tags(reader.read(plain)) == [("de", "row 0")]


def test_rows_without_ids_are_counted_per_language_skipped_ones_too(reader, write):
    lines = [("en", "neutral"), ("hi", "neutral"), ("en", "-"), ("hi", "-"), ("hi", "entailment"), ("en", "neutral")]
    content = "language\tsentence1\tsentence2\tgold_label\n"
    content += "".join(f"{language}\tA.\tB.\t{label}\n" for language, label in lines)
    read = tags(reader.read(write("xnli.dev.tsv", content)))
    assert read == [("en", "row 0"), ("hi", "row 0"), ("hi", "row 2"), ("en", "row 2")]


def test_a_row_without_id_has_never_the_id_of_another_files_row(reader, pairs, write):
    # Their ids are numbers too, and episodes take examples of one id for translations of each other.
    other = write("other.tsv", "".join(f"बिल्ली\tकुत्ता {i}\tneutral\n" for i in range(9)))
    instances = list(reader.read({"en": pairs, "hi": other}))
    english, hindi = ({id for language, id in tags(instances) if language == one} for one in ("en", "hi"))
    assert len(hindi) == 9
    assert not english & hindi


def test_ids_that_occur_twice_are_told_apart_and_counted(reader, write, caplog):
    # MNLI has a few, of quite different pairs.
    row = '{"sentence1": "A.", "sentence2": "B.", "gold_label": "neutral", "pairID": "850c"}\n'
    with caplog.at_level(logging.INFO):
        assert tags(reader.read({"en": write("x.jsonl", row * 3)})) == [
            ("en", "850c"),
            ("en", "850c#2"),
            ("en", "850c#3"),
        ]
    assert "numbered 2 repeated pair ids" in log_of(caplog)


@pytest.mark.parametrize(
    ("ids", "told_apart"), [(["7", "7#2", "7"], ["7", "7#2", "7#3"]), (["7", "7", "7#2"], ["7", "7#2", "7#2#2"])]
)
def test_an_id_that_looks_like_a_numbered_one_is_no_other_rows(reader, write, ids, told_apart):
    rows = [{"premise": "A.", "hypothesis": f"B {n}.", "label": 0, "pairID": id} for n, id in enumerate(ids)]
    path = write("x.jsonl", "".join(json.dumps(row) + "\n" for row in rows))
    assert tags(reader.read({"en": path})) == [("en", id) for id in told_apart]


def test_the_log_counts_what_was_read_skipped_and_left_out(reader, pairs, caplog):
    with caplog.at_level(logging.INFO):
        list(reader.read({"hi": pairs}))
    assert (
        f"{pairs}: read 3 pairs (hi 3); skipped 1 pairs (hi 1) without a gold label (- or -1); "
        "left out 4 of other languages"
    ) in log_of(caplog)


def test_no_more_than_max_instances_are_read_and_counted(bert_folder, pairs, caplog):
    reader = DatasetReader.by_name("xnli")(str(bert_folder), max_instances=2)
    with caplog.at_level(logging.INFO):
        assert tags(reader.read(pairs)) == [("en", "1"), ("en", "2")]
    assert "read 2 pairs (en 2)" in log_of(caplog)


def test_unlabelled_pairs_have_no_label(reader, write):
    (instance,) = reader.read(write("test-hi.tsv", "बिल्ली\tकुत्ता\n"))
    assert "label" not in instance.fields


def test_other_labels_have_the_order_in_which_they_are_given(bert_folder, write):
    reader = DatasetReader.by_name("xnli")(str(bert_folder), labels=["entailment", "neutral", "contradictory"])
    path = write("multinli.train.ur.tsv", "premise\thypo\tlabel\nA.\tB.\tcontradictory\nA.\tB.\tentailment\n")
    assert labels(reader.read(path)) == [2, 0]


def test_numbered_labels_are_indices(reader, write):
    rows = "".join(f'{{"premise": "A.", "hypothesis": "B.", "label": {label}}}\n' for label in (2, 0, 1))
    assert labels(reader.read({"en": write("x.jsonl", rows)})) == [2, 0, 1]


def test_more_pairs_than_are_tokenized_at_once_keep_their_order(reader, write):
    content = "".join(f"premise {i // 3}\thypothesis {i}\tneutral\n" for i in range(2500))
    instances = list(reader.read(write("dev-en.tsv", content)))
    assert [instance["metadata"]["hypothesis"] for instance in instances] == [f"hypothesis {i}" for i in range(2500)]
    probe = reader.text_to_instance("premise 713", "hypothesis 2141")
    assert instances[2141]["tokens"].input_ids.tolist() == probe["tokens"].input_ids.tolist()


def test_one_pair_and_many_pairs_become_the_same_instances(reader, pairs):
    read = list(reader.read({"en": pairs}))
    rows = [Row(one["premise"], one["hypothesis"], None, "en", one["id"]) for one in (i["metadata"] for i in read)]
    for instance, together in zip(read, reader.texts_to_instances(rows), strict=True):
        alone = reader.text_to_instance(together["metadata"]["premise"], together["metadata"]["hypothesis"], "neutral")
        assert instance["tokens"].input_ids.tolist() == together["tokens"].input_ids.tolist()
        assert alone["tokens"].input_ids.tolist() == together["tokens"].input_ids.tolist()
        assert instance["metadata"].metadata == together["metadata"].metadata
        assert "label" not in together.fields
        assert alone["label"].label == 1


def test_a_pair_that_nobody_tagged_has_no_language(reader):
    instance = reader.text_to_instance("A cat.", "A dog.")
    assert (language_of(instance), id_of(instance)) == ("und", "")
