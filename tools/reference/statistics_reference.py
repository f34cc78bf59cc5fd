"""Reference values for the statistics of busana: metrics, intervals and tests.

Writes packages/vision/test/fixtures/statistics/reference.json. Needs numpy, scipy, scikit-learn and statsmodels:
    python tools/reference/statistics_reference.py
"""

import json
import platform
from pathlib import Path

import numpy
import scipy
import sklearn
import statsmodels
from scipy.optimize import brentq, minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import bootstrap, chi2_contingency
from scipy.stats.contingency import association
from sklearn.metrics import (
    accuracy_score,
    brier_score_loss,
    confusion_matrix,
    hamming_loss,
    jaccard_score,
    precision_recall_fscore_support,
)
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import proportion_confint

OUT = Path(__file__).parents[2] / "packages/vision/test/fixtures/statistics/reference.json"

STUDY = [[80, 71, 103, 131, 91], [36, 54, 59, 103, 49]]
TABLES = [
    STUDY,
    [[12, 5], [3, 9]],  # one degree of freedom: Yates
    [[10, 10], [10, 11]],  # Yates larger than the distance
    [[500, 3], [2, 700]],  # p far below the precision of 1 - cdf
    [[30, 5, 1], [4, 40, 6], [2, 7, 50], [1, 1, 9]],
    [[1, 2, 3, 4, 5, 6], [6, 5, 4, 3, 2, 1]],
]


def chi_square(table):
    result = chi2_contingency(table)
    return {
        "counts": table,
        "statistic": result.statistic,
        "p_value": result.pvalue,
        "degrees_of_freedom": int(result.dof),
        "expected": result.expected_freq.tolist(),
        "cramers_v": float(association(table, method="cramer", correction=False)),
    }


def wilson(successes, trials):
    low, high = proportion_confint(successes, trials, alpha=0.05, method="wilson")
    return {"successes": successes, "trials": trials, "low": float(low), "high": float(high)}


def paired(only_first, only_second):
    result = mcnemar([[100, only_first], [only_second, 50]], exact=True)
    return {"only_first": only_first, "only_second": only_second, "p_value": float(result.pvalue)}


def calibration_error(confidence, correct, bins=10):
    order = numpy.argsort(confidence, kind="stable")
    edges = [bin * len(order) // bins for bin in range(bins + 1)]
    error = 0.0
    for low, high in zip(edges, edges[1:]):
        chosen = order[low:high]
        error += len(chosen) * abs(confidence[chosen].mean() - correct[chosen].mean())
    return float(error / len(order))


def classification(seed, photos=60, classes=(2, 5)):
    """Random labels, 10 % missing, and predictions that are right more often than not. Class 4 has no photo."""
    random = numpy.random.default_rng(seed)
    targets, probabilities = [], []
    for count in classes:
        truth = random.integers(0, min(count, 4), photos)
        logits = random.normal(size=(photos, count))
        logits[numpy.arange(photos), truth] += 1.5
        values = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
        targets.append(numpy.where(random.random(photos) < 0.1, -1, truth))
        # Six digits keep the file small; float32, as models give them, keep both sides equal.
        probabilities.append(numpy.round(values, 6).astype(numpy.float32))
    attributes = []
    for count, truth, values in zip(classes, targets, probabilities):
        labelled = truth >= 0
        guess = values.argmax(axis=1)
        a, b = truth[labelled], guess[labelled]
        precision, recall, f1, support = precision_recall_fscore_support(
            a, b, labels=range(count), average=None, zero_division=0
        )
        macro = precision_recall_fscore_support(a, b, average="macro", zero_division=0)
        top = values.max(axis=1).astype(numpy.float64)
        attributes.append(
            {
                "accuracy": accuracy_score(a, b),
                "macro_precision": float(macro[0]),
                "macro_recall": float(macro[1]),
                "macro_f1": float(macro[2]),
                "brier_score": multiclass_brier(a, values[labelled].astype(numpy.float64)),
                "expected_calibration_error": calibration_error(top[labelled], (truth == guess)[labelled].astype(float)),
                "precision": precision.tolist(),
                "recall": recall.tolist(),
                "f1": f1.tolist(),
                "support": support.tolist(),
                "confusion": confusion_matrix(a, b, labels=range(count)).tolist(),
            }
        )
    complete = numpy.all([truth >= 0 for truth in targets], axis=0)
    right = numpy.all([truth == values.argmax(axis=1) for truth, values in zip(targets, probabilities)], axis=0)
    confidence = numpy.prod([values.max(axis=1).astype(numpy.float64) for values in probabilities], axis=0)
    true = numpy.stack(targets, axis=1)[complete]
    guess = numpy.stack([values.argmax(axis=1) for values in probabilities], axis=1)[complete]
    names = [["+".join(map(str, row)) for row in rows] for rows in (true, guess)]
    combinations = sorted(set(names[0]) | set(names[1]), key=lambda name: [int(part) for part in name.split("+")])
    return {
        "targets": numpy.stack(targets, axis=1).tolist(),
        "probabilities": [[float(f"{value:.6f}") for value in values.flatten()] for values in probabilities],
        "attributes": attributes,
        "emr": {"successes": int(right[complete].sum()), "trials": int(complete.sum())},
        "expected_calibration_error": calibration_error(confidence[complete], right[complete].astype(float)),
        "brier_score": float(brier_score_loss(right[complete], confidence[complete])),
        "hamming_loss": float(hamming_loss(true.ravel(), guess.ravel())),
        "jaccard": float(jaccard_score(indicator(true, classes), indicator(guess, classes), average="samples")),
        "combination": {
            "labels": combinations,
            "confusion": confusion_matrix(names[0], names[1], labels=combinations).tolist(),
        },
    }


def multiclass_brier(truth, probabilities):
    """Over all classes, 0..2; scikit-learn wants rows that sum to 1 closely, and ours have six digits."""
    exact = probabilities / probabilities.sum(axis=1, keepdims=True)
    hot = numpy.eye(probabilities.shape[1])
    score = brier_score_loss(truth, exact, labels=range(probabilities.shape[1]), scale_by_half=False)
    assert abs(score - ((exact - hot[truth]) ** 2).sum(axis=1).mean()) < 1e-12
    return float(((probabilities - hot[truth]) ** 2).sum(axis=1).mean())


def indicator(labels, classes):
    return numpy.concatenate([numpy.eye(count, dtype=int)[labels[:, index]] for index, count in enumerate(classes)], axis=1)


def resampled(seed, photos=37, resamples=99):
    """Percentile intervals of scipy, and the draws it made of them."""
    random = numpy.random.default_rng(seed)
    confidence = numpy.round(random.uniform(0.3, 1, photos), 6)
    first = random.random(photos) < confidence
    second = random.random(photos) < 0.7
    draws = numpy.random.default_rng(seed).integers(0, photos, (resamples, photos))

    def interval(data, statistic):
        result = bootstrap(
            data,
            statistic,
            n_resamples=resamples,
            paired=True,
            vectorized=False,
            method="percentile",
            rng=numpy.random.default_rng(seed),
        )
        again = [statistic(*(values[draw] for values in data)) for draw in draws]
        assert numpy.allclose(numpy.sort(again), numpy.sort(result.bootstrap_distribution), atol=1e-15)
        return [float(result.confidence_interval.low), float(result.confidence_interval.high)]

    right = [values.astype(float) for values in (first, second)]
    return {
        "confidence": confidence.tolist(),
        "first": first.tolist(),
        "second": second.tolist(),
        "draws": draws.tolist(),
        "emr": interval((right[0],), numpy.mean),
        "difference": interval(right, lambda a, b: (a - b).mean()),
        "expected_calibration_error": interval((confidence, right[0]), calibration_error),
    }


def temperature(seed, classes, sharpness, photos=40):
    """Where the slope of the log loss in 1 / T is 0."""
    random = numpy.random.default_rng(seed)
    logits = numpy.round(random.normal(size=(photos, classes)) * sharpness, 4).astype(numpy.float32)
    scores = logits.astype(numpy.float64)
    truth = numpy.array([random.choice(classes, p=row) for row in softmax(scores / 2, axis=1)])
    slope = lambda inverse: ((softmax(inverse * scores, axis=1) * scores).sum(axis=1) - scores[range(photos), truth]).sum()
    fitted = 1 / brentq(slope, 0.05, 20, xtol=1e-15, rtol=1e-15)
    loss = lambda t: -log_softmax(scores / t, axis=1)[range(photos), truth].sum()
    assert abs(minimize_scalar(loss, bounds=(0.05, 20), method="bounded", options={"xatol": 1e-9}).x - fitted) < 1e-5
    return {"logits": logits.flatten().astype(str).astype(float).tolist(), "targets": truth.tolist(), "temperature": fitted}


HOLM = [[0.01, 0.04, 0.03], [0.5, 0.6], [0.0001, 0.2, 0.2, 0.9], [0.02]]

reference = {
    "versions": {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "statsmodels": statsmodels.__version__,
    },
    "chi_square": [chi_square(table) for table in TABLES],
    "wilson": [wilson(*case) for case in [(0, 1), (0, 20), (1, 1), (7, 10), (10, 10), (491, 777), (168, 334), (776, 777)]],
    "mcnemar": [paired(*case) for case in [(0, 0), (1, 0), (0, 6), (5, 5), (10, 3), (3, 10), (40, 61), (150, 60), (300, 12)]],
    "holm": [{"p": values, "adjusted": multipletests(values, method="holm")[1].tolist()} for values in HOLM],
    "classification": [classification(seed) for seed in (1, 2)],
    "bootstrap": [resampled(3)],
    "temperature": [temperature(4, 2, 3), temperature(5, 5, 2)],
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
