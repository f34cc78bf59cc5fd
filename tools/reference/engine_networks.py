"""Forward pass, gradients and ten training steps of three small networks as PyTorch has them, in double precision.

    python tools/reference/engine_networks.py > packages/engine/test/fixtures/networks.json

Tensors are float32 or uint8, little-endian, base64. `gradients` belong to the start parameters; `parameters` and
`statistics` under an optimizer are those after the last step; `losses` are taken before each step.
"""

import base64
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

STEPS = 10
CLASSES = 5
SMOOTHING = 0.1
MEAN, DEVIATION = [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]


class Residual(nn.Module):
    """Convolution, batch norm, maximum, then a residual block with and one without a projection."""

    def __init__(self):
        super().__init__()
        self.conv1, self.bn1 = nn.Conv2d(3, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.layer1 = nn.ModuleDict(self.block(4, 4, 1))
        self.layer2 = nn.ModuleDict(self.block(4, 6, 2))
        self.layer2["downsample"] = nn.Sequential(nn.Conv2d(4, 6, 1, stride=2, bias=False), nn.BatchNorm2d(6))
        self.fc = nn.Linear(6, CLASSES)

    @staticmethod
    def block(channels, out, stride):
        return {
            "conv1": nn.Conv2d(channels, out, 3, stride=stride, padding=1, bias=False),
            "bn1": nn.BatchNorm2d(out),
            "conv2": nn.Conv2d(out, out, 3, padding=1, bias=False),
            "bn2": nn.BatchNorm2d(out),
        }

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 3, stride=2, padding=1)
        for layer in (self.layer1, self.layer2):
            y = F.relu(layer["bn1"](layer["conv1"](x)))
            y = layer["bn2"](layer["conv2"](y))
            x = F.relu(y + (layer["downsample"](x) if "downsample" in layer else x))
        return self.fc(x.mean((2, 3)))


class Depthwise(nn.Module):
    """TensorFlow's SAME at stride 2 (rows and columns are added after, not before), groups, ReLU6, SiLU, average."""

    def __init__(self):
        super().__init__()
        self.stem, self.stem_bn = nn.Conv2d(3, 6, 3, stride=2, bias=False), nn.BatchNorm2d(6)
        self.depthwise, self.depthwise_bn = nn.Conv2d(6, 6, 3, stride=2, groups=6, bias=False), nn.BatchNorm2d(6)
        self.pointwise, self.pointwise_bn = nn.Conv2d(6, 8, 1, bias=False), nn.BatchNorm2d(8)
        self.wide = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=4)
        self.fc = nn.Linear(8, CLASSES)
        for norm in (self.stem_bn, self.depthwise_bn):
            nn.init.uniform_(norm.weight, 2, 5)

    def forward(self, x):
        x = F.relu6(self.stem_bn(self.stem(F.pad(x, (0, 1, 0, 1)))))
        x = F.relu6(self.depthwise_bn(self.depthwise(F.pad(x, (0, 1, 0, 1)))))
        x = F.silu(self.wide(self.pointwise_bn(self.pointwise(x))))
        return self.fc(F.avg_pool2d(x, 3).flatten(1))


class Transformer(nn.Module):
    """Patches, class token, positions, one block (Dosovitskiy et al. 2021), names as in timm."""

    WIDTH, HEADS, EPSILON = 8, 2, 1e-6

    def __init__(self):
        super().__init__()
        width = self.WIDTH
        self.cls_token = nn.Parameter(torch.randn(1, 1, width) * 0.5)
        self.pos_embed = nn.Parameter(torch.randn(1, 10, width) * 0.5)
        self.patch_embed = nn.ModuleDict({"proj": nn.Conv2d(3, width, 4, stride=4)})
        self.norm1, self.norm2 = nn.LayerNorm(width, self.EPSILON), nn.LayerNorm(width, self.EPSILON)
        self.norm = nn.LayerNorm(width, self.EPSILON)
        self.attn = nn.ModuleDict({"qkv": nn.Linear(width, 3 * width), "proj": nn.Linear(width, width)})
        self.mlp = nn.ModuleDict({"fc1": nn.Linear(width, 2 * width), "fc2": nn.Linear(2 * width, width)})
        self.head = nn.Linear(width, CLASSES)
        with torch.no_grad():
            self.attn["qkv"].weight *= 3  # Attention that is not nearly even.

    def attention(self, x):
        n, t, d = x.shape
        q, k, v = self.attn["qkv"](x).reshape(n, t, 3, self.HEADS, d // self.HEADS).permute(2, 0, 3, 1, 4)
        scores = (q @ k.transpose(-2, -1)) / (d // self.HEADS) ** 0.5
        return self.attn["proj"]((scores.softmax(-1) @ v).transpose(1, 2).reshape(n, t, d))

    def forward(self, x):
        x = self.patch_embed["proj"](x).flatten(2).transpose(1, 2)
        x = torch.cat([self.cls_token.expand(len(x), -1, -1), x], 1) + self.pos_embed
        x = x + self.attention(self.norm1(x))
        x = x + self.mlp["fc2"](F.gelu(self.mlp["fc1"](self.norm2(x))))
        return self.head(self.norm(x)[:, 0])


def encoded(values):
    array = np.asarray(values)
    array = array if array.dtype == np.uint8 else array.astype("<f4")
    return {"shape": list(array.shape), "base64": base64.b64encode(array.tobytes()).decode()}


def tensors(named):
    return {name: encoded(value.detach()) for name, value in named if not name.endswith("num_batches_tracked")}


def groups(network, decay):
    weights = [p for p in network.parameters() if p.ndim > 1]
    others = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": weights, "weight_decay": decay}, {"params": others, "weight_decay": 0}]


# The gradient of a key's bias is zero but for rounding, which Adam would blow up to steps of full size if its epsilon
# were not well above it.
OPTIMIZERS = {
    "sgd": lambda network: torch.optim.SGD(groups(network, 1e-2), lr=0.05, momentum=0.9),
    "adamW": lambda network: torch.optim.AdamW(groups(network, 0.05), lr=0.003, eps=1e-4),
}


def reference(name, make):
    torch.manual_seed(7)
    generator = np.random.default_rng(7)
    images = generator.integers(0, 256, (6, 12, 12, 3), dtype=np.uint8)
    targets = np.array([0, 3, -1, 1, 4, 3])
    x = (torch.from_numpy(images).double().permute(0, 3, 1, 2) / 255 - channels(MEAN)) / channels(DEVIATION)
    start = {key: value.clone() for key, value in make().state_dict().items()}

    def fresh():
        network = make()
        network.load_state_dict(start)
        return network.double().train()

    def loss_of(network):
        logits = network(x)
        labels = torch.from_numpy(targets)
        return logits, F.cross_entropy(logits, labels, ignore_index=-1, label_smoothing=SMOOTHING)

    network = fresh()
    logits, loss = loss_of(network)
    loss.backward()
    result = {
        "images": encoded(images),
        "targets": targets.tolist(),
        "start": tensors(start.items()),
        "loss": loss.item(),
        "logits": encoded(logits.detach()),
        "gradients": {key: encoded(p.grad) for key, p in network.named_parameters()},
        "evaluation": encoded(fresh().eval()(x).detach()),
    }
    for key, optimizer_of in OPTIMIZERS.items():
        network = fresh()
        optimizer = optimizer_of(network)
        losses = []
        for _ in range(STEPS):
            optimizer.zero_grad()
            _, loss = loss_of(network)
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        result[key] = {"losses": losses, "end": tensors(network.state_dict().items())}
    return name, result


def channels(values):
    return torch.tensor(values, dtype=torch.float64).view(1, 3, 1, 1)


if __name__ == "__main__":
    networks = dict(
        reference(name, make)
        for name, make in {"residual": Residual, "depthwise": Depthwise, "transformer": Transformer}.items()
    )
    versions = {"torch": torch.__version__, "numpy": np.__version__}
    json.dump({"versions": versions, "networks": networks}, sys.stdout)
    print()
