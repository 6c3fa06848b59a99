"""What data sets may be used for."""

from xlamaml_allennlp.exchange.licences import licence_of


def test_a_data_set_is_known_by_the_end_of_its_path():
    assert licence_of("XNLI-1.0/multinli_1.0_train.jsonl").startswith("MultiNLI")
    assert licence_of("https://x.org/XNLI-1.0.zip!XNLI-1.0/xnli.test.tsv").startswith("XNLI")
    assert licence_of("xquad.hi.json").startswith("XQuAD")
    assert licence_of("texts.tsv") == "unknown"
