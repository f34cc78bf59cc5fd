"""Losses, optimizers and schedules on small numbers as PyTorch has them, in double precision.

    python tools/reference/engine_numbers.py > packages/engine/test/fixtures/numbers.json
"""

import itertools
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

generator = np.random.default_rng(11)
STEPS = 5


def numbers(*shape, scale=1.0):
    """Random numbers that float32 holds exactly."""
    return (generator.standard_normal(shape) * scale).astype(np.float32).astype(np.float64)


def cross_entropy():
    logits = numbers(6, 4, scale=3)
    weights = [0.5, 1.0, 2.0, 0.25]
    targets = {"labelled": [0, 3, 1, 2, 2, 0], "some": [0, -1, 1, 3, -1, 2]}
    cases = []
    for labels, weighted, smoothing in itertools.product(targets.values(), (False, True), (0.0, 0.1)):
        x = torch.tensor(logits, requires_grad=True)
        weight = torch.tensor(weights, dtype=torch.float64) if weighted else None
        loss = F.cross_entropy(x, torch.tensor(labels), weight, ignore_index=-1, label_smoothing=smoothing)
        loss.backward()
        options = {"classWeights": weights} if weighted else {}
        options |= {"labelSmoothing": smoothing} if smoothing else {}
        cases.append({"targets": labels, "options": options, "loss": loss.item(), "gradient": x.grad.tolist()})
    return {"logits": logits.tolist(), "cases": cases}


def soft_cross_entropy(logits):
    targets = np.array([[0.75, 0, 0.25, 0], [0, 1, 0, 0], [0, 0, 0, 0], [0.125, 0.375, 0, 0.5], [0, 0, 0.5, 0.5], [0, 0, 0, 0]])
    labelled = torch.tensor(targets.sum(axis=1) > 0)
    weights = [0.5, 1.0, 2.0, 0.25]
    cases = []
    for weighted, smoothing in itertools.product((False, True), (0.0, 0.1)):
        x = torch.tensor(logits, requires_grad=True)
        weight = torch.tensor(weights, dtype=torch.float64) if weighted else None
        loss = F.cross_entropy(x[labelled], torch.tensor(targets)[labelled], weight, label_smoothing=smoothing)
        loss.backward()
        options = {"classWeights": weights} if weighted else {}
        options |= {"labelSmoothing": smoothing} if smoothing else {}
        cases.append({"options": options, "loss": loss.item(), "gradient": x.grad.tolist()})
    return {"targets": targets.tolist(), "cases": cases}


def binary_cross_entropy():
    logits = numbers(4, 3, scale=4)
    logits[0, 0], logits[1, 1] = 120.0, -120.0  # exp(120) is not a float32.
    targets = np.array([[0, 1, 0.25], [1, 1, -1], [-1, 0, 1], [0, -1, 0]])
    x = torch.tensor(logits, requires_grad=True)
    known = torch.tensor(targets >= 0)
    loss = F.binary_cross_entropy_with_logits(x[known], torch.tensor(targets)[known])
    loss.backward()
    return {"logits": logits.tolist(), "targets": targets.tolist(), "loss": loss.item(), "gradient": x.grad.tolist()}


def optimizers():
    start = {"weight": numbers(2, 3), "bias": numbers(3)}
    gradients = [{name: numbers(*value.shape) for name, value in start.items()} for _ in range(STEPS)]
    rate = 0.1
    make = {
        "sgd": lambda groups: torch.optim.SGD(groups, lr=rate),
        "momentum": lambda groups: torch.optim.SGD(groups, lr=rate, momentum=0.9),
        "nesterov": lambda groups: torch.optim.SGD(groups, lr=rate, momentum=0.9, nesterov=True),
        "adam": lambda groups: torch.optim.Adam(groups, lr=rate),
        "adamW": lambda groups: torch.optim.AdamW(groups, lr=rate),
        "adamMoments": lambda groups: torch.optim.Adam(groups, lr=rate, betas=(0.8, 0.95), eps=1e-3),
    }
    cases = []
    for (name, optimizer_of), decay, clip, multiplier in itertools.product(make.items(), (0.0, 0.1), (0.0, 1.5), (1.0, 0.5)):
        parameters = {key: torch.tensor(value, requires_grad=True) for key, value in start.items()}
        groups = [
            {"params": [parameters["weight"]], "weight_decay": decay, "lr": rate},
            {"params": [parameters["bias"]], "weight_decay": 0.0, "lr": rate * multiplier},
        ]
        optimizer = optimizer_of(groups)
        for gradient in gradients:
            for key, parameter in parameters.items():
                parameter.grad = torch.tensor(gradient[key])
            if clip:
                torch.nn.utils.clip_grad_norm_(list(parameters.values()), clip)
            optimizer.step()
        end = {key: parameter.tolist() for key, parameter in parameters.items()}
        cases.append({"optimizer": name, "weightDecay": decay, "clip": clip, "biasMultiplier": multiplier, "end": end})
    plain = lambda named: {name: value.tolist() for name, value in named.items()}
    return {"start": plain(start), "gradients": [plain(each) for each in gradients], "learningRate": rate, "cases": cases}


def schedules():
    steps = 20
    made = {
        "stepDecay": lambda optimizer: torch.optim.lr_scheduler.StepLR(optimizer, 6, 0.5),
        "cosine": lambda optimizer: torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps),
        "oneCycle": lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, steps),
        "oneCycleEarly": lambda optimizer: torch.optim.lr_scheduler.OneCycleLR(optimizer, 1.0, steps, pct_start=0.25),
    }
    result = {"steps": steps}
    for name, make in made.items():
        optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
        schedule = make(optimizer)
        rates = []
        for _ in range(steps):
            rates.append(optimizer.param_groups[0]["lr"])
            optimizer.step()
            schedule.step()
        result[name] = rates
    return result


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    result = {
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        "crossEntropy": cross_entropy(),
        "binaryCrossEntropy": binary_cross_entropy(),
        "optimizers": optimizers(),
        "schedules": schedules(),
    }
    result["softCrossEntropy"] = soft_cross_entropy(result["crossEntropy"]["logits"])
    json.dump(result, sys.stdout)
    print()
