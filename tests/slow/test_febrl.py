"""Duplicates are found as well as we say, on public labelled data."""

import pytest

from tests.crm.febrl.measure import measure_all

pytestmark = pytest.mark.slow
PRECISION, RECALL = 0.98, 0.90


def test_precision_and_recall_on_the_febrl_sets() -> None:
    found = {one.name: (one.precision, one.recall) for one in measure_all()}
    print(found)
    assert set(found) == {"1", "2", "3", "4"}
    assert {name for name, (precision, _recall) in found.items() if precision < PRECISION} == set()
    assert {name for name, (_precision, recall) in found.items() if recall < RECALL} == set()
