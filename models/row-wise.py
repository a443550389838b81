"""Quantizes the activations of an int8 model row by row, in place: `python models/row-wise.py <model>.onnx` (needs `onnx`).

Dynamic quantization as the common tools make it takes one scale for a whole pass, so a token's numbers depend on the tokens
that are read along with it: reading a draft in one pass, or a prompt in other pieces, leads to other answers. Here each row
has a scale of its own (as "per-token" in SmoothQuant, arXiv:2211.10438), and attention always multiplies at least two rows,
because ONNX Runtime adds up in another order for one. Then a token's numbers are the same, bit by bit, in whatever pass it is
read. Weights stay as they are; the external data file is neither read nor changed.
"""
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

path = sys.argv[1]
model = onnx.load(path, load_external_data=False)
graph = model.graph
if not any(node.op_type == "DynamicQuantizeLinear" for node in graph.node):
    sys.exit("No DynamicQuantizeLinear: the activations of this model are not quantized by the pass.")

node = helper.make_node
readers = {}
for reader in graph.node:
    for name in reader.input:
        readers.setdefault(name, []).append(reader)
maker = {output: each for each in graph.node for output in each.output}


def constant(name, value):
    graph.initializer.append(numpy_helper.from_array(np.asarray(value), name))
    return name


one = constant("row/one", np.float32(1))
inverse = constant("row/inverse_127", np.float32(1 / 127))
last_axis = constant("row/last_axis", np.array([-1], np.int64))
int8_zero = constant("row/int8_zero", np.int8(0))
one_more = constant("row/one_more", np.int32(1))
zero, minus_one = constant("row/from", np.array([0], np.int64)), constant("row/to", np.array([-1], np.int64))
axis = {i: constant(f"row/axis_{i}", np.array([i], np.int64)) for i in (1, 2)}
pad_rows = constant("row/pad_rows", np.array([0, 0, 0, 0, 1, 0], np.int64))
pad_table = constant("row/pad_table", np.array([0, 0, 1, 0], np.int64))


def quantize(old):
    """int8 = round(x / scale) with scale = max |x| / 127 of each row."""
    x, (quantized, scale, _), name = old.input[0], old.output, old.name
    yield node("Abs", [x], [f"{name}_abs"], f"{name}/Abs")
    yield node("ReduceMax", [f"{name}_abs", last_axis], [f"{name}_max"], f"{name}/ReduceMax", keepdims=1)
    yield node("Mul", [f"{name}_max", inverse], [scale], f"{name}/Scale")
    yield node("Div", [x, scale], [f"{name}_div"], f"{name}/Div")
    yield node("Round", [f"{name}_div"], [f"{name}_round"], f"{name}/Round")
    yield node("Cast", [f"{name}_round"], [quantized], f"{name}/Cast", to=TensorProto.INT8)


def multiply(old, replaced):
    """The integers times the scales of weights' columns and activations' rows."""
    cast = readers[old.output[0]][0]
    scaled = readers[cast.output[0]][0]
    scales = maker[next(name for name in scaled.input if name != cast.output[0])]
    row_scale, column_scale = scales.input
    (y,) = scaled.output
    replaced |= {id(cast), id(scaled), id(scales)}
    inputs = [old.input[0], old.input[1], one, column_scale, int8_zero, old.input[3]]
    yield node("MatMulIntegerToFloat", inputs, [f"{y}_columns"], f"{old.name}/Columns", domain="com.microsoft")
    yield node("Mul", [f"{y}_columns", row_scale], [y], f"{old.name}/Rows")


def attend(old):
    """Attention over one row more, of zeros at the end, which is taken away again."""
    outputs = list(old.output)
    yield node("Pad", [old.input[0], pad_rows], [f"{old.name}_padded"], f"{old.name}/Pad")
    old.input[0] = f"{old.name}_padded"
    for i, name in ((5, "row/seqlens_k"), (6, "row/total_length"), (7, "row/cos"), (8, "row/sin")):
        old.input[i] = name
    old.output[:] = [f"{name}_padded" for name in outputs]
    yield old
    for name, along in zip(outputs, (axis[1], axis[2], axis[2])):
        yield node("Slice", [f"{name}_padded", zero, minus_one, along], [name], f"{name}/Slice")


first = next(each for each in graph.node if each.op_type == "GroupQueryAttention")
lengths = [
    node("Add", [first.input[5], one_more], ["row/seqlens_k"], "row/SeqlensK"),
    node("Add", [first.input[6], one_more], ["row/total_length"], "row/TotalLength"),
    node("Pad", [first.input[7], pad_table], ["row/cos"], "row/Cos"),
    node("Pad", [first.input[8], pad_table], ["row/sin"], "row/Sin"),
]

replaced, rewritten = set(), []
for each in graph.node:
    if each.op_type == "DynamicQuantizeLinear":
        rewritten += quantize(each)
    elif each.op_type == "MatMulInteger":
        rewritten += multiply(each, replaced)
    elif each.op_type == "GroupQueryAttention":
        rewritten += (lengths if each is first else []) + list(attend(each))
    else:
        rewritten.append(each)
kept = [each for each in rewritten if id(each) not in replaced]
del graph.node[:]
graph.node.extend(kept)
onnx.save(model, path)
