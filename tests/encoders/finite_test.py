import math

import pytest
import torch
from allennlp.common.checks import ConfigurationError

from xlamaml_allennlp.encoders.finite import check_scores


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_a_score_that_is_no_number_is_refused(value):
    with pytest.raises(ConfigurationError, match="weights hold NaN or infinity"):
        check_scores(torch.tensor([[0.0, 1.0], [value, 0.0]]))


def test_what_is_not_possible_may_have_minus_infinity():
    check_scores(torch.tensor([[-math.inf, 1.0], [0.5, -3e38]]))
