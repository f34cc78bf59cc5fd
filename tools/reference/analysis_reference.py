"""Reference values for the analysis of data sets: confident learning, mutual information, sharpness.

Writes packages/vision/test/fixtures/analysis/reference.json. Needs numpy, scipy, scikit-learn and cleanlab:
    python tools/reference/analysis_reference.py
"""

import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy
import scipy
import sklearn
from cleanlab.count import compute_confident_joint, get_confident_thresholds
from cleanlab.filter import find_label_issues
from cleanlab.rank import get_label_quality_scores
from scipy.ndimage import laplace
from scipy.stats import entropy
from sklearn.metrics import mutual_info_score

OUT = Path(__file__).parents[2] / "packages/vision/test/fixtures/analysis/reference.json"


def learning(seed, photos, classes, noise, sharpness):
    """Labels of which some are wrong, and out-of-sample probabilities of a model that is mostly right."""
    random = numpy.random.default_rng(seed)
    truth = random.integers(0, classes, photos)
    labels = numpy.where(random.random(photos) < noise, random.integers(0, classes, photos), truth)
    logits = random.normal(size=(photos, classes))
    logits[numpy.arange(photos), truth] += sharpness
    values = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
    values = numpy.round(values, 6)
    # Where several classes are confident, the paper takes the likeliest of them and cleanlab the likeliest of all; the
    # few photos on which the two differ are left out.
    thresholds = numpy.array([values[labels == k, k].mean() for k in range(classes)])
    confident = values >= thresholds - 1e-6
    differs = (confident.sum(axis=1) > 1) & ~confident[numpy.arange(photos), values.argmax(axis=1)]
    labels, values = labels[~differs], values[~differs]
    joint = compute_confident_joint(labels, values, calibrate=False)
    counts = numpy.bincount(labels, minlength=classes)
    return {
        "labels": labels.tolist(),
        "probabilities": values.flatten().tolist(),
        "classes": classes,
        "thresholds": get_confident_thresholds(labels, values).tolist(),
        # With one on the diagonal at least.
        "confident_joint": joint.tolist(),
        "calibrated": (joint / joint.sum(axis=1, keepdims=True) * counts[:, None]).tolist(),
        "suspected": find_label_issues(
            labels, values, filter_by="confident_learning", return_indices_ranked_by="normalized_margin"
        ).tolist(),
        "normalised_margin": get_label_quality_scores(
            labels, values, method="normalized_margin", adjust_pred_probs=False
        ).tolist(),
        "self_confidence": get_label_quality_scores(
            labels, values, method="self_confidence", adjust_pred_probs=False
        ).tolist(),
    }


def information(table):
    counts = numpy.array(table)
    nats = mutual_info_score(None, None, contingency=counts)
    smaller = min(entropy(counts.sum(axis=0), base=2), entropy(counts.sum(axis=1), base=2))
    return {"counts": table, "bits": float(nats / numpy.log(2)), "smaller_entropy": float(smaller)}


def measures(seed, width, height):
    """Luma and its Laplacian, without the border, of a noisy picture."""
    random = numpy.random.default_rng(seed)
    picture = random.integers(0, 256, (height, width, 3), dtype=numpy.uint8)
    luma = picture.astype(float) @ [0.299, 0.587, 0.114]
    return {
        "width": width,
        "height": height,
        "picture": picture.flatten().tolist(),
        "brightness": float(luma.mean()),
        "contrast": float(luma.std()),
        "sharpness": float(laplace(luma)[1:-1, 1:-1].var()),
    }


reference = {
    "versions": {
        "python": platform.python_version(),
        "numpy": numpy.__version__,
        "scipy": scipy.__version__,
        "scikit-learn": sklearn.__version__,
        "cleanlab": version("cleanlab"),
    },
    "confident_learning": [learning(1, 120, 2, 0.1, 2.0), learning(2, 200, 5, 0.15, 3.0), learning(3, 60, 3, 0.3, 1.0)],
    "mutual_information": [
        information(table)
        for table in (
            [[80, 71, 103, 131, 91], [36, 54, 59, 103, 49]],
            [[12, 5], [3, 9]],
            [[10, 0], [0, 7]],
            [[4, 4], [4, 4]],
            [[30, 5, 1], [4, 40, 6], [2, 7, 50], [1, 1, 9]],
        )
    ],
    "measures": [measures(1, 13, 9), measures(2, 6, 11)],
}
OUT.parent.mkdir(parents=True, exist_ok=True)
OUT.write_text(json.dumps(reference, separators=(",", ":")) + "\n")
