"""The contract of metrics: declared in one place, checked where a metric is made."""

import keras
import numpy as np
import pytest

from keras_gans.metrics import FID
from keras_gans.metrics import MSSSIM
from keras_gans.metrics import PSNR
from keras_gans.metrics import FeatureMetric
from keras_gans.metrics import GANMetric
from keras_gans.metrics import IntraFID
from keras_gans.metrics import ModeCoverage
from keras_gans.metrics import PrecisionRecall
from keras_gans.metrics import SlicedWasserstein
from keras_gans.metrics.gan_metric import contract_of


def declare(base=GANMetric, **attributes):
    return type("Metric", (base,), attributes)


@pytest.mark.parametrize(
    ("metric", "expected"),
    [
        # uses_real, needs_labels, separate_sides, min_samples, knows_real
        (FID(None), (True, False, False, 2, False)),
        (FID(None, real=[[0.0], [1.0]]), (True, False, False, 2, True)),
        (IntraFID(None, 3), (True, True, False, 2, False)),
        (PrecisionRecall(None, neighbors=3), (True, False, False, 4, False)),
        (MSSSIM(), (True, False, True, 2, False)),
        (MSSSIM(per_class=True), (True, True, True, 2, False)),
        (PSNR(), (True, False, False, 1, False)),
        (SlicedWasserstein(), (True, False, False, 1, False)),
        (ModeCoverage([[0.0]], sigma=1.0), (False, False, False, 1, False)),
        (keras.metrics.Mean(), (True, False, False, 1, False)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_contracts(metric, expected):
    contract = contract_of(metric)
    values = (contract.uses_real, contract.needs_labels, contract.separate_sides, contract.min_samples, contract.knows_real)
    assert values == expected


@pytest.mark.parametrize(
    ("attributes", "message"),
    [
        ({"use_real": False}, "`use_real`, which means nothing. Expected: `uses_real`"),
        ({"need_labels": True}, "Expected: `needs_labels`"),
        ({"seperate_sides": True}, "Expected: `separate_sides`"),
        ({"min_sample": 4}, "Expected: `min_samples`"),
        ({"setting": ("k",)}, "Expected: `settings`"),
        ({"uses_real": 0}, "`uses_real` of Metric must be of type bool. Received: uses_real=0"),
        ({"needs_labels": "yes"}, "must be of type bool"),
        ({"min_samples": 2.0}, "must be of type int"),
        ({"min_samples": True}, "must be of type int"),
        ({"settings": ("splits")}, "must be of type tuple"),
    ],
)
def test_a_wrong_declaration_is_an_error_where_the_class_is_made(attributes, message):
    with pytest.raises(ValueError, match=message):
        declare(**attributes)


def test_declarations_of_metrics_of_features():
    with pytest.raises(ValueError, match="`figures` of Metric must be of type tuple or None"):
        declare(FeatureMetric, figures="precision")
    with pytest.raises(ValueError, match="Expected: `num_real_features`"):
        declare(FeatureMetric, num_real_feature=3)
    assert declare(FeatureMetric, num_real_features=None, neighbors=3).num_real_features is None


def test_a_declaration_may_depend_on_the_object():
    assert declare(needs_labels=property(lambda self: True))(name="m").needs_labels


def test_only_a_gan_metric_can_declare():
    with pytest.raises(ValueError, match=r"declares \['uses_real'\], which only a keras_gans.metrics.GANMetric can"):
        contract_of(declare(keras.metrics.Mean, uses_real=False)())


def test_the_protocol_and_the_names():
    metric = type("Metric", (GANMetric,), {"settings": ("k",), "default_name": "balls", "k": 3})
    assert metric(name="balls").protocol == {"metric": "Metric", "k": 3}
    assert metric(name="balls").named({"a": 1}) == {"a": 1}
    assert metric(name="mine").named({"a": 1}) == {"mine_a": 1}


@pytest.mark.parametrize("metric", [FID(None), PSNR(), SlicedWasserstein(resolution_min=8), ModeCoverage([[0.0]], sigma=1.0)])
def test_a_side_that_is_missing_is_named(metric):
    name = type(metric).__name__
    with pytest.raises(ValueError, match=f"{name}.update_state takes a batch of .*`generated`. Received: generated=None"):
        metric.update_state(np.zeros((2, 8)), None)
    if metric.uses_real:
        with pytest.raises(ValueError, match=f"{name}.update_state takes a batch of `real` and .*. Received: real=None"):
            metric.update_state(None, np.zeros((2, 8)))


def test_a_real_side_that_is_known_may_be_missing():
    metric = FID(None, real=np.eye(3))
    metric.update_state(None, np.eye(3))
    assert abs(float(metric.result())) < 1e-6


@pytest.mark.parametrize(
    ("attribute", "value", "message"),
    [
        ("use_real", False, "`use_real`, which means nothing. Expected: `uses_real`"),
        ("need_labels", True, "Expected: `needs_labels`"),
        ("uses_real", "no", "`uses_real` of Metric must be of type bool"),
    ],
)
def test_declarations_of_an_object_are_checked_too(attribute, value, message):
    metric = declare()(name="m")
    setattr(metric, attribute, value)
    with pytest.raises(ValueError, match=message):
        contract_of(metric)


@pytest.mark.parametrize(
    ("arguments", "declared"),
    [
        ("real, generated", {"needs_labels": True}),
        ("real, generated, labels=None", {}),
        ("real, generated, weights=None", {}),
    ],
)
def test_conditions_are_passed_by_name(arguments, declared):
    scope = {}
    exec(f"def update_state(self, {arguments}): pass", scope)
    with pytest.raises(ValueError, match=r"update_state must have the arguments \(real, generated, condition=None\)"):
        declare(update_state=scope["update_state"], **declared)
