"""Small models as PyTorch's exporter writes them, with the outputs PyTorch computes.

    python tools/reference/onnx_models.py packages/engine/test/fixtures
"""

import json
import math
import sys
import warnings

import onnx
import torch
from torch import nn

warnings.filterwarnings("ignore")
torch.manual_seed(5)


class Small(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)
        self.norm = nn.BatchNorm2d(8)
        self.depthwise = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.pool = nn.MaxPool2d(3, 2, 1)
        self.shrink = nn.AvgPool2d(2, ceil_mode=True)
        self.grow = nn.Upsample(scale_factor=2)
        self.reduce = nn.Linear(32, 6)
        self.layer_norm = nn.LayerNorm(6)
        self.head = nn.Linear(6, 4)
        nn.init.uniform_(self.norm.running_mean, -0.1, 0.1)
        nn.init.uniform_(self.norm.running_var, 0.5, 1.5)

    def forward(self, x):
        x = nn.functional.relu6(self.norm(self.stem(x)))
        x = self.pool(x + torch.sigmoid(self.depthwise(x)) * x)
        x = self.grow(self.shrink(x))
        first, second = torch.split(x, [3, 5], 1)
        x = torch.cat([second, first], 1)
        x = nn.functional.gelu(self.layer_norm(self.reduce(x.flatten(1))))
        return torch.softmax(self.head(x), -1)


model = Small().eval()
x = torch.tensor([math.sin(i) for i in range(2 * 3 * 8 * 8)]).reshape(2, 3, 8, 8)
batch = {0: "batch"}
for opset in (11, 17, 20):
    path = f"{sys.argv[1]}/exported-{opset}.onnx"
    names = {"input_names": ["x"], "output_names": ["y"], "dynamic_axes": {"x": batch, "y": batch}}
    torch.onnx.export(model, x, path, opset_version=opset, dynamo=False, **names)
    exported = onnx.load(path)
    for node in exported.graph.node:
        node.ClearField("doc_string")
    onnx.save(exported, path)
with torch.no_grad():
    expected = {
        "versions": {"torch": torch.__version__, "onnx": onnx.__version__},
        "y": [round(v, 8) for v in model(x).flatten().tolist()],
    }
with open(f"{sys.argv[1]}/exported.json", "w") as file:
    json.dump(expected, file)
    file.write("\n")
