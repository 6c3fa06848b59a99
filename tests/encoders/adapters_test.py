import pytest
import torch
from allennlp.common.checks import ConfigurationError
from allennlp.data import Batch, Vocabulary

from tests.encoders.families import FAMILIES
from xlamaml_allennlp.encoders.adapters import LanguageAdapters
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> str:
    return str(FAMILIES["xmod"].save(tmp_path_factory.mktemp("xmod")))


def test_a_language_has_the_adapter_of_its_tag_and_region():
    adapters = LanguageAdapters(["en_XX", "zh_CN", "zh_TW", "ur_PK"])
    assert [adapters.index(tag) for tag in ("en", "zh", "zh-TW", "zh_cn", "UR")] == [0, 1, 2, 1, 3]
    with pytest.raises(
        ConfigurationError, match='no adapter for the language "sw"; it has: en_XX, zh_CN, zh_TW, ur_PK'
    ):
        adapters.index("sw")
    with pytest.raises(ConfigurationError, match='no adapter for the language "en-GB"'):
        adapters.index("en-GB")


def test_each_pair_passes_through_the_adapter_of_its_language(folder):
    reader = XnliReader(folder)
    model = CrossLingualPairClassifier(Vocabulary.empty(), folder).eval()
    with torch.no_grad():
        for name, parameter in model.encoder.named_parameters():
            if "adapter_modules.hi_IN" in name:
                parameter.add_(0.5)
    pairs = [reader.text_to_instance("a b", "c", language=language) for language in ("en", "hi", "en")]
    batch = Batch(pairs)
    batch.index_instances(Vocabulary.empty())
    english, hindi, again = model(**batch.as_tensor_dict())["logits"]
    torch.testing.assert_close(english, again)
    assert not torch.allclose(english, hindi, atol=1e-4)


def test_a_batch_that_does_not_tell_its_languages_is_refused(folder):
    model = CrossLingualPairClassifier(Vocabulary.empty(), folder)
    with pytest.raises(ConfigurationError, match="does not tell its languages"):
        model({"input_ids": torch.tensor([[0, 5, 2]]), "attention_mask": torch.ones(1, 3)})
    with pytest.raises(ConfigurationError, match='no adapter for the language "und"'):
        model.forward_on_instance(XnliReader(folder).text_to_instance("a", "b"))


def test_one_language_for_all_can_be_given_in_the_configuration(tmp_path):
    folder = str(FAMILIES["xmod"].save(tmp_path, default_language="en_XX"))
    model = CrossLingualPairClassifier(Vocabulary.empty(), folder)
    assert model.forward_on_instance(XnliReader(folder).text_to_instance("a", "b"))["probs"].sum() == pytest.approx(1)
