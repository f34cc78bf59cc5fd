"""The field numbers, types and labels of ONNX's official protobuf definition, as JSON.

    python tools/reference/onnx_descriptor.py > packages/engine/test/fixtures/onnx-descriptor.json
"""

import json

import google.protobuf
import onnx
from google.protobuf.descriptor import FieldDescriptor

SCALARS = {
    FieldDescriptor.TYPE_DOUBLE: "double",
    FieldDescriptor.TYPE_FLOAT: "float",
    FieldDescriptor.TYPE_INT32: "int32",
    FieldDescriptor.TYPE_INT64: "int64",
    FieldDescriptor.TYPE_UINT64: "uint64",
    FieldDescriptor.TYPE_STRING: "string",
    FieldDescriptor.TYPE_BYTES: "bytes",
}


def field(f):
    named = f.message_type or f.enum_type
    return {
        "number": f.number,
        "type": named.full_name.removeprefix("onnx.") if named else SCALARS[f.type],
        "repeated": f.is_repeated,
        "packed": f.is_packed,
        "oneof": f.containing_oneof.name if f.containing_oneof else None,
    }


def collect(message, into):
    into["messages"][message.full_name.removeprefix("onnx.")] = {f.name: field(f) for f in message.fields}
    for enum in message.enum_types:
        into["enums"][enum.full_name.removeprefix("onnx.")] = {v.name: v.number for v in enum.values}
    for nested in message.nested_types:
        collect(nested, into)


result = {
    "versions": {"onnx": onnx.__version__, "protobuf": google.protobuf.__version__},
    "messages": {},
    "enums": {},
}
for message in onnx.onnx_ml_pb2.DESCRIPTOR.message_types_by_name.values():
    collect(message, result)
print(json.dumps(result, separators=(",", ":")))
