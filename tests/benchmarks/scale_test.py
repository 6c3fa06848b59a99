import pytest

from benchmarks.scale_corpus import write_corpus
from tests.nli.conftest import xnli_row, xnli_tsv
from xlamaml_allennlp.nli.dataset_reader import XnliReader


@pytest.mark.parametrize("is_sampled", [False, True])
def test_the_corpus_is_parallel_and_three_pairs_share_a_premise(bert_folder, tmp_path, is_sampled):
    data = None
    if is_sampled:
        data = tmp_path / "xnli.dev.tsv"
        rows = (xnli_row(language, "neutral", "a b c", "d e", "1") for language in ("en", "ar"))
        data.write_text(xnli_tsv(*rows))
    write_corpus(tmp_path / "corpus", 24, 2, data)
    paths = {language: str(tmp_path / "corpus" / f"{language}.tsv") for language in ("en", "ar")}
    tags = XnliReader(str(bert_folder)).examples(paths).tags
    assert tags.counts() == {"en": 12, "ar": 12}
    assert tags.id[:12].tolist() == tags.id[12:].tolist() == list(range(12))
    assert tags.group.tolist() == [pair // 3 for pair in range(24)]
