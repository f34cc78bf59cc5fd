"""Checkpoints as torchvision, timm, the DeiT repository and ultralytics save them, with drawn weights, and their logits.

    python tools/reference/checkpoints.py FOLDER name ...

Names are those of `EVALUATED` in zoo.py. Writes NAME.json with the file, our name of the architecture, the input side
and the logits, in float64, of the drawn pictures of zoo.py. The numbers of norms are not at their start values.
"""

import copy
import json
import sys
from pathlib import Path

import safetensors.torch
import torch
from zoo import EVALUATED, digits, drawn_images, filled


def saved(name, network, folder):
    """The file in its publisher's form, and the network as the file holds it."""
    state = {key: value.float() if value.is_floating_point() else value for key, value in network.state_dict().items()}
    if name.startswith("yolo"):
        # ultralytics pickles the model object, in half precision.
        half = copy.deepcopy(network).half()
        torch.save({"epoch": -1, "model": half, "ema": None, "optimizer": None, "train_args": {}}, folder / f"{name}.pt")
        return f"{name}.pt", half.double()
    if name.startswith("deit"):
        torch.save({"model": state}, folder / f"{name}.pth")
        return f"{name}.pth", network
    if name.startswith("efficientnet"):
        safetensors.torch.save_file(state, folder / f"{name}.safetensors")
        return f"{name}.safetensors", network
    legacy = name == "mobilenet_v2"
    torch.save(state, folder / f"{name}.pth", _use_new_zipfile_serialization=not legacy)
    return f"{name}.pth", network


def main(folder, names):
    for name in names:
        model, make, size, gain = EVALUATED[name]
        network, _ = filled(make(size, 1000), gain)
        file, network = saved(name, network.eval(), folder)
        with torch.no_grad():
            output = network(drawn_images(2, size))
        logits = output[1] if isinstance(output, tuple) else output
        described = {"model": model, "imageSize": size, "file": file, "logits": [digits(row) for row in logits]}
        (folder / f"{name}.json").write_text(json.dumps(described))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
