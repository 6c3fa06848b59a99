"""The subcommand from end to end on a GPU."""


def test_a_config_for_a_gpu_is_checked_there(cuda, check):
    changes = f"{{ trainer+: {{ cuda_device: {cuda.index} }} }}"
    found = check({"type": "exact", "lr": 1e-2}, "--estimators", "higher", "first_order", changes=changes)
    assert found["problem"] is None
    assert found["traps"] == []
    exact, higher, _ = found["rows"]
    for row in (exact, higher):
        assert row["errors"]["gradient"] < 1e-4
        assert row["errors"]["second_order_slope"] < 1e-2
    assert all(row["cost"]["seconds"] > 0 and row["cost"]["megabytes"] > 0 for row in found["rows"])
