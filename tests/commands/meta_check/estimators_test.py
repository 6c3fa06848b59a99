from xlamaml_allennlp.commands.meta_check.estimators import estimators, settings


def test_the_configured_estimator_comes_first_and_only_once():
    found = estimators({"inner_loop": {"type": "exact", "lr": 1e-3}})
    assert [(each.name, each.configured) for each in found] == [
        ("exact", True),
        ("higher", False),
        ("hessian_free", False),
        ("hessian_free, central", False),
        ("first_order", False),
    ]


def test_the_others_take_over_the_settings_that_they_know():
    own = {"type": "exact", "lr": 0.5, "num_steps": 3, "parameters": ["out"], "micro_batch_size": 2}
    by_name = {each.name: each.keys for each in estimators({"inner_loop": own})}
    assert by_name["higher"] == {"type": "higher", "lr": 0.5, "num_steps": 3, "parameters": ["out"]}
    assert by_name["hessian_free, central"] == {**own, "type": "hessian_free", "scheme": "central"}
    assert settings(own) == {key: own[key] for key in ("lr", "num_steps", "parameters", "micro_batch_size")}


def test_a_default_that_is_written_out_is_the_same_estimator():
    own = {"type": "hessian_free", "num_steps": 1, "scheme": "forward", "micro_batch_size": None}
    found = estimators({"inner_loop": own}, names=["hessian_free"])
    assert [(each.name, each.configured) for each in found] == [("hessian_free", True)]


def test_settings_that_no_other_has_make_a_row_of_their_own():
    found = estimators({"inner_loop": {"type": "hessian_free", "relative_step": 1e-3}}, names=["hessian_free"])
    assert [(each.configured, each.keys.get("relative_step")) for each in found] == [(True, 1e-3), (False, None)]


def test_a_precision_is_compared_with_float32():
    found = estimators({"inner_loop": {"type": "exact"}, "precision": "bf16"}, names=["exact"])
    assert [(each.precision, each.configured) for each in found] == [("bf16", True), ("float32", False)]
    params = {"trainer": {"type": "meta", "lr": 1, "inner_loop": {}}, "model": {}}
    variant = found[1].variant(params)
    assert variant["trainer"] == {"type": "meta", "lr": 1, "inner_loop": {"type": "exact"}, "precision": "float32"}
    assert params["trainer"]["inner_loop"] == {}
