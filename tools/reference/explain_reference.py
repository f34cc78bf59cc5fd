"""Reference values for explanations: shap's PartitionExplainer and GradientExplainer on a small network.

    python tools/reference/explain_reference.py

Writes packages/vision/test/fixtures/explain/reference.json. Needs torch, shap and opencv-python-headless. Weights and
pictures are drawn by name (see `drawn` in zoo.py), and the test draws the same numbers.
"""

import json
import platform
from pathlib import Path

import cv2
import numpy as np
import shap
import torch
import torch.nn.functional as F

OUT = Path(__file__).parents[2] / "packages/vision/test/fixtures/explain/reference.json"
SIZE = 12
CLASSES = 3
BACKGROUNDS = 5
KERNEL = 7
EVALUATIONS = [100, 700]
SAMPLES = 8_000


def drawn(name, count):
    """Uniform in (-1, 1): FNV-1a of the name seeds a counter, murmur3's finisher mixes it."""
    seed = 0x811C9DC5
    for byte in name.encode():
        seed = ((seed ^ byte) * 0x01000193) & 0xFFFFFFFF
    bits = np.uint32(seed) + np.arange(count, dtype=np.uint32) * np.uint32(0x9E3779B9)
    bits = (bits ^ (bits >> np.uint32(16))) * np.uint32(0x85EBCA6B)
    bits = (bits ^ (bits >> np.uint32(13))) * np.uint32(0xC2B2AE35)
    bits ^= bits >> np.uint32(16)
    return (bits + 0.5) / 2.0**31 - 1


def weights(name, *shape):
    values = drawn(name, int(np.prod(shape))) * 2 * np.sqrt(3 / np.prod(shape[1:]))
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def picture(name):
    return ((drawn(name, SIZE * SIZE * 3) + 1) * 127.5).round().astype(np.uint8).reshape(SIZE, SIZE, 3)


class Small(torch.nn.Module):
    """Two convolutions, a linear layer and a softmax; pixels 0..255, channels last."""

    def __init__(self):
        super().__init__()
        self.conv1 = weights("conv1", 8, 3, 3, 3)
        self.conv2 = weights("conv2", 8, 8, 3, 3)
        self.linear = weights("linear", CLASSES, 8 * 36)

    def forward(self, x):
        x = x.permute(0, 3, 1, 2) / 255
        x = F.relu(F.conv2d(x, self.conv1, stride=2, padding=1))
        x = F.relu(F.conv2d(x, self.conv2, padding=1))
        return F.softmax(F.linear(x.flatten(1), self.linear), dim=-1)


def rounded(values):
    return [float(f"{value:.6g}") for value in np.asarray(values, dtype=np.float64).ravel()]


def main():
    model = Small()
    photo = picture("photo")
    background = np.stack([picture(f"background {i}") for i in range(BACKGROUNDS)])

    def ask(batch):
        return model(torch.from_numpy(np.asarray(batch, dtype=np.float32))).detach().numpy()

    masker = shap.maskers.Image(f"blur({KERNEL},{KERNEL})", (SIZE, SIZE, 3))
    partition = []
    for evaluations in EVALUATIONS:
        found = shap.PartitionExplainer(ask, masker)(photo[None], max_evals=evaluations, silent=True)
        # [size, size, 3, classes] -> class by class
        values = np.moveaxis(found.values[0], -1, 0)
        partition.append(
            {"evaluations": evaluations, "base": rounded(found.base_values[0]), "values": [rounded(v) for v in values]}
        )

    explainer = shap.GradientExplainer(model, torch.from_numpy(background.astype(np.float32)))
    values, variances = explainer.shap_values(
        torch.from_numpy(photo[None].astype(np.float32)), nsamples=SAMPLES, rseed=0, return_variances=True
    )
    # shap divides the variance of samples by the root of their number; the variance of a mean is smaller by that again.
    errors = [np.sqrt(np.asarray(v)[0] / np.sqrt(SAMPLES)) for v in variances]
    reference = {
        "versions": {
            "python": platform.python_version(),
            "shap": shap.__version__,
            "torch": torch.__version__,
            "opencv": cv2.__version__,
            "numpy": np.__version__,
        },
        "size": SIZE,
        "classes": CLASSES,
        "backgrounds": BACKGROUNDS,
        "output": rounded(ask(photo[None])[0]),
        "blur": {
            "kernel": KERNEL,
            "picture": cv2.blur(photo, (KERNEL, KERNEL)).ravel().tolist(),
            "even_kernel": 6,
            "even_picture": cv2.blur(photo, (6, 6)).ravel().tolist(),
            "wide_kernel": 40,
            "wide_picture": cv2.blur(photo, (40, 40)).ravel().tolist(),
        },
        "partition": partition,
        "gradient": {
            "samples": SAMPLES,
            "values": [rounded(np.asarray(values)[0, ..., k]) for k in range(CLASSES)],
            "standard_errors": [rounded(e) for e in errors],
        },
    }
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps(reference) + "\n")
    print(reference["versions"], reference["output"], OUT.stat().st_size)


if __name__ == "__main__":
    main()
