"""Python's msgpack as a peer: a line in, a line out. The tagged form is described in ConformanceTree.cs.

decode: hex of one value -> its tagged form, as JSON.   encode: tagged form -> hex.
"""
import json
import struct
import sys

import msgpack


def tagged(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int):
        return {"i": str(value)}
    if isinstance(value, float):
        return {"f": struct.pack(">d", value).hex()}
    if isinstance(value, str):
        return {"s": value.encode("utf-8").hex()}
    if isinstance(value, bytes):
        return {"b": value.hex()}
    if isinstance(value, list):
        return [tagged(v) for v in value]
    if isinstance(value, dict):
        return {"m": [[tagged(k), tagged(v)] for k, v in value.items()]}
    if isinstance(value, msgpack.ExtType):
        return {"x": [value.code, value.data.hex()]}
    raise TypeError(type(value))


def plain(value):
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, list):
        return [plain(v) for v in value]
    (kind, content), = value.items()
    if kind == "i":
        return int(content)
    if kind == "f":
        return struct.unpack(">d", bytes.fromhex(content))[0]
    if kind == "s":
        return bytes.fromhex(content).decode("utf-8")
    if kind == "b":
        return bytes.fromhex(content)
    if kind == "m":
        return {plain(k): plain(v) for k, v in content}
    if kind == "x":
        return msgpack.ExtType(content[0], bytes.fromhex(content[1]))
    raise TypeError(kind)


def decode(line):
    return json.dumps(tagged(msgpack.unpackb(bytes.fromhex(line), raw=False)), separators=(",", ":"))


def encode(line):
    return msgpack.packb(plain(json.loads(line)), use_bin_type=True).hex()


answer = {"decode": decode, "encode": encode}[sys.argv[1]]
for request in sys.stdin:
    print(answer(request.strip()))
