// @msgpack/msgpack as a peer: a line in, a line out. The tagged form is described in ConformanceTree.cs.
// decode: hex of one value -> its tagged form, as JSON.   encode: tagged form -> hex.   encode-wide: every integer in 64 bits.
import { createInterface } from "node:readline";
import { decode, encode, ExtData } from "@msgpack/msgpack";

const hex = (bytes) => Buffer.from(bytes).toString("hex");

function tagged(value) {
  if (value === null || typeof value === "boolean") return value;
  if (typeof value === "bigint" || Number.isInteger(value)) return { i: value.toString() };
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleBE(value);
    return { f: hex(bytes) };
  }
  if (typeof value === "string") return { s: hex(Buffer.from(value, "utf8")) };
  if (value instanceof Uint8Array) return { b: hex(value) };
  if (Array.isArray(value)) return value.map(tagged);
  if (value instanceof ExtData) return { x: [value.type, hex(value.data)] };
  return { m: Object.entries(value).map(([k, v]) => [tagged(k), tagged(v)]) };
}

function plain(value, wide) {
  if (value === null || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((v) => plain(v, wide));
  const [[kind, content]] = Object.entries(value);
  switch (kind) {
    case "i": {
      // With useBigInt64 this library writes a Number of 2^32 or more as a float, which is no integer of the protocol.
      const number = BigInt(content);
      return !wide && number <= 0xffffffffn && number >= -0x80000000n ? Number(number) : number;
    }
    case "f": return Buffer.from(content, "hex").readDoubleBE();
    case "s": return Buffer.from(content, "hex").toString("utf8");
    case "b": return new Uint8Array(Buffer.from(content, "hex"));
    case "m": return Object.fromEntries(content.map(([k, v]) => [plain(k, wide), plain(v, wide)]));
    case "x": return new ExtData(content[0], new Uint8Array(Buffer.from(content[1], "hex")));
    default: throw new TypeError(kind);
  }
}

const options = { useBigInt64: true };
const answers = {
  decode: (line) => JSON.stringify(tagged(decode(Buffer.from(line, "hex"), options))),
  encode: (line) => hex(encode(plain(JSON.parse(line), false), options)),
  "encode-wide": (line) => hex(encode(plain(JSON.parse(line), true), options)),
};
const answer = answers[process.argv[2]];
const output = [];
for await (const line of createInterface({ input: process.stdin })) {
  output.push(answer(line.trim()));
}
process.stdout.write(output.join("\n") + (output.length > 0 ? "\n" : ""));
