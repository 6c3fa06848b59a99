"""Archives that no training made: a model with weights that matter, and the reader beside it."""

import pytest
import torch
from allennlp.common import Params
from allennlp.data import Vocabulary
from allennlp.models import Archive

from tests.encoders.families import FAMILIES
from xlamaml_allennlp.nli.dataset_reader import XnliReader
from xlamaml_allennlp.nli.model import CrossLingualPairClassifier
from xlamaml_allennlp.qa.dataset_reader import MlqaReader
from xlamaml_allennlp.qa.model import CrossLingualSpanQa


@pytest.fixture
def family_folder(family, tmp_path) -> str:
    return str(FAMILIES[family].save(tmp_path / family))


def spread(model):
    """Weights large enough that a wrong one shows in the probabilities; as they start, all are nearly alike."""
    generator = torch.Generator().manual_seed(3)
    for name, parameter in model.named_parameters():
        if not name.startswith("encoder."):
            parameter.data = torch.randn(parameter.shape, generator=generator)
    return model.eval()


@pytest.fixture
def pair_archive():
    def build(folder, **keys):
        model = spread(CrossLingualPairClassifier(Vocabulary.empty(), folder, **keys))
        reader = XnliReader(folder)
        config = Params({"model": {"model_name": folder, **keys}, "train_data_path": {"hi": "XNLI-1.0/xnli.dev.tsv"}})
        return Archive(model, config, reader, reader, None)

    return build


@pytest.fixture
def question_archive():
    def build(folder):
        model = spread(CrossLingualSpanQa(Vocabulary.empty(), folder))
        reader = MlqaReader(folder, max_length=160, stride=8, max_question_length=80)
        return Archive(model, Params({"model": {"model_name": folder}}), reader, reader, None)

    return build
