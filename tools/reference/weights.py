"""Small weights files of every kind that is read, their numbers as PyTorch has them, and pickles that attack.

    python tools/reference/weights.py packages/vision/test/fixtures/weights [folder of efficientnet-lite*.pth]

`expected.json` has the tensors of each file, floating-point numbers as float32; `attacks.json` the attacks, base64, with
the name that has to be refused; `efficientnet-lite.json` some facts about the real files, where they are at hand.
"""

import argparse
import base64
import collections
import json
import pathlib
import pickle
import sys
import types
from unittest import mock

import numpy as np
import onnx
import safetensors
import safetensors.torch
import torch
from onnx import TensorProto, helper
from torch import nn

HALVES = [0.0, -0.0, 1.0, -2.5, 65504.0, 6e-8, 6.1e-5, 1e-3, float("inf"), float("-inf"), float("nan"), 0.333]


def state():
    """Every number type, an empty tensor, a scalar, and four views of one storage."""
    shared = torch.arange(24, dtype=torch.float32) / 8
    return collections.OrderedDict(
        {
            "float32": torch.tensor([[1.5, -2.25, 3e-38], [0.1, float("inf"), -7.0]]),
            "float16": torch.tensor(HALVES, dtype=torch.float16),
            "bfloat16": torch.tensor(HALVES, dtype=torch.bfloat16).reshape(3, 4),
            "float64": torch.tensor([0.1, 1e300, -3.0], dtype=torch.float64),
            "int64": torch.tensor([1, -(2**40)]),
            "int32": torch.tensor([2, -3], dtype=torch.int32),
            "int16": torch.tensor([-300, 300], dtype=torch.int16),
            "int8": torch.tensor([-4, 5], dtype=torch.int8),
            "uint8": torch.tensor([255, 0], dtype=torch.uint8),
            "bool": torch.tensor([True, False]),
            "scalar": torch.tensor(4.5),
            "empty": torch.zeros(0, 3),
            "whole": shared.view(4, 6),
            "transposed": shared.view(4, 6).T,
            "every second": shared.view(2, 3, 4)[:, 1:, ::2],
            "last column": shared.view(4, 6)[:, 5],
            "permuted halves": torch.arange(12, dtype=torch.float16).view(3, 4).T,
            "permuted doubles": torch.arange(6, dtype=torch.float64).view(2, 3).T,
            "permuted bytes": torch.arange(6, dtype=torch.uint8).view(2, 3).T,
            "parameter": nn.Parameter(torch.tensor([8.0, 9.0])),
            "bn.num_batches_tracked": torch.tensor(7),
        }
    )


def named_class(module, name, bases=(nn.Module,), **members):
    """A class that pickles take for one of a package that is not needed here."""
    for end in range(1, module.count(".") + 2):
        package = ".".join(module.split(".")[:end])
        sys.modules.setdefault(package, types.ModuleType(package))
    if hasattr(sys.modules[module], name):
        return getattr(sys.modules[module], name)
    made = type(name, bases, {"__module__": module, **members})
    setattr(sys.modules[module], name, made)
    return made


def ultralytics_model(scale):
    """Layers, a layer used twice, a parameter of its own, buffers of which one is not saved, plain attributes."""
    block = named_class("ultralytics.nn.modules.conv", "Conv")()
    block.conv, block.bn, block.act = nn.Conv2d(1, 2, 1, bias=False), nn.BatchNorm2d(2), nn.SiLU()
    head = named_class("ultralytics.nn.modules.head", "Classify")()
    head.linear, head.drop = nn.Linear(2, 3), nn.Dropout(0.0)
    head.scale = nn.Parameter(torch.tensor([2.0]))
    head.register_buffer("kept", torch.tensor([1.0, 2.0]))
    head.register_buffer("left_out", torch.tensor([3.0]), persistent=False)
    model = named_class("ultralytics.nn.tasks", "ClassificationModel")()
    model.model = nn.Sequential(block, block, head)
    model.yaml = {"nc": 3, "backbone": [[-1, 1, "Conv", [64, 3, 2]]]}
    model.names, model.stride = {0: "hoodie", 1: "t-shirt", 2: "other"}, torch.tensor([1])
    settings = named_class("ultralytics.utils", "IterableSimpleNamespace", (types.SimpleNamespace,))
    model.args = settings(task="classify", imgsz=224)
    with torch.no_grad():
        for at, tensor in enumerate([*model.parameters(), block.bn.running_mean, block.bn.running_var]):
            tensor.copy_((torch.arange(tensor.numel()).reshape(tensor.shape) + at) * scale)
    return model


def described(tensors):
    def one(tensor):
        tensor = tensor.detach()
        if tensor.dtype.is_floating_point:
            # As text, for NaN and infinity; `repr` of the double that equals the float32.
            return {"type": "float32", "values": [repr(value) for value in tensor.float().flatten().tolist()]}
        name = "int32" if tensor.dtype == torch.int16 else str(tensor.dtype).removeprefix("torch.")
        return {"type": name, "values": [str(int(value)) for value in tensor.flatten().tolist()]}

    return {
        name: {"shape": list(tensor.shape), **one(tensor)}
        for name, tensor in tensors.items()
        if not name.endswith("num_batches_tracked")
    }


def torch_files(folder):
    """Writes the files that load; returns their tensors."""
    tensors, small = state(), {"fc.weight": torch.tensor([[1.0, -2.0]]), "fc.bias": torch.tensor([0.5])}
    other = {name: tensor + 1 for name, tensor in small.items()}
    settings = argparse.Namespace(lr=0.1, data=pathlib.PurePosixPath("/data"), sizes=torch.Size([2, 3]), dtype=torch.half)
    training = {"epoch": 3, "args": settings, "best": np.float64(0.5), "seen": {1, 2}, "loss": float("inf"), "big": 2**70}
    prefixed = {f"module.{name}": tensor for name, tensor in small.items()}
    whole = nn.Sequential(nn.Linear(1, 2), nn.BatchNorm1d(2))
    with torch.no_grad():
        whole[0].weight.fill_(0.25)
        whole[0].bias.fill_(-0.5)
    ema, last = ultralytics_model(0.5).half(), ultralytics_model(0.25).half()
    checkpoint = {"epoch": -1, "model": last, "ema": ema, "date": "2026-01-01", "train_args": {"lr0": 0.01}}
    files = {
        "zip.pt": (tensors, tensors, {}),
        "legacy.pth": (tensors, tensors, {"_use_new_zipfile_serialization": False}),
        "zip-protocol-4.pt": (tensors, tensors, {"pickle_protocol": 4}),
        "zip-protocol-5.pt": (tensors, tensors, {"pickle_protocol": 5}),
        "legacy-protocol-4.pth": (tensors, tensors, {"_use_new_zipfile_serialization": False, "pickle_protocol": 4}),
        "model.pth": ({"model": small, **training}, small, {}),
        "state-dict.pth": ({"state_dict": prefixed, **training}, small, {}),
        "averaged.pth": ({"state_dict": other, "state_dict_ema": small, **training}, small, {}),
        "prefixed.pth": (prefixed, small, {"_use_new_zipfile_serialization": False}),
        "sequential.pt": (whole, whole.state_dict(), {}),
        "sequential-legacy.pt": (whole, whole.state_dict(), {"_use_new_zipfile_serialization": False}),
        "ultralytics.pt": (checkpoint, ema.state_dict(), {}),
        "ultralytics-stripped.pt": ({**checkpoint, "ema": None}, last.state_dict(), {}),
    }
    for name, (content, _, options) in files.items():
        # Old files have the source of each class in them; without it they are a few thousand bytes.
        with mock.patch("torch.serialization.get_source_lines_and_file", side_effect=OSError):
            torch.save(content, folder / name, **options)
    return {name: described(expected) for name, (_, expected, _) in files.items()}


def onnx_file(folder):
    def raw(name, number_type, shape, data):
        return TensorProto(name=name, data_type=number_type, dims=shape, raw_data=data)

    halves = np.array(HALVES, np.float16)
    initializers = [
        raw("fc.weight", TensorProto.FLOAT, [1, 2], np.array([1.5, -2], "<f4").tobytes()),
        helper.make_tensor("fc.bias", TensorProto.FLOAT, [1], [0.5]),
        raw("halves", TensorProto.FLOAT16, [12], halves.tobytes()),
        helper.make_tensor("typed halves", TensorProto.FLOAT16, [2], [1.5, -2.0]),
        raw("brain", TensorProto.BFLOAT16, [2], bytes.fromhex("c03f00c0")),
        raw("doubles", TensorProto.DOUBLE, [1], np.array([0.1]).tobytes()),
        helper.make_tensor("shape", TensorProto.INT64, [2], [1, -1]),
    ]
    node = helper.make_node("NoSuchOperator", ["x", "fc.weight"], ["y"], domain="elsewhere")
    value = helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, 2])
    result = helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 2])
    graph = helper.make_graph([node], "graph", [value], [result], initializers)
    onnx.save(helper.make_model(graph), folder / "initializers.onnx")
    return described(
        {
            "fc.weight": torch.tensor([[1.5, -2.0]]),
            "fc.bias": torch.tensor([0.5]),
            "halves": torch.from_numpy(halves),
            "typed halves": torch.tensor([1.5, -2.0]),
            "brain": torch.tensor([1.5, -2.0]),
            "doubles": torch.tensor([0.1], dtype=torch.float64),
            "shape": torch.tensor([1, -1]),
        }
    )


def safetensors_file(folder):
    contiguous = {name: tensor.detach().clone().contiguous() for name, tensor in state().items()}
    safetensors.torch.save_file(contiguous, folder / "types.safetensors", {"format": "pt"})
    return described(contiguous)


def refused_files(folder):
    """Honest files that hold more than tensors of plain numbers, with what the message has to name."""
    own = named_class("studio.networks", "Net")()
    files = {
        "sparse.pt": ({"w": torch.eye(2).to_sparse()}, "torch._utils._rebuild_sparse_tensor"),
        "quantized.pt": (
            {"w": torch.quantize_per_tensor(torch.ones(2), 0.5, 0, torch.qint8)},
            "torch._utils._rebuild_qtensor",
        ),
        "complex.pt": ({"w": torch.zeros(2, dtype=torch.complex64)}, "torch.ComplexFloatStorage"),
        "expanded.pt": ({"w": torch.zeros(1).expand(4)}, "tensor 'w'"),
        "own-class.pt": (own, "studio.networks.Net"),
        "nothing.pt": ({"epoch": 3, "lr": 0.1}, "epoch, lr"),
    }
    for name, (content, _) in files.items():
        torch.save(content, folder / name)
    return {name: message for name, (_, message) in files.items()}


class Calls:
    def __init__(self, function, *arguments):
        self.reduced = function, arguments

    def __reduce__(self):
        return self.reduced


class SetsState:
    """Made by something harmless; its state is what would be dangerous."""

    def __reduce__(self):
        import os

        return collections.OrderedDict, (), {"run": os.system}


def attacks():
    import builtins
    import importlib
    import os
    import runpy
    import subprocess

    marker = "touch busana-pickle-was-run"
    objects = {
        "os.system": (Calls(os.system, marker), "posix.system"),
        "builtins.eval": (Calls(eval, f"__import__('os').system('{marker}')"), "eval"),
        "builtins.exec": (Calls(exec, f"import os; os.system('{marker}')"), "exec"),
        "subprocess": (Calls(subprocess.Popen, ["touch", "busana-pickle-was-run"]), ".Popen"),
        "runpy": (Calls(runpy._run_code, "import os", {}), "runpy._run_code"),
        "import": (Calls(builtins.__import__, "os"), "__import__"),
        "import_module": (Calls(importlib.import_module, "os"), "importlib.import_module"),
        "getattr": (Calls(getattr, collections.OrderedDict, "fromkeys"), "getattr"),
        "open": (Calls(open, "busana-pickle-was-run", "w"), "open"),
        "nested reduce": (Calls(list, [Calls(dict, [Calls(os.system, marker)])]), "posix.system"),
        "state": (SetsState(), "posix.system"),
        "inside a state dict": (collections.OrderedDict(w=Calls(os.system, marker)), "posix.system"),
        "torch.load": (Calls(torch.load, "other.pt"), "torch.serialization.load"),
    }
    result = []
    for what, (content, name) in objects.items():
        for protocol in range(6):
            body = pickle.dumps(content, protocol)
            result.append({"what": f"{what}, protocol {protocol}", "names": name, "base64": encoded(body)})
    by_hand = {
        "os.system by its alias": (b"cos\nsystem\n(S'true'\ntR.", "os.system"),
        "posix.system from the stack": (b"\x80\x04\x8c\x05posix\x8c\x06system\x93\x8c\x04true\x85R.", "posix.system"),
        "a name by INST": (b"(S'true'\nios\nsystem\n.", "os.system"),
        "a name by OBJ": (b"(cos\nsystem\nS'true'\no.", "os.system"),
        "what a call returned is called": (b"cbuiltins\nset\n)R(S'x'\ntR.", "builtins.set"),
        "a permitted name and more": (b"\x80\x04\x8c\x05torch\x8c\x0dSize.__call__\x93.", "torch.Size.__call__"),
        "through a layer's module": (b"\x80\x04\x8c\x08torch.nn\x8c\x09os.system\x93.", "torch.nn.os.system"),
        "a name with line breaks": (b"\x80\x04\x8c\x04os\x0d\n\x8c\x06system\x93.", "os??.system"),
        "state of a name": (b"ctorch\nSize\n}b.", "sets the state of what is not an object"),
        "a registered extension": (b"\x80\x02\x82\x01.", "opcode 0x82"),
        "a buffer from outside": (b"\x80\x05\x97.", "opcode 0x97"),
    }
    for what, (body, name) in by_hand.items():
        result.append({"what": what, "names": name, "base64": encoded(body)})
    return result


def encoded(content):
    return base64.b64encode(content).decode()


def efficientnet_lite(folder):
    def facts(path):
        tensors = torch.load(path, map_location="cpu")
        kept = {name: tensor for name, tensor in tensors.items() if not name.endswith("num_batches_tracked")}
        chosen = ["_conv_stem.weight", "_blocks.1._expand_conv.weight", "_bn1.running_var", "_fc.weight", "_fc.bias"]
        return {
            "tensors": len(kept),
            "numbers": sum(tensor.numel() for tensor in kept.values()),
            "chosen": {
                name: {
                    "shape": list(kept[name].shape),
                    "first": kept[name].flatten()[:5].tolist(),
                    "sum": kept[name].double().sum().item(),
                    "weighted": (kept[name].double().flatten() * torch.arange(kept[name].numel())).sum().item(),
                }
                for name in chosen
            },
        }

    return {path.stem: facts(path) for path in sorted(folder.glob("efficientnet-lite*.pth"))}


def main(folder, originals=None):
    folder.mkdir(parents=True, exist_ok=True)
    versions = {
        "python": sys.version.split()[0],
        "torch": torch.__version__,
        "numpy": np.__version__,
        "onnx": onnx.__version__,
        "safetensors": safetensors.__version__,
    }
    expected = torch_files(folder)
    expected["initializers.onnx"] = onnx_file(folder)
    expected["types.safetensors"] = safetensors_file(folder)

    def write(name, content):
        (folder / name).write_text(json.dumps({"versions": versions, **content}, separators=(",", ":")) + "\n")

    write("expected.json", {"files": expected, "refused": refused_files(folder)})
    write("attacks.json", {"attacks": attacks()})
    if originals is not None:
        write("efficientnet-lite.json", {"files": efficientnet_lite(originals)})
    print(versions)


if __name__ == "__main__":
    torch.manual_seed(0)
    main(*map(pathlib.Path, sys.argv[1:]))
