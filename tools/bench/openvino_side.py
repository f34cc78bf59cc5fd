"""OpenVINO's side of a prediction: `openvino_side.py FILE.onnx BATCH`, spoken to as side.ts says.

The file is our export of the same network, in float32.
"""

import json
import resource
import sys
import time

import numpy as np
import openvino


def main(file, batch):
    started = time.perf_counter()
    core = openvino.Core()
    # Its CPU plug-in would choose half precision where the processor has it.
    options = {"INFERENCE_PRECISION_HINT": "f32", "PERFORMANCE_HINT": "LATENCY"}
    model = core.read_model(file)
    model.reshape([int(batch), 3, 224, 224])
    request = core.compile_model(model, "CPU", options).create_infer_request()
    image = np.random.default_rng(0).standard_normal((int(batch), 3, 224, 224), dtype=np.float32)
    say({"version": f"OpenVINO {openvino.__version__}", "created": time.perf_counter() - started})
    for _ in sys.stdin:
        before = time.perf_counter()
        request.infer({0: image})
        say({"seconds": time.perf_counter() - before})
    say({"peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024})


def say(answer):
    print(json.dumps(answer), flush=True)


main(*sys.argv[1:])
