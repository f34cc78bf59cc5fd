"""Output types and shapes as ONNX's own shape inference has them, for every operator of the engine, as JSON.

    python tools/reference/onnx_shapes.py > packages/engine/test/fixtures/onnx-shapes.json

A case is [operator, inputs, attributes, outputs]; an input is null, [type, shape] or [type, shape, values]. A size ONNX
leaves open is null.
"""

import json

import numpy as np
import onnx
from onnx import TensorProto, helper

OPSET = 20
NUMBERS = {"float32": TensorProto.FLOAT, "float64": TensorProto.DOUBLE, "int32": TensorProto.INT32}
NUMBERS |= {"int64": TensorProto.INT64, "uint8": TensorProto.UINT8, "int8": TensorProto.INT8, "bool": TensorProto.BOOL}
NAMES = {number: name for name, number in NUMBERS.items()}

PAIRS = [([2, 3], [2, 3]), ([2, 3], []), ([], [2, 3]), ([2, 3], [3]), ([2, 1], [2, 3]), ([2, 1, 4], [3, 1])]
PAIRS += [([1], [2, 3, 4]), ([1, 3, 1], [2, 1, 4]), (["N", 3], [3]), (["N", 1], ["N", 4]), (["N", 3], ["N", 3])]
SHAPES = [[], [4], [2, 3], ["N", 3, "H", "W"]]


def f(*shape):
    return ["float32", list(shape)]


def i(*values):
    return ["int64", [len(values)], list(values)]


def elementwise():
    for op in "Add Sub Mul Div Pow Max Min Equal Greater GreaterOrEqual Less LessOrEqual".split():
        for a, b in PAIRS:
            yield op, [f(*a), f(*b)], {}
        yield op, [["int64", [2, 1]], ["int64", [3]]], {}
    for op in ("And", "Or"):
        for a, b in PAIRS:
            yield op, [["bool", a], ["bool", b]], {}
    for op in "Neg Abs Sign Exp Log Sqrt Reciprocal Erf Tanh Sigmoid HardSigmoid Softplus Relu LeakyRelu Gelu Floor Identity".split():
        for shape in SHAPES:
            yield op, [f(*shape)], {}
    for shape in SHAPES:
        yield "Not", [["bool", shape]], {}
        yield "Clip", [f(*shape), f(), None], {}
        yield "Cast", [f(*shape)], {"to": "int64"}
        yield "Where", [["bool", shape], f(*shape), f()], {}
    yield "Max", [f(2, 1), f(3), f(4, 1, 1)], {}
    yield "Where", [["bool", [2, 1, 1]], f(3, 1), f(4)], {}


def linear():
    for a, b in [((2, 3), (3, 4)), ((3,), (3, 4)), ((2, 3), (3,)), ((5, 2, 3), (3, 4)), ((2, 1, 2, 3), (4, 3, 5))]:
        yield "MatMul", [f(*a), f(*b)], {}
    yield "MatMul", [f("N", 8, 2, 3), f("N", 8, 3, 4)], {}
    yield "Gemm", [f("N", 3), f(3, 4), f(4)], {}
    yield "Gemm", [f(3, 2), f(4, 3), f(2, 4)], {"transA": 1, "transB": 1, "alpha": 0.5}


def convolution():
    for attributes in [
        {"kernel_shape": [3, 3]},
        {"kernel_shape": [3, 3], "strides": [2, 2], "pads": [1, 1, 1, 1]},
        {"kernel_shape": [3, 3], "strides": [2, 1], "pads": [0, 1, 2, 1], "dilations": [2, 1]},
    ]:
        yield "Conv", [f("N", 4, 15, 18), f(6, 2, 3, 3), f(6)], attributes | {"group": 2}
        yield "ConvTranspose", [f("N", 4, 15, 18), f(4, 3, 3, 3), f(6)], attributes | {"group": 2}
        for op in ("MaxPool", "AveragePool"):
            if op == "AveragePool" and "dilations" in attributes:
                continue
            yield op, [f("N", 4, 15, 18)], attributes | ({"pads": [0, 1, 2, 1]} if "pads" in attributes else {})
            yield op, [f("N", 4, 16, 19)], attributes | {"ceil_mode": 1}
    yield "Conv", [f("N", 3, "H", "W"), f(6, 3, 1, 1)], {"kernel_shape": [1, 1]}
    yield "ConvTranspose", [f(1, 4, 5, 5), f(4, 3, 2, 2)], {
        "kernel_shape": [2, 2], "strides": [2, 2], "output_padding": [1, 0]
    }
    yield "MaxPool", [f("N", 4, 8, 8)], {"kernel_shape": [2, 2], "strides": [2, 2]}, 2
    yield "GlobalAveragePool", [f("N", 4, 7, 9)], {}
    yield "GlobalAveragePool", [f("N", 4, "H", "W")], {}


def normalisation():
    yield "BatchNormalization", [f("N", 4, 7, 7), f(4), f(4), f(4), f(4)], {"epsilon": 1e-3}
    yield "LayerNormalization", [f("N", 5, 6), f(6), f(6)], {"axis": -1}
    yield "LayerNormalization", [f("N", 5, 6), f(5, 6)], {"axis": 1}, 3
    for op in ("Softmax", "LogSoftmax"):
        yield op, [f("N", 5)], {"axis": 1}
        yield op, [f(2, 3, 4)], {}


def reductions():
    for op in "ReduceSum ReduceMean ReduceMax ReduceSumSquare".split():
        for attributes in ({}, {"keepdims": 0}):
            yield op, [f("N", 3, 4), i(1, -1)], attributes
            yield op, [f("N", 3, 4), i(0)], attributes
            yield op, [f(2, 3, 4)], attributes
    yield "ArgMax", [f("N", 5)], {"axis": 1, "keepdims": 0}
    yield "ArgMax", [f("N", 5)], {"axis": -1}


def rearrangement():
    for shape in ([-1, 12], [0, -1], [0, 12], [0, 0, 2, -1]):
        yield "Reshape", [f("N", 3, 4), i(*shape)], {}
    yield "Reshape", [f(2, 3, 4), i(4, -1)], {}
    yield "Flatten", [f(2, 3, 4)], {"axis": 2}
    yield "Flatten", [f("N", 3, 4)], {}
    yield "Flatten", [f(2, 3, 4)], {"axis": 0}
    yield "Flatten", [f(2, 3, 4)], {"axis": -1}
    yield "Transpose", [f("N", 3, "H")], {"perm": [2, 0, 1]}
    yield "Squeeze", [f("N", 1, 4, 1), i(1, -1)], {}
    yield "Squeeze", [f(1, 3, 1)], {}
    yield "Unsqueeze", [f("N", 4), i(0, -1)], {}
    yield "Expand", [f("N", 1, 4), i(3, 1)], {}
    yield "Expand", [f(3, 1), i(2, 3, 4)], {}
    yield "Concat", [f("N", 2, 3), f("N", 4, 3)], {"axis": 1}
    yield "Concat", [f(2, 3), f(2, 1), f(2, 2)], {"axis": -1}
    yield "Split", [f("N", 6), i(1, 2, 3)], {"axis": 1}, 3


def selection():
    yield "Slice", [f("N", 10, 8), i(2, -3), i(9, 100), i(1, 2), i(3, 1)], {}
    yield "Slice", [f("N", 10), i(-1), i(-100), i(1), i(-2)], {}
    yield "Slice", [f(10, 8), i(1, 2), i(-1, 4)], {}
    yield "Pad", [f("N", 3, 8), i(0, 0, 1, 0, 2, 3), f()], {}
    yield "Gather", [f(10, "D"), ["int64", ["N", 7]]], {"axis": 0}
    yield "Gather", [f("N", 5, 3), ["int64", []]], {"axis": 1}
    yield "GatherElements", [f(4, 6), ["int64", [4, 2]]], {"axis": 1}
    yield "ScatterElements", [f("N", 6), ["int64", ["N", 2]], f("N", 2)], {"axis": 1, "reduction": "add"}
    yield "OneHot", [["int64", ["N"]], ["int64", [1], [5]], f(2)], {}
    yield "OneHot", [["int64", ["N", 3]], ["int64", [1], [5]], f(2)], {"axis": 1}
    nearest = {"mode": "nearest", "coordinate_transformation_mode": "asymmetric", "nearest_mode": "floor"}
    yield "Resize", [f("N", 3, 5, 6), None, ["float32", [4], [1, 1, 2, 3]]], nearest


def inferred(op, inputs, attributes, count):
    given = {f"i{at}": x for at, x in enumerate(inputs) if x is not None}
    constants = [
        helper.make_tensor(name, NUMBERS[x[0]], x[1], np.array(x[2])) for name, x in given.items() if len(x) == 3
    ]
    fed = [helper.make_tensor_value_info(name, NUMBERS[x[0]], x[1]) for name, x in given.items() if len(x) == 2]
    numbers = {name: NUMBERS[x] if name == "to" else x for name, x in attributes.items()}
    names = [f"o{at}" for at in range(count)]
    node = helper.make_node(op, [f"i{at}" if x is not None else "" for at, x in enumerate(inputs)], names, **numbers)
    outputs = [helper.make_empty_tensor_value_info(name) for name in names]
    graph = helper.make_graph([node], "case", fed, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)])
    types = [v.type.tensor_type for v in onnx.shape_inference.infer_shapes(model, True, True, True).graph.output]
    # Names that ONNX makes up for unknown sizes say nothing.
    known = {size for x in inputs if x for size in x[1]}
    sizes = lambda t: [d.dim_value if d.HasField("dim_value") else d.dim_param or None for d in t.shape.dim]
    return [[NAMES[t.elem_type], [x if not isinstance(x, str) or x in known else None for x in sizes(t)]] for t in types]


cases = []
for family in (elementwise, linear, convolution, normalisation, reductions, rearrangement, selection):
    for op, inputs, attributes, *count in family():
        cases.append([op, inputs, attributes, inferred(op, inputs, attributes, count[0] if count else 1)])
print('{"versions": ' + json.dumps({"onnx": onnx.__version__}) + ',\n"cases": [')
print(",\n".join(json.dumps(case) for case in cases) + "\n]}")
