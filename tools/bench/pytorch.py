"""PyTorch's side of the benchmark: reads `train|predict MODEL BATCH LAYOUT` lines, answers seconds of one batch.

The networks are those of packages/vision/src/models, written again in PyTorch. A line is answered by running the batch
once; the caller alternates with its own runs, so that both sides see the same machine.
"""
import sys
import time

import torch
from torch import nn
from torch.nn import functional as F

SIZE, CLASSES = 224, 10


class Cnn(nn.Module):
    def __init__(self):
        super().__init__()
        layers, channels = [], 3
        for width, stride in [(16, 2), (32, 2), (64, 2), (64, 1), (128, 2), (128, 2)]:
            layers += [nn.Conv2d(channels, width, 3, stride, 1, bias=False), nn.BatchNorm2d(width), nn.ReLU()]
            channels = width
        self.features = nn.Sequential(*layers)
        self.hidden = nn.Linear(128 * 7 * 7, 128, bias=False)
        self.norm = nn.BatchNorm1d(128)
        self.head = nn.Linear(128, CLASSES)

    def forward(self, x):
        return self.head(F.relu(self.norm(self.hidden(self.features(x).flatten(1)))))


class Bottleneck(nn.Module):
    def __init__(self, channels, width, stride):
        super().__init__()

        def unit(inputs, outputs, kernel, stride=1):
            return nn.Sequential(
                nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False), nn.BatchNorm2d(outputs)
            )

        self.first, self.second = unit(channels, width, 1), unit(width, width, 3, stride)
        self.third = unit(width, width * 4, 1)
        same = stride == 1 and channels == width * 4
        self.shortcut = nn.Identity() if same else unit(channels, width * 4, 1, stride)

    def forward(self, x):
        y = self.third(F.relu(self.second(F.relu(self.first(x)))))
        return F.relu(y + self.shortcut(x))


def resnet50():
    layers = [nn.Conv2d(3, 64, 7, 2, 3, bias=False), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(3, 2, 1)]
    channels = 64
    for stage, count in enumerate([3, 4, 6, 3]):
        for index in range(count):
            width = 64 * 2**stage
            layers.append(Bottleneck(channels, width, 2 if stage > 0 and index == 0 else 1))
            channels = width * 4
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, CLASSES))


def make(kind, model, batch, layout):
    torch.manual_seed(0)
    network = {"cnn": Cnn, "resnet50": resnet50}[model]()
    images = torch.randint(0, 256, (batch, SIZE, SIZE, 3), dtype=torch.uint8)
    targets = torch.arange(batch) % CLASSES
    memory = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    network = network.to(memory_format=memory)
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-3, momentum=0.9)
    network.train(kind == "train")

    def run():
        x = (images.permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=memory)
        if kind == "predict":
            with torch.inference_mode():
                network(x)
            return
        loss = F.cross_entropy(network(x), targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()

    return run


def main():
    print(torch.__version__, flush=True)
    made = {}
    for line in sys.stdin:
        key = tuple(line.split())
        if key not in made:
            made.clear()
            made[key] = make(key[0], key[1], int(key[2]), key[3])
        started = time.perf_counter()
        made[key]()
        print(time.perf_counter() - started, flush=True)


main()
