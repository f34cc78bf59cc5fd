"""PyTorch's side of a case: `torch_side.py KIND MODEL BATCH OPTIMIZER LAYOUT`, spoken to as side.ts says.

Networks are those of torchvision, timm and ultralytics where they are installed; the small CNN is that of
packages/vision/src/models/cnn.ts, written again. The file is not called pytorch.py: torchvision looks for a module of
that name.
"""

import json
import os
import resource
import sys
import time

os.environ.setdefault("YOLO_OFFLINE", "true")
answers = os.fdopen(os.dup(1), "w")
# Whatever libraries print must not come between the answers.
sys.stdout = sys.stderr

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


def network_of(model):
    if model == "cnn":
        return Cnn()
    if model.startswith(("resnet", "mobilenet")):
        import torchvision

        return getattr(torchvision.models, model)(num_classes=CLASSES)
    if model.startswith("yolo11"):
        from ultralytics.nn.tasks import ClassificationModel

        return ClassificationModel(f"{model}.yaml", nc=CLASSES, verbose=False)
    import timm

    names = {"deit_tiny": "deit_tiny_patch16_224", "deit_base": "deit_base_patch16_224"}
    return timm.create_model(names.get(model, f"tf_{model}"), num_classes=CLASSES)


def prepare(kind, model, batch, optimizer, layout):
    torch.manual_seed(0)
    memory = torch.channels_last if layout == "channels_last" else torch.contiguous_format
    network = network_of(model).to(memory_format=memory).train(kind == "train")
    images = torch.randint(0, 256, (batch, SIZE, SIZE, 3), dtype=torch.uint8)
    targets = torch.arange(batch) % CLASSES
    parameters = network.parameters()
    rule = torch.optim.AdamW(parameters, lr=1e-3) if optimizer == "adamw" else torch.optim.SGD(parameters, lr=1e-3, momentum=0.9)

    def run():
        x = (images.permute(0, 3, 1, 2).float() / 255).contiguous(memory_format=memory)
        if kind == "predict":
            with torch.inference_mode():
                network(x)
            return
        loss = F.cross_entropy(network(x), targets)
        rule.zero_grad()
        loss.backward()
        rule.step()

    return run


def say(answer):
    print(json.dumps(answer), file=answers, flush=True)


def main(kind, model, batch, optimizer, layout):
    started = time.perf_counter()
    run = prepare(kind, model, int(batch), optimizer, layout)
    say({"version": f"PyTorch {torch.__version__}", "created": time.perf_counter() - started})
    for _ in sys.stdin:
        before = time.perf_counter()
        run()
        say({"seconds": time.perf_counter() - before})
    say({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})


main(*sys.argv[1:])
