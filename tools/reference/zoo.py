"""Logits, gradients and shapes of the architectures as torchvision, timm and ultralytics have them, in float64.

    python tools/reference/zoo.py packages/vision/test/fixtures/models [name ...]

No weights are downloaded. Every tensor is drawn by its name (see `drawn`), and the tests draw the same numbers, so that
a fixture holds results alone. Gradients are held as two numbers per parameter: the norm, and the product with a drawn
direction whose elements have variance 1, so that it is about as large as the norm.
"""

import json
import os
import sys
from pathlib import Path

os.environ.setdefault("YOLO_OFFLINE", "true")

import numpy as np
import timm
import torch
import torch.nn.functional as F
import torchvision
import ultralytics
from timm.layers import resample_abs_pos_embed
from torch import nn
from ultralytics.nn.tasks import ClassificationModel

CLASSES = 10
BATCH = 8


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


def drawn_parameter(name, shape, gain):
    """Activations keep their size: weights have the variance gain^2 / fan-in, norms stay near 1."""
    values = drawn(name, int(np.prod(shape)))
    if name.endswith("running_var"):
        values = 1 + 0.5 * values
    elif name.endswith(("_token", "pos_embed")):
        values = 0.5 * values
    elif len(shape) > 1:
        values = values * (gain * np.sqrt(3 / np.prod(shape[1:])))
    elif name.endswith("weight"):
        values = 1 + 0.2 * values
    else:
        values = 0.1 * values
    return torch.from_numpy(values.astype(np.float32).reshape(shape))


def drawn_apart(name, shape):
    """Norms of networks of ReLU and ReLU6 whose gradients are compared: each channel lies on one side of the corners.
    Near a corner float32 and double precision would take different sides. Sums of two or three keep apart too."""
    values = drawn(name, shape[0])
    if name.endswith("weight"):
        values = 0.5 + 0.1 * values
    else:
        values = np.where(values < -0.3, -4.5, np.where(values > 0.9, 7, 1))
    return torch.from_numpy(values.astype(np.float32))


def drawn_images(count, size):
    noise = drawn("image", count * 3 * size * size).reshape(count, 3, size, size)
    shift = drawn("shift", count * 3).reshape(count, 3, 1, 1)
    return torch.from_numpy((1.5 * noise + shift).astype(np.float32)).double()


class SqueezeExcitation(nn.Module):
    """Hu et al. 2018, equations 2 to 4, reduction 16; the linear layers have biases."""

    def __init__(self, channels):
        super().__init__()
        self.fc1, self.fc2 = nn.Linear(channels, channels // 16), nn.Linear(channels // 16, channels)

    def forward(self, x):
        z = x.mean((2, 3))
        return x * torch.sigmoid(self.fc2(F.relu(self.fc1(z))))[:, :, None, None]


class EfficientChannel(nn.Module):
    """Wang et al. 2020, equations 9 and 12: a 1D convolution over channels, no bias; gamma 2, b 1, next odd size."""

    def __init__(self, channels):
        super().__init__()
        size = int(abs((np.log2(channels) + 1) / 2))
        size += 1 - size % 2
        self.conv = nn.Conv2d(1, 1, (size, 1), padding=(size // 2, 0), bias=False)

    def forward(self, x):
        z = x.mean((2, 3))
        weight = self.conv.weight[:, :, :, 0]
        return x * torch.sigmoid(F.conv1d(z[:, None], weight, padding=weight.shape[-1] // 2))[:, 0, :, None, None]


class ConvolutionalBlock(nn.Module):
    """CBAM, Woo et al. 2018, equations 2 and 3: channels, then positions, each from the mean and the maximum."""

    def __init__(self, channels):
        super().__init__()
        narrow = channels // 16
        self.channel = nn.ModuleDict({"fc1": nn.Linear(channels, narrow), "fc2": nn.Linear(narrow, channels)})
        self.spatial = nn.ModuleDict({"conv": nn.Conv2d(2, 1, 7, padding=3, bias=False)})

    def forward(self, x):
        pooled = (x.mean((2, 3)), x.amax((2, 3)))
        logits = sum(self.channel["fc2"](F.relu(self.channel["fc1"](z))) for z in pooled)
        x = x * torch.sigmoid(logits)[:, :, None, None]
        maps = torch.stack([x.mean(1), x.amax(1)], 1)
        return x * torch.sigmoid(self.spatial["conv"](maps))


def attentive(kind):
    """torchvision's ResNet-18 with attention on each block's branch, before the addition."""

    def make(size, classes):
        network = torchvision.models.resnet18(num_classes=classes)
        for block in (module for module in network.modules() if hasattr(module, "conv2")):
            block.attention = kind(block.conv2.out_channels)
            block.bn2.register_forward_hook(lambda _module, _inputs, y, block=block: block.attention(y))
        return network

    return make


def from_torchvision(name, **options):
    return lambda size, classes: getattr(torchvision.models, name)(num_classes=classes, **options)


def deit(name):
    return lambda size, classes: timm.create_model(name, num_classes=classes, img_size=size)


def efficientnet_lite(index):
    def make(size, classes):
        network = timm.create_model(f"tf_efficientnet_lite{index}", num_classes=classes)
        for module in network.modules():
            if isinstance(module, nn.BatchNorm2d):
                module.momentum = 0.01  # TensorFlow's decay of 0.99; timm trains with PyTorch's default.
        return network

    return make


def yolo(letter):
    return lambda size, classes: ClassificationModel(f"yolo11{letter}-cls.yaml", nc=classes, verbose=False)


ROOT2 = 2**0.5
# Name of the fixture: our name, the maker, image side, gain of the drawn weights.
EVALUATED = {
    "resnet18": ("resnet18", from_torchvision("resnet18"), 96, 1),
    "resnet50": ("resnet50", from_torchvision("resnet50"), 96, 1),
    "resnet101": ("resnet101", from_torchvision("resnet101"), 224, 1),
    "deit_tiny": ("deit_tiny_patch16_224", deit("deit_tiny_patch16_224"), 224, 1),
    "deit_tiny_distilled": ("deit_tiny_distilled_patch16_224", deit("deit_tiny_distilled_patch16_224"), 96, 1),
    "deit_base": ("deit_base_patch16_224", deit("deit_base_patch16_224"), 224, 1),
    "deit_base_distilled": ("deit_base_distilled_patch16_224", deit("deit_base_distilled_patch16_224"), 224, 1),
    "efficientnet_lite0": ("efficientnet_lite0", efficientnet_lite(0), 95, ROOT2),
    "efficientnet_lite4": ("efficientnet_lite4", efficientnet_lite(4), 300, 1),
    "mobilenet_v2": ("mobilenet_v2", from_torchvision("mobilenet_v2", dropout=0), 96, ROOT2),
    "yolo11n-cls": ("yolo11n-cls", yolo("n"), 96, ROOT2),
    "yolo11x-cls": ("yolo11x-cls", yolo("x"), 224, ROOT2),
}
# The last says whether channels are drawn apart from the corners of ReLU.
TRAINED = {
    "resnet18": ("resnet18", from_torchvision("resnet18"), 64, 1, True),
    "resnet18-se": ("resnet18", attentive(SqueezeExcitation), 64, 1, True),
    "resnet18-eca": ("resnet18", attentive(EfficientChannel), 64, 1, True),
    "resnet18-cbam": ("resnet18", attentive(ConvolutionalBlock), 64, 1, True),
    "deit_tiny": ("deit_tiny_patch16_224", deit("deit_tiny_patch16_224"), 64, 1, False),
    "efficientnet_lite0": ("efficientnet_lite0", efficientnet_lite(0), 64, ROOT2, True),
    "mobilenet_v2": ("mobilenet_v2", from_torchvision("mobilenet_v2", dropout=0), 64, ROOT2, True),
    "yolo11n-cls": ("yolo11n-cls", yolo("n"), 64, ROOT2, False),
}


def filled(network, gain, apart=False):
    state = network.state_dict()
    shapes = {name: list(value.shape) for name, value in state.items() if not name.endswith("num_batches_tracked")}
    values = {name: drawn_parameter(name, shape, gain) for name, shape in shapes.items()}
    norms = {name.removesuffix(".running_var") for name in shapes if name.endswith(".running_var")} if apart else ()
    values |= {name: drawn_apart(name, shapes[name]) for norm in norms for name in (f"{norm}.weight", f"{norm}.bias")}
    network.load_state_dict(values, strict=False)
    return network.double(), shapes


def digits(values):
    return [float(f"{value:.9g}") for value in values]


def evaluation(model, make, size, gain):
    network, shapes = filled(make(size, 1000), gain)
    with torch.no_grad():
        output = network.eval()(drawn_images(2, size))
    # ultralytics gives probabilities first, then logits.
    logits = output[1] if isinstance(output, tuple) else output
    spread = (logits[0] - logits[1]).abs().max() / logits.abs().max()
    print(f"  logits up to {logits.abs().max():.3g}, pictures differ by {spread:.2g}", file=sys.stderr)
    rows = [digits(row) for row in logits]
    return {"model": model, "imageSize": size, "gain": gain, "shapes": shapes, "logits": rows}


def two_numbers(name, values):
    flat = values.detach().reshape(-1).numpy()
    direction = np.sqrt(3) * drawn(f"direction {name}", flat.size)
    return digits([np.linalg.norm(flat), flat @ direction])


def training(model, make, size, gain, apart):
    network, _ = filled(make(size, CLASSES), gain, apart)
    logits = network.train()(drawn_images(BATCH, size))
    loss = F.cross_entropy(logits, torch.arange(BATCH) % CLASSES)
    loss.backward()
    statistics = [(name, value) for name, value in network.state_dict().items() if "running" in name]
    return {
        "model": model,
        "imageSize": size,
        "gain": gain,
        "apart": apart,
        "classes": CLASSES,
        "batch": BATCH,
        "loss": float(f"{loss.item():.9g}"),
        "gradients": {name: two_numbers(name, value.grad) for name, value in network.named_parameters()},
        "statistics": {name: two_numbers(name, value) for name, value in statistics},
    }


def positions():
    """A learnt 14 x 14 grid of width 3 after one and after two tokens, smaller and larger."""
    results = []
    for special, side in ((1, 7), (1, 20), (2, 10), (2, 24)):
        values = drawn("positions", (special + 196) * 3).astype(np.float32).reshape(1, special + 196, 3)
        resampled = resample_abs_pos_embed(torch.from_numpy(values).double(), [side, side], num_prefix_tokens=special)
        results.append({"special": special, "side": side, "values": digits(resampled.reshape(-1))})
    return {"width": 3, "old": 14, "results": results}


def main(folder, wanted):
    versions = {module.__name__: module.__version__ for module in (torch, torchvision, timm, ultralytics)}
    tasks = {f"{name}.logits": (evaluation, arguments) for name, arguments in EVALUATED.items()}
    tasks |= {f"{name}.training": (training, arguments) for name, arguments in TRAINED.items()}
    tasks["positions"] = (positions, ())
    for name, (task, arguments) in tasks.items():
        if wanted and name not in wanted:
            continue
        print(name, file=sys.stderr)
        text = json.dumps({"versions": versions, **task(*arguments)}, separators=(",", ":"))
        (folder / f"{name}.json").write_text(text + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
