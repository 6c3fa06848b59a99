"""Which examples depend on each other."""

from collections.abc import Sequence

import numpy as np


def clusters_of(ids: Sequence[str], groups: Sequence[str], targets: Sequence[str]) -> np.ndarray:
    """
    The cluster of each example, from 0 on: examples of one target and one group (a premise, a paragraph) depend on each
    other, translations (one id) do, and so does whatever is linked by these in turn.

    # Parameters

    ids, groups, targets : `Sequence[str]`
        Of each example.

    # Returns

    `np.ndarray`
        Shape: (num_examples,)
    """
    parents: dict[object, object] = {}

    def root(node: object) -> object:
        while (parent := parents.setdefault(node, node)) != node:
            # Each second step is made shorter, so that long chains do not stay long.
            parents[node] = parents[parent]
            node = parent
        return node

    for id, group, target in zip(ids, groups, targets, strict=True):
        parents[root(("id", id))] = root((target, group))
    numbers: dict[object, int] = {}
    return np.array([numbers.setdefault(root(("id", id)), len(numbers)) for id in ids], dtype=int)
