"""Recurrent networks on a GPU."""

import pytest
from allennlp.common.checks import ConfigurationError

from tests.adaptation.recurrent_test import TWICE, Recurrent
from xlamaml_allennlp.adaptation import InnerLoop


@pytest.mark.parametrize(("name", "refused"), TWICE.items())
def test_they_are_refused_by_those_that_differentiate_twice(cuda, name, refused):
    module, estimator = Recurrent().to(cuda), InnerLoop.by_name(name)()
    if not refused:
        estimator.check(module)
        return
    with pytest.raises(ConfigurationError, match="runs on cuDNN"):
        estimator.check(module)
