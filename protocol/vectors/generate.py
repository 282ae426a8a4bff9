#!/usr/bin/env python3
"""Writes the vectors with Python's msgpack, which shares no code with this repository.

    /usr/bin/python3 protocol/vectors/generate.py          write frames.json, malformed.json, refused.json
    /usr/bin/python3 protocol/vectors/generate.py --check  fail when the files are not what this script writes

Needs python3-msgpack (Debian) or msgpack (pip).
"""
import json
import os
import struct
import sys

import msgpack

FOLDER = os.path.dirname(os.path.abspath(__file__))
TYPES = {
    "HELLO": 0x01, "AUTH": 0x02, "WELCOME": 0x03, "PING": 0x04, "PONG": 0x05, "CLOSE": 0x06, "ERROR": 0x07,
    "DRAINING": 0x08, "JOIN": 0x10, "JOINED": 0x11, "LEAVE": 0x12, "LEFT": 0x13, "PUBLISH": 0x20, "PUB_ACK": 0x21,
    "DELIVER": 0x22, "GAP": 0x23, "QUERY": 0x40, "ANSWER": 0x41, "ROOM": 0x42, "COUNTS": 0x60, "REACT": 0x61,
    "REACTIONS": 0x62,
}
FLAGS = {"ack_wanted": 1, "ephemeral": 2}
ROOMS = ("ephemeral", "rooms")
STATUS = ["channel", "state", "title", "description", "owner", "starts_at_ms", "role", "members_total", "partitioning",
          "sizes", "settings", "notice", "products", "policy_auto"]
# A second word is the variant of the body.
FIELDS = {
    "HELLO": ["magic", "version_min", "version_max", "capabilities", "agent"],
    "AUTH": ["token"],
    "WELCOME": ["version", "capabilities", "server", "session_id", "user_id", "heartbeat_ms", "idle_timeout_ms",
                "client_frame_bytes_max", "server_frame_bytes_max", "payload_bytes_max", "channels_max",
                "publish_window_messages"],
    "CLOSE": ["code", "text", "backoff_ms"],
    "ERROR": ["code", "text", "retry_after_ms", "channel", "number"],
    "DRAINING": ["move_after_ms", "deadline_ms"],
    "JOIN": ["channel", "start", "observe", "positions"],
    "JOINED": ["channel", "from", "top"],
    "LEAVE": ["channel"],
    "LEFT": ["channel", "code"],
    "PUBLISH": ["channel", "producer_id", "number", "kind", "payload"],
    "PUB_ACK": ["channel", "producer_id", "generation", "partition", "epoch", "acks"],
    "DELIVER": ["channel", "generation", "partition", "epoch", "first_seq", "at_ms", "messages"],
    "GAP": ["channel", "after", "until", "reason"],
    "QUERY status": ["what", "channel"],
    "QUERY members": ["what", "channel"],
    "QUERY rooms": ["what", "channel", "state", "search", "after", "max"],
    "QUERY restrictions": ["what", "channel", "after", "after_kind", "max"],
    "ANSWER status": ["what"] + STATUS,
    "ANSWER members": ["what", "channel", "total", "users"],
    "ANSWER rooms": ["what", "channel", "rooms", "more"],
    "ANSWER restrictions": ["what", "channel", "restrictions", "more"],
    "ROOM": STATUS,
    "COUNTS": ["channel", "total", "generation", "partitions"],
    "REACT": ["channel", "reaction", "count"],
    "REACTIONS": ["channel", "reactions"],
}
# How many of its fields a frame must have, where that is not all.
REQUIRED = {"JOIN": 2, "LEFT": 1}
MESSAGE = ["kind", "from", "producer_id", "number", "payload"]
POSITION = ["generation", "partition", "epoch", "seq"]
TUPLES = {
    "messages": MESSAGE,
    "positions": POSITION,
    "settings": ["setting", "value"],
    "products": ["id", "title", "price_minor", "currency", "stock", "link"],
    "rooms": ["name", "title", "state", "starts_at_ms", "members_total"],
    "restrictions": ["user", "kind", "until_ms", "by_role", "reason"],
}
PARTITIONING = ["generation", "mode", "count", "map", "edges"]
# Fields that may need more than 53 bits are strings in the JSON files.
WIDE = {"session_id", "producer_id", "number", "generation", "epoch", "seq", "first_seq", "at_ms", "starts_at_ms", "price_minor",
        "stock", "until_ms"}

MAX = 2**63 - 1
PRODUCER = 0x8F3C21D0A4B5E697
AT = 1767225600000


def shown(name, value):
    """The value as the JSON files have it."""
    if name == "acks":
        return [str(v) for v in value]
    if name in TUPLES:
        return [{f: shown(f, v) for f, v in zip(TUPLES[name], item)} for item in value]
    if name == "partitioning":
        return {f: shown(f, v) for f, v in zip(PARTITIONING, value)}
    if name == "map" and value is not None:
        return value.hex()
    if name == "payload":
        return {"str": value} if isinstance(value, str) else {"bin": value.hex()}
    if name == "value":
        return {"str": value} if isinstance(value, str) else {"uint": str(value)}
    if name in ("from", "top", "after", "until", "start") and isinstance(value, (list, tuple)):
        return {f: shown(f, v) for f, v in zip(POSITION, value)}
    if name in WIDE and value is not None:
        return str(value)
    return value


def frame(kind, body, flags=(), correlation=0):
    """A whole frame; body is bytes, or a list to encode."""
    data = body if isinstance(body, bytes) else msgpack.packb(body, use_bin_type=True)
    bits = sum(FLAGS[f] for f in flags)
    number = kind if isinstance(kind, int) else TYPES[kind.split()[0]]
    return struct.pack(">IBBHI", len(data), number, bits, 0, correlation) + data


valid = []
malformed = []
refused = []


def fields_of(kind, values):
    """The body of a frame with the names of its fields; of one with variants, by its first field."""
    if kind in ("QUERY", "ANSWER"):
        kind += " " + {2: "members", 3: "rooms", 4: "restrictions"}.get(values[0], "status")
    return {f: shown(f, v) for f, v in zip(FIELDS[kind], values)}


def ok(name, about, kind, values=None, flags=(), correlation=0):
    """A frame exactly as a version-1 sender writes it."""
    body = values if values is not None else b""
    entry = {"name": name, "about": about, "type": kind.split()[0], "flags": list(flags), "correlation": correlation}
    entry["body"] = fields_of(kind, values) if values is not None else None
    entry["hex"] = frame(kind, body, flags, correlation).hex()
    valid.append(entry)


def tolerated(name, about, kind, raw, values, flags=(), correlation=0):
    """A frame that a receiver accepts, though a version-1 sender would write it otherwise."""
    entry = {"name": name, "about": about, "type": kind.split()[0], "flags": list(flags), "correlation": correlation}
    entry["body"] = fields_of(kind, values)
    entry["hex"] = frame(kind, raw, flags, correlation).hex()
    entry["reencoded"] = frame(kind, values, flags, correlation).hex()
    valid.append(entry)


def bad(name, about, kind, raw, status):
    malformed.append({"name": name, "about": about, "type": kind.split()[0], "status": status, "hex": frame(kind, raw).hex()})


def no(name, about, state, hexed, answer, code, capabilities=("ephemeral",)):
    refused.append({"name": name, "about": about, "state": state, "capabilities": list(capabilities), "answer": answer,
                    "code": code, "hex": hexed.hex()})


def pack(*values):
    """Values one after the other; bytes are taken as encoded already."""
    return b"".join(v if isinstance(v, bytes) else msgpack.packb(v, use_bin_type=True) for v in values)


def array(count, *values):
    head = bytes([0x90 | count]) if count < 16 else b"\xdc" + struct.pack(">H", count)
    return head + pack(*values)


def within(values, index, value):
    """The same fields but for one."""
    return values[:index] + [value] + values[index + 1:]


HELLO = ["RELAY", 1, 1, ["ephemeral"], "relay-c/1.0"]
WELCOME = [1, ["ephemeral"], "edge-1", 77, "alice", 15000, 45000, 65536, 131072, 61440, 256, 256]
PUBLISH = ["room.1", PRODUCER, 7, 0, "hello"]
TEXT = [0, "alice", PRODUCER, 7, "hello"]
DELIVER = ["room.1", 0, 0, 3, 1043, AT, [TEXT]]
EDGES = [1, 1, 2, None, ["edge-a", "edge-b"]]
SCARF = ["scarf-7", "Silk scarf", 4900, "EUR", 12, "https://shop.example/scarf-7"]
ROOM = ["room.1", 2, "Spring sale", "Everything must go.", "anna", AT, 4, 312, EDGES, [160, 152], [[1, 2000], [8, 20]],
        "Free delivery today", [SCARF], 0]
NEW_ROOM = ["new", 0, "", "", "", 0, 2, 1, [0, 0, 1, None, None], [1], [], "", [], 0]
GROUPS = [2, 2, 8, bytes(bucket % 8 for bucket in range(1024)), None]


def control(*values):
    """The payload of a control."""
    return msgpack.packb(list(values), use_bin_type=True)


def announcement(kind, sender, number, payload):
    """A message that the relay writes."""
    return [kind, sender, PRODUCER if number else 0, number, payload]


SAMPLES = {
    "HELLO": HELLO,
    "AUTH": ["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"],
    "WELCOME": WELCOME,
    "CLOSE": [1004, "read faster", 1500],
    "ERROR": [3007, "join first", 0, "room.1", 7],
    "DRAINING": [4000, 30000],
    "JOIN": ["room.1", [0, 0, 3, 1043]],
    "JOINED": ["room.1", [0, 0, 3, 992], [0, 0, 3, 1042]],
    "LEAVE": ["room.1"],
    "LEFT": ["room.1"],
    "PUBLISH": PUBLISH,
    "PUB_ACK": ["room.1", PRODUCER, 0, 0, 3, [7, 1043]],
    "DELIVER": DELIVER,
    "GAP": ["room.1", [0, 0, 3, 1043], [0, 0, 3, 2000], 1],
    "QUERY status": [1, "room.1"],
    "QUERY members": [2, "room.1"],
    "QUERY rooms": [3, None, 2, "spring", "room.0", 20],
    "QUERY restrictions": [4, "room.1", "bob", 1, 20],
    "ANSWER status": [1] + ROOM,
    "ANSWER members": [2, "room.1", 2, ["alice", "bob"]],
    "ANSWER rooms": [3, None, [["room.1", "Spring sale", 2, AT, 312], ["room.7", "Spring walks", 2, 0, 4]], 0],
    "ANSWER restrictions": [4, "room.1", [["bob", 2, AT, 4, "spam"], ["carl", 1, 0, 5, ""]], 0],
    "ROOM": ROOM,
    "COUNTS": ["room.1", 312, 1, [160, 152]],
    "REACT": ["room.1", 0, 25],
    "REACTIONS": ["room.1", [0, 4210, 3, 17]],
}
# With the fields that may be missing, for what comes behind them.
WHOLE = {
    **SAMPLES,
    "JOIN": ["room.1", [1, 0, 3, 12], 1, [[1, 0, 3, 12], [1, 1, 3, 909]]],
    "LEFT": ["room.1", 3016],
}


def write_valid():
    ok("hello", "Version 1 only, with the one capability.", "HELLO", HELLO)
    ok("hello-rooms", "Both capabilities.", "HELLO", ["RELAY", 1, 1, ["ephemeral", "rooms"], "relay-c/1.0"])
    ok("hello-plain", "No capability, no agent.", "HELLO", ["RELAY", 1, 1, [], ""])
    ok("hello-versions", "A client of several versions.", "HELLO", ["RELAY", 1, 4294967295, [], "x"])
    ok("auth", "A token.", "AUTH", SAMPLES["AUTH"])
    ok("welcome", "The defaults.", "WELCOME", WELCOME)
    ok("welcome-rooms", "Both capabilities agreed.", "WELCOME", within(WELCOME, 1, ["ephemeral", "rooms"]))
    ok("welcome-plain", "No capability agreed; a session id of 63 bits.", "WELCOME",
       [1, [], "", MAX, "", 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295, 4294967295])
    ok("ping", "A heartbeat: a header alone.", "PING", correlation=9)
    ok("pong", "Its answer.", "PONG", correlation=9)
    ok("ping-correlation-max", "The largest correlation.", "PING", correlation=4294967295)
    ok("close-none", "A client that leaves.", "CLOSE", [0, "", 0])
    ok("close-slow-consumer", "Retry family: come back after 1,500 ms.", "CLOSE", SAMPLES["CLOSE"])
    ok("close-token-expired", "Sign-in family.", "CLOSE", [2001, "the token has expired", 0])
    ok("close-unsupported-version", "Final family.", "CLOSE", [3001, "this server speaks version 1", 0])
    ok("close-unknown-code", "A code of a later revision: the thousands say retry.", "CLOSE", [1999, "", 100])
    ok("close-unknown-family", "An unknown family is final.", "CLOSE", [65535, "", 0])
    ok("error-not-joined", "A refused PUBLISH.", "ERROR", SAMPLES["ERROR"], correlation=5)
    ok("error-join-refused", "No number: not a PUBLISH.", "ERROR", [3006, "bad name", 0, "a b", None], correlation=3)
    ok("error-rate-limited", "Retry after 250 ms.", "ERROR", [1003, "slow down", 250, "room.1", MAX], correlation=6)
    ok("error-no-channel", "Neither channel nor number.", "ERROR", [1000, "no master", 1000, None, None], correlation=4)
    ok("draining", "Move after 4 s, before 30 s.", "DRAINING", SAMPLES["DRAINING"])
    ok("join-live", "From the next message.", "JOIN", ["room.1", None], correlation=3)
    ok("join-last-0", "The last 0 messages: the same.", "JOIN", ["room.1", 0], correlation=3)
    ok("join-last", "The last 50 messages.", "JOIN", ["room.1", 50], correlation=3)
    ok("join-last-max", "The most that may be asked for.", "JOIN", ["room.1", 1000], correlation=3)
    ok("join-resume", "After a position.", "JOIN", SAMPLES["JOIN"], correlation=8)
    ok("join-resume-start", "From the oldest retained message.", "JOIN", ["room.1", [0, 0, 0, 0]], correlation=8)
    ok("join-resume-max", "The largest position.", "JOIN", ["room.1", [MAX, 4294967295, MAX, MAX]], correlation=8)
    ok("join-name-shortest", "One character.", "JOIN", ["7", None], correlation=3)
    ok("join-name-longest", "128 bytes.", "JOIN", ["r" + "-" * 127, None], correlation=3)
    ok("joined", "50 messages of history: 993 to 1042.", "JOINED", SAMPLES["JOINED"], correlation=3)
    ok("joined-empty", "A channel without messages.", "JOINED", ["new", [0, 0, 1, 0], [0, 0, 1, 0]], correlation=3)
    ok("joined-epochs", "A resume from before a change of writer.", "JOINED",
       ["room.1", [0, 0, 3, 1043], [0, 0, 5, 1100]], correlation=8)
    ok("leave", "Leave.", "LEAVE", ["room.1"], correlation=10)
    ok("left", "Left.", "LEFT", ["room.1"], correlation=10)
    ok("left-unasked", "The server ended the membership.", "LEFT", ["room.1"])
    ok("publish-text", "No ack wanted.", "PUBLISH", PUBLISH, correlation=5)
    ok("publish-text-acked", "Ack wanted.", "PUBLISH", PUBLISH, ["ack_wanted"], 5)
    ok("publish-unicode", "UTF-8 of 1 to 4 bytes a character.", "PUBLISH",
       ["room.1", PRODUCER, 8, 0, "a\u00e9\u20ac\U0001f600"], ["ack_wanted"], 6)
    ok("publish-empty-text", "An empty text is a message.", "PUBLISH", ["room.1", PRODUCER, 9, 0, ""], (), 7)
    ok("publish-data", "Bytes, all values of the edges.", "PUBLISH",
       ["room.1", PRODUCER, 10, 1, bytes([0, 1, 0x7F, 0x80, 0xFF])], ["ack_wanted"], 8)
    ok("publish-empty-data", "No bytes.", "PUBLISH", ["room.1", PRODUCER, 11, 1, b""], (), 9)
    ok("publish-ephemeral", "Relayed, not logged.", "PUBLISH", ["room.1", PRODUCER, 12, 1, b"\x01"], ["ephemeral"], 10)
    ok("publish-numbers-max", "producer_id has 64 bits, number 63.", "PUBLISH", ["r", 2**64 - 1, MAX, 0, "x"], (), 11)
    ok("publish-numbers-zero", "The smallest forms.", "PUBLISH", ["r", 0, 0, 0, "x"], (), 11)
    for size in (31, 32, 255, 256):
        ok(f"publish-text-{size}-bytes", "A boundary of the string forms.", "PUBLISH", ["r", 1, 1, 0, "t" * size])
    for size in (255, 256):
        ok(f"publish-data-{size}-bytes", "A boundary of the byte array forms.", "PUBLISH", ["r", 1, 1, 1, b"\xc1" * size])
    for bits in (7, 8, 16, 32):
        ok(f"publish-number-{bits}-bits", "The largest of a form.", "PUBLISH", ["r", 1, 2**bits - 1, 0, ""])
        ok(f"publish-number-{bits}-bits-and-one", "The smallest of the next form.", "PUBLISH", ["r", 1, 2**bits, 0, ""])
    ok("pub-ack", "Number 7 is at seq 1043.", "PUB_ACK", SAMPLES["PUB_ACK"])
    ok("pub-ack-many", "Three at once, not in the order of their numbers.", "PUB_ACK",
       ["room.1", PRODUCER, 2, 1, 9, [20, 70000, 18, 70001, MAX, MAX]])
    ok("pub-ack-16-elements", "The array needs the 16-bit form.", "PUB_ACK",
       ["room.1", PRODUCER, 0, 0, 3, [v for n in range(1, 9) for v in (n, 100 + n)]])
    ok("deliver-text", "One message.", "DELIVER", DELIVER)
    ok("deliver-batch", "Three messages: seq 1043, 1044, 1045.", "DELIVER",
       ["room.1", 0, 0, 3, 1043, AT, [TEXT, [1, "bob", 5, 1, b"\x00\xff"], [0, "alice", PRODUCER, 8, "again"]]])
    ok("deliver-split", "Generation 2, partition 1 of a split channel.", "DELIVER",
       ["room.1", 2, 1, 9, 1, AT, [TEXT]])
    ok("deliver-ephemeral", "No position.", "DELIVER", ["room.1", 0, 0, 3, 0, AT, [[1, "bob", 5, 2, b"\x01"]]],
       ["ephemeral"])
    ok("deliver-void", "The place of messages that are too old to be kept: nothing to show.", "DELIVER",
       ["room.1", 0, 0, 3, 1044, AT, [[16, "", 0, 0, b""]]])
    ok("deliver-kind-of-the-relay", "A kind that this version does not know, bytes.", "DELIVER",
       ["room.1", 0, 0, 3, 5, AT, [[200, "", 0, 0, b"\x90"]]])
    ok("deliver-numbers-max", "The largest numbers.", "DELIVER",
       ["r", MAX, 4294967295, MAX, MAX - 1, MAX, [[255, "u" * 128, 2**64 - 1, MAX, b""]]])
    ok("gap-trimmed", "1044 to 2000 are gone.", "GAP", SAMPLES["GAP"])
    ok("gap-history-diverged", "The position goes back: the store lost a tail.", "GAP",
       ["room.1", [0, 0, 3, 1043], [0, 0, 4, 1000], 2])
    ok("gap-skipped", "The delivery cap.", "GAP", ["room.1", [0, 0, 3, 10], [0, 0, 3, 20], 3])
    ok("gap-moved", "A split: from the end of generation 0 to the beginning of partition 1 of generation 1.", "GAP",
       ["room.1", [0, 0, 3, 1044], [1, 1, 3, 0], 4])
    ok("gap-unknown-reason", "A reason of a later revision.", "GAP", ["room.1", [0, 0, 3, 10], [0, 0, 3, 20], 255])


def write_valid_rooms():
    ok("join-observe", "Every partition, from the next message on.", "JOIN", ["room.1", None, 1], correlation=3)
    ok("join-observe-resume", "An observer's positions, one for each partition.", "JOIN", WHOLE["JOIN"], correlation=8)
    ok("join-positions-max", "128 positions.", "JOIN", ["room.1", 0, 1, [[1, p, 1, 1] for p in range(128)]], correlation=8)
    ok("left-banned", "Banned while a member.", "LEFT", ["room.1", 3016])
    ok("left-kicked", "Put out.", "LEFT", ["room.1", 3018])
    ok("error-slow-mode", "Speak again in 1,700 ms.", "ERROR", [1011, "slow mode", 1700, "room.1", 8], correlation=6)
    ok("publish-control-split", "Split by edges: verb 5, mode 1.", "PUBLISH",
       ["room.1", PRODUCER, 20, 2, control(5, 1, 0)], ["ack_wanted"], 12)
    ok("publish-control-set", "Slow mode of 2 s, and a title.", "PUBLISH",
       ["room.1", PRODUCER, 21, 2, control(2, [[1, 2000], [32, "Spring sale"]])], ["ack_wanted"], 13)
    ok("deliver-room", "The slow mode was set by anna.", "DELIVER",
       ["room.1", 0, 0, 3, 1042, AT, [announcement(17, "anna", 21, control(2, [[1, 2000]]))]])
    ok("deliver-split-message", "The last message of generation 0: two partitions follow, by edges.", "DELIVER",
       ["room.1", 0, 0, 3, 1044, AT, [announcement(18, "anna", 20, control(0, 1, EDGES, [160, 152]))]])
    ok("deliver-split-message-after", "The first message of partition 1 of generation 1: the same.", "DELIVER",
       ["room.1", 1, 1, 3, 1, AT, [announcement(18, "anna", 20, control(0, 1, EDGES, [160, 152]))]])
    ok("deliver-deleted", "A message was here; its name is kept.", "DELIVER",
       ["room.1", 0, 0, 3, 1043, AT, [announcement(19, "alice", 7, b"")]])
    ok("deliver-presence", "Bob has come: never logged.", "DELIVER",
       ["room.1", 0, 0, 3, 0, AT, [announcement(20, "", 0, control(1, "bob"))]], ["ephemeral"])
    ok("query-status", "How is the room?", "QUERY", SAMPLES["QUERY status"], correlation=14)
    ok("query-members", "Who is in it?", "QUERY", SAMPLES["QUERY members"], correlation=15)
    ok("query-rooms", "The next 20 live rooms with spring in name or title.", "QUERY", SAMPLES["QUERY rooms"], correlation=16)
    ok("query-rooms-all", "All rooms, as many as fit.", "QUERY", [3, None, None, "", "", 0], correlation=16)
    ok("query-rooms-max", "The longest.", "QUERY", [3, "c" * 512, 255, "s" * 200, "r" * 128, 100], correlation=16)
    ok("query-restrictions", "Who is kept away, after bob's mute?", "QUERY", SAMPLES["QUERY restrictions"], correlation=19)
    ok("query-restrictions-all", "From the beginning, as many as fit.", "QUERY", [4, "room.1", "", 0, 0], correlation=19)
    ok("query-restrictions-max", "The longest.", "QUERY", [4, "c" * 512, "u" * 128, 255, 100], correlation=19)
    ok("query-no-channel", "Readable, and refused by the server.", "QUERY", [1, None], correlation=14)
    ok("query-unknown-what", "A question of a later revision.", "QUERY", [255, "room.1"], correlation=17)
    ok("answer-status", "A room that is split by edges.", "ANSWER", SAMPLES["ANSWER status"], correlation=14)
    ok("answer-status-new", "A room that nobody created.", "ANSWER", [1] + NEW_ROOM, correlation=14)
    ok("answer-members", "Two.", "ANSWER", SAMPLES["ANSWER members"], correlation=15)
    ok("answer-members-many", "More than the room lists.", "ANSWER", [2, "room.1", 4294967295, []], correlation=15)
    ok("answer-members-most", "200 names.", "ANSWER", [2, "room.1", 200, [f"user-{n}" for n in range(200)]], correlation=15)
    ok("answer-rooms", "Two, and that is all.", "ANSWER", SAMPLES["ANSWER rooms"], correlation=16)
    ok("answer-rooms-none", "None.", "ANSWER", [3, None, [], 0], correlation=16)
    ok("answer-rooms-more", "100, and there are more.", "ANSWER", [3, None, [[f"r{n}", "", 0, 0, 1] for n in range(100)], 1], correlation=16)
    ok("answer-restrictions", "A ban with an end and a mute for good.", "ANSWER", SAMPLES["ANSWER restrictions"], correlation=19)
    ok("answer-restrictions-none", "None.", "ANSWER", [4, "room.1", [], 0], correlation=19)
    ok("answer-restrictions-more", "100, and there are more.", "ANSWER",
       [4, "room.1", [[f"u{n}", 3, MAX, 6, "r" * 200] for n in range(100)], 1], correlation=19)
    ok("room", "A room that is split by edges.", "ROOM", ROOM)
    ok("room-new", "A room that nobody created.", "ROOM", NEW_ROOM)
    ok("room-groups", "Eight groups, with the map of the hash buckets.", "ROOM", within(within(ROOM, 8, GROUPS), 9, [39] * 8))
    ok("room-texts", "Settings with texts, texts of two-byte characters, no product.", "ROOM",
       within(within(within(ROOM, 10, [[32, "\u00e9" * 100], [33, "\u00e9" * 1000]]), 3, "\u00e9" * 1000), 12, []))
    ok("room-numbers-max", "The largest numbers.", "ROOM",
       ["r", 255, "", "", "", MAX, 255, 4294967295, [MAX, 255, 128, b"", []], [4294967295] * 128, [[255, MAX]] * 32, "",
        [["", "", MAX, "", MAX, ""]] * 10, 1])
    ok("counts", "312 in two partitions.", "COUNTS", SAMPLES["COUNTS"])
    ok("counts-whole", "A room that is not split.", "COUNTS", ["room.1", 1, 0, [1]])
    ok("counts-max", "The largest numbers.", "COUNTS", ["r", 4294967295, MAX, [4294967295] * 128])
    ok("react", "25 hearts.", "REACT", SAMPLES["REACT"], correlation=18)
    ok("react-max", "The last reaction, as often as one frame may.", "REACT", ["room.1", 31, 100], correlation=18)
    ok("reactions", "Hearts and another one.", "REACTIONS", SAMPLES["REACTIONS"])
    ok("reactions-max", "Every reaction, the largest counts.", "REACTIONS", ["r", [v for n in range(32) for v in (n, 4294967295)]])


def write_tolerated():
    later = ["later", None, True, -1, 1.5, b"\x00", {"k": [1]}, msgpack.ExtType(5, b"\x01\x02\x03")]
    for kind, values in WHOLE.items():
        raw = pack(msgpack.packb(values + later, use_bin_type=True))
        tolerated(f"extra-elements-{kind.lower().replace(' ', '-')}", "Fields of a later revision, of every type.", kind, raw, values)
    tolerated("extra-elements-position", "A position with a fifth element.", "JOIN",
              array(2, "room.1", [0, 0, 3, 1043, "later"]), SAMPLES["JOIN"])
    tolerated("extra-elements-positions", "Positions with a fifth element.", "JOIN",
              pack(within(WHOLE["JOIN"], 3, [p + ["later"] for p in WHOLE["JOIN"][3]])), WHOLE["JOIN"])
    tolerated("extra-elements-partitioning", "A partitioning with a sixth element.", "ROOM",
              pack(within(ROOM, 8, EDGES + ["later"])), ROOM)
    tolerated("extra-elements-settings", "Settings with a third element.", "ROOM",
              pack(within(ROOM, 10, [pair + ["later"] for pair in ROOM[10]])), ROOM)
    tolerated("extra-elements-products", "A product with a seventh element.", "ROOM",
              pack(within(ROOM, 12, [SCARF + ["later"]])), ROOM)
    rooms = SAMPLES["ANSWER rooms"]
    tolerated("extra-elements-rooms", "Rooms with a sixth element.", "ANSWER rooms",
              pack(within(rooms, 2, [room + ["later"] for room in rooms[2]])), rooms)
    tolerated("join-not-observing", "A field that may be missing, and says nothing.", "JOIN", array(3, "room.1", 50, 0), ["room.1", 50])
    tolerated("join-no-positions", "The same for both.", "JOIN", array(4, "room.1", 50, 0, []), ["room.1", 50])
    tolerated("left-code-0", "A field that may be missing, and says nothing.", "LEFT", array(2, "room.1", 0), ["room.1"])
    tolerated("wide-flags", "A small number in the longest form.", "JOIN",
              array(3, "room.1", None, b"\xcf" + struct.pack(">Q", 1)), ["room.1", None, 1])
    tolerated("extra-elements-deepest", "8 arrays open, the body's among them: the most.", "LEAVE",
              array(2, "room.1", b"\x91" * 6 + b"\x90"), ["room.1"])
    tolerated("wide-numbers", "Numbers in the longest form.", "DRAINING",
              array(2, b"\xcf" + struct.pack(">Q", 4000), b"\xce" + struct.pack(">I", 30000)), SAMPLES["DRAINING"])
    tolerated("signed-numbers", "Positive numbers in signed forms.", "DRAINING",
              array(2, b"\xd3" + struct.pack(">q", 4000), b"\xd1" + struct.pack(">h", 30000)), SAMPLES["DRAINING"])
    tolerated("signed-numbers-short", "The same, 8 and 32 bits.", "DRAINING",
              array(2, b"\xd0\x05", b"\xd2" + struct.pack(">i", 30000)), [5, 30000])
    tolerated("wide-lengths", "Array 32 and str 32.", "LEAVE",
              b"\xdd\x00\x00\x00\x01\xdb\x00\x00\x00\x06room.1", ["room.1"])
    tolerated("wide-lengths-16", "Array 16 and str 16.", "LEAVE", b"\xdc\x00\x01\xda\x00\x06room.1", ["room.1"])
    tolerated("wide-lengths-8", "str 8 for a short string.", "LEAVE", b"\x91\xd9\x06room.1", ["room.1"])
    tolerated("wide-payload", "bin 32 for a short payload.", "PUBLISH",
              array(5, "r", 1, 1, 1, b"\xc6\x00\x00\x00\x01\x2a"), ["r", 1, 1, 1, b"\x2a"])
    tolerated("unknown-capability", "A name that this version does not have.", "HELLO",
              pack(["RELAY", 1, 1, ["x-later", "ephemeral"], "relay-c/1.0"]), HELLO)
    tolerated("capabilities-in-another-order", "The order says nothing.", "HELLO",
              pack(["RELAY", 1, 1, ["rooms", "ephemeral"], "relay-c/1.0"]), within(HELLO, 3, ["ephemeral", "rooms"]))
    tolerated("twice-the-same-capability", "Once is enough.", "HELLO",
              pack(["RELAY", 1, 1, ["ephemeral", "ephemeral"], "relay-c/1.0"]), HELLO)


def write_malformed():
    for kind, values in WHOLE.items():
        whole, low = pack(values), kind.lower().replace(" ", "-")
        bad(f"empty-{low}", "No body.", kind, b"", "Truncated")
        bad(f"truncated-{low}", "The last byte is missing.", kind, whole[:-1],
            "Truncated")
        bad(f"too-few-elements-{low}", "One field less than version 1 has.", kind, pack(values[:REQUIRED.get(kind, len(values)) - 1]), "OutOfRange")
        bad(f"trailing-byte-{low}", "A byte after the value.", kind, whole + b"\xc0", "TrailingBytes")
        bad(f"trailing-value-{low}", "A second value.", kind, whole + whole, "TrailingBytes")
        bad(f"map-{low}", "A map, not an array.", kind, pack({str(i): v for i, v in enumerate(values)}), "WrongType")
        bad(f"nil-{low}", "Nil, not an array.", kind, b"\xc0", "WrongType")
        bad(f"first-field-float-{low}", "A float where a string or integer belongs.", kind,
            pack([1.5] + values[1:]), "WrongType")
        bad(f"never-used-code-{low}", "The code 0xc1 is in no MessagePack value.", kind,
            array(len(values), b"\xc1") + pack(*values[1:]), "WrongType")
        bad(f"count-lie-{low}", "An array that claims 4,294,967,295 elements.", kind,
            b"\xdd\xff\xff\xff\xff" + pack(*values), "OutOfRange")
        bad(f"extra-count-lie-{low}", "An ignored map that claims 4,294,967,295 pairs.", kind,
            array(len(values) + 1, *values, b"\xdf\xff\xff\xff\xff"), "OutOfRange")
        bad(f"extra-length-lie-{low}", "An ignored byte array that claims 4,294,967,295 bytes.", kind,
            array(len(values) + 1, *values, b"\xc6\xff\xff\xff\xff\x00"),
            "OutOfRange")
        bad(f"extra-too-deep-{low}", "A ninth array, in an element that is ignored.", kind,
            array(len(values) + 1, *values, b"\x91" * 7 + b"\x90"), "TooDeep")
        bad(f"extra-depth-bomb-{low}", "300 arrays.", kind,
            array(len(values) + 1, *values, b"\x91" * 300 + b"\xc0"), "TooDeep")
        bad(f"extra-map-bomb-{low}", "300 maps.", kind,
            array(len(values) + 1, *values, b"\x81\xc0" * 300 + b"\xc0"), "TooDeep")
    for kind in ("PING", "PONG"):
        bad(f"body-{kind.lower()}", "A body where there is none.", kind, b"\xc0", "TrailingBytes")
    for name, text in (("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"), ("continuation", b"\x80"),
                       ("above-unicode", b"\xf4\x90\x80\x80"), ("cut-short", b"\xe2\x82")):
        text = bytes([0xA0 | len(text)]) + text
        bad(f"utf8-{name}-channel", "Not well-formed UTF-8.", "LEAVE", array(1, text), "BadUtf8")
        bad(f"utf8-{name}-payload", "Not well-formed UTF-8.", "PUBLISH", array(5, "r", 1, 1, 0, text), "BadUtf8")
        bad(f"utf8-{name}-agent", "Not well-formed UTF-8.", "HELLO", array(5, "RELAY", 1, 1, [], text), "BadUtf8")
    bad("string-as-bytes", "A channel as bin.", "LEAVE", pack([b"room.1"]), "WrongType")
    bad("string-too-long", "513 bytes of channel.", "LEAVE", pack(["r" * 513]), "OutOfRange")
    bad("string-length-lie", "A string that claims 4,294,967,295 bytes.", "LEAVE", b"\x91\xdb\xff\xff\xff\xffroom", "OutOfRange")
    bad("negative-fixint", "A negative number.", "DRAINING", pack([-1, 0]), "OutOfRange")
    bad("negative-int8", "A negative number.", "DRAINING", array(2, b"\xd0\xff", 0), "OutOfRange")
    bad("negative-int16", "A negative number.", "DRAINING", pack([-1000, 0]), "OutOfRange")
    bad("negative-int32", "A negative number.", "DRAINING", pack([-100000, 0]), "OutOfRange")
    bad("negative-int64", "A negative number.", "DRAINING", pack([-2**40, 0]), "OutOfRange")
    bad("number-above-32-bits", "A field of 32 bits.", "DRAINING", pack([2**32, 0]), "OutOfRange")
    bad("number-above-63-bits", "number has 63 bits.", "PUBLISH", pack(["r", 1, 2**63, 0, "x"]), "OutOfRange")
    bad("number-as-string", "A number as text.", "PUBLISH", pack(["r", 1, "7", 0, "x"]), "WrongType")
    bad("code-above-16-bits", "A code has 16 bits.", "CLOSE", pack([65536, "", 0]), "OutOfRange")
    bad("join-too-much-history", "1,001 messages.", "JOIN", pack(["room.1", 1001]), "OutOfRange")
    bad("join-start-string", "A start of no known form.", "JOIN", pack(["room.1", "now"]), "WrongType")
    bad("join-position-short", "A position of three.", "JOIN", pack(["room.1", [0, 0, 1]]), "OutOfRange")
    bad("join-position-deep", "An array inside a position.", "JOIN", pack(["room.1", [[0], 0, 0, 0]]), "WrongType")
    bad("joined-position-nil", "A position is not optional here.", "JOINED", pack(["room.1", None, [0, 0, 0, 0]]), "WrongType")
    bad("position-extra-too-deep", "The position's array counts.", "JOIN",
        array(2, "room.1", array(5, 0, 0, 0, 0, b"\x91" * 6 + b"\x90")), "TooDeep")
    bad("publish-kind-3", "No such kind in version 1.", "PUBLISH", pack(["r", 1, 1, 3, b""]), "OutOfRange")
    bad("publish-control-as-string", "Kind 2 needs bytes.", "PUBLISH", pack(["r", 1, 1, 2, "x"]), "WrongType")
    bad("publish-void", "A kind that only the relay writes.", "PUBLISH", pack(["r", 1, 1, 16, b""]), "OutOfRange")
    bad("publish-text-as-bytes", "Kind 0 needs a string.", "PUBLISH", pack(["r", 1, 1, 0, b"x"]), "WrongType")
    bad("publish-data-as-string", "Kind 1 needs bytes.", "PUBLISH", pack(["r", 1, 1, 1, "x"]), "WrongType")
    bad("publish-payload-lie", "A payload longer than the body.", "PUBLISH",
        array(5, "r", 1, 1, 1, b"\xc5\xff\xff\x00"), "Truncated")
    bad("pub-ack-odd", "Half a pair.", "PUB_ACK", pack(["r", 1, 0, 0, 1, [7, 9, 8]]), "OutOfRange")
    bad("pub-ack-nested-pairs", "Pairs as arrays.", "PUB_ACK", pack(["r", 1, 0, 0, 1, [[7, 9], [8, 10]]]), "WrongType")
    bad("capabilities-too-many", "33 names.", "HELLO", pack(["RELAY", 1, 1, ["c"] * 33, ""]), "OutOfRange")
    bad("capability-too-long", "33 bytes.", "HELLO", pack(["RELAY", 1, 1, ["c" * 33], ""]), "OutOfRange")
    bad("capability-number", "A name is a string.", "HELLO", pack(["RELAY", 1, 1, [1], ""]), "WrongType")
    bad("deliver-message-short", "A message of four.", "DELIVER", pack(["r", 0, 0, 1, 1, AT, [TEXT[:4]]]), "OutOfRange")
    bad("deliver-message-not-array", "A message that is a string.", "DELIVER", pack(["r", 0, 0, 1, 1, AT, ["hello"]]), "WrongType")
    bad("deliver-text-as-bytes", "Kind 0 needs a string.", "DELIVER",
        pack(["r", 0, 0, 1, 1, AT, [[0, "a", 1, 1, b"x"]]]), "WrongType")
    bad("deliver-payload-array", "A payload is a string or bytes.", "DELIVER",
        pack(["r", 0, 0, 1, 1, AT, [[200, "a", 1, 1, []]]]), "WrongType")
    bad("deliver-user-too-long", "129 bytes of user id.", "DELIVER",
        pack(["r", 0, 0, 1, 1, AT, [[0, "u" * 129, 1, 1, "x"]]]), "OutOfRange")
    bad("deliver-seq-overflow", "The last seq would need 64 bits.", "DELIVER",
        pack(["r", 0, 0, 1, MAX, AT, [TEXT, TEXT]]), "OutOfRange")
    bad("deliver-message-extra-too-deep", "The arrays of body and batch count.", "DELIVER",
        array(7, "r", 0, 0, 1, 1, AT, array(1, array(6, *TEXT, b"\x91" * 5 + b"\x90"))), "TooDeep")
    bad("extension-for-string", "An extension where a string belongs.", "LEAVE",
        pack([msgpack.ExtType(1, b"room")]), "WrongType")


def write_malformed_rooms():
    def of(kind, index, value):
        return pack(within(WHOLE[kind], index, value))

    for name, about, kind, raw, status in (
            ("join-observe-2", "0 or 1.", "JOIN", of("JOIN", 2, 2), "OutOfRange"),
            ("join-observe-nil", "Missing is not nil.", "JOIN", of("JOIN", 2, None), "WrongType"),
            ("join-observe-true", "A number, not a boolean.", "JOIN", of("JOIN", 2, True), "WrongType"),
            ("join-positions-129", "One too many.", "JOIN", of("JOIN", 3, [[0, 0, 0, 0]] * 129), "OutOfRange"),
            ("join-positions-nil", "Missing is not nil.", "JOIN", of("JOIN", 3, None), "WrongType"),
            ("join-positions-numbers", "Positions are arrays.", "JOIN", of("JOIN", 3, [1, 0, 3, 12]), "WrongType"),
            ("join-positions-short", "A position of three.", "JOIN", of("JOIN", 3, [[1, 0, 3]]), "OutOfRange"),
            ("join-positions-extra-too-deep", "The arrays of body and list count.", "JOIN",
             array(4, "room.1", None, 1, array(1, array(5, 0, 0, 0, 0, b"\x91" * 5 + b"\x90"))), "TooDeep"),
            ("left-code-above-16-bits", "A code has 16 bits.", "LEFT", pack(["room.1", 65536]), "OutOfRange"),
            ("query-what-256", "what has 8 bits.", "QUERY", pack([256, "room.1"]), "OutOfRange"),
            ("query-channel-number", "A channel is a string or nil.", "QUERY", pack([1, 7]), "WrongType"),
            ("query-rooms-short", "Rooms are asked for with six fields.", "QUERY", pack([3, None]), "OutOfRange"),
            ("query-rooms-max-101", "At most 100.", "QUERY", of("QUERY rooms", 5, 101), "OutOfRange"),
            ("query-rooms-state-string", "A number or nil.", "QUERY", of("QUERY rooms", 2, "live"), "WrongType"),
            ("query-rooms-search-too-long", "201 bytes.", "QUERY", of("QUERY rooms", 3, "s" * 201), "OutOfRange"),
            ("query-rooms-after-too-long", "129 bytes.", "QUERY", of("QUERY rooms", 4, "r" * 129), "OutOfRange"),
            ("answer-members-201", "One name too many.", "ANSWER", of("ANSWER members", 3, ["u"] * 201), "OutOfRange"),
            ("answer-members-user-too-long", "129 bytes of user id.", "ANSWER", of("ANSWER members", 3, ["u" * 129]), "OutOfRange"),
            ("answer-members-numbers", "Users are strings.", "ANSWER", of("ANSWER members", 3, [1]), "WrongType"),
            ("answer-rooms-channel", "There is no channel here.", "ANSWER", of("ANSWER rooms", 1, "room.1"), "WrongType"),
            ("answer-rooms-101", "One room too many.", "ANSWER", of("ANSWER rooms", 2, [["r", "", 0, 0, 1]] * 101), "OutOfRange"),
            ("answer-rooms-room-short", "A room of four.", "ANSWER", of("ANSWER rooms", 2, [["r", "", 0, 0]]), "OutOfRange"),
            ("answer-rooms-more-2", "0 or 1.", "ANSWER", of("ANSWER rooms", 3, 2), "OutOfRange"),
            ("query-restrictions-short", "Restrictions are asked for with five fields.", "QUERY", pack([4, "room.1", "", 0]), "OutOfRange"),
            ("query-restrictions-after-too-long", "129 bytes.", "QUERY", of("QUERY restrictions", 2, "u" * 129), "OutOfRange"),
            ("query-restrictions-after-kind-256", "after_kind has 8 bits.", "QUERY", of("QUERY restrictions", 3, 256), "OutOfRange"),
            ("query-restrictions-max-101", "At most 100.", "QUERY", of("QUERY restrictions", 4, 101), "OutOfRange"),
            ("answer-restrictions-101", "One restriction too many.", "ANSWER",
             of("ANSWER restrictions", 2, [["u", 1, 0, 4, ""]] * 101), "OutOfRange"),
            ("answer-restrictions-short", "A restriction of four.", "ANSWER", of("ANSWER restrictions", 2, [["u", 1, 0, 4]]), "OutOfRange"),
            ("answer-restrictions-reason-too-long", "201 bytes.", "ANSWER",
             of("ANSWER restrictions", 2, [["u", 1, 0, 4, "r" * 201]]), "OutOfRange"),
            ("answer-restrictions-user-number", "A user is a string.", "ANSWER", of("ANSWER restrictions", 2, [[1, 1, 0, 4, ""]]), "WrongType"),
            ("answer-restrictions-more-2", "0 or 1.", "ANSWER", of("ANSWER restrictions", 3, 2), "OutOfRange"),
            ("room-state-256", "state has 8 bits.", "ROOM", of("ROOM", 1, 256), "OutOfRange"),
            ("room-title-too-long", "201 bytes.", "ROOM", of("ROOM", 2, "t" * 201), "OutOfRange"),
            ("room-description-too-long", "2,001 bytes.", "ROOM", of("ROOM", 3, "d" * 2001), "OutOfRange"),
            ("room-owner-too-long", "129 bytes.", "ROOM", of("ROOM", 4, "u" * 129), "OutOfRange"),
            ("room-role-256", "role has 8 bits.", "ROOM", of("ROOM", 6, 256), "OutOfRange"),
            ("room-partitioning-nil", "A partitioning is not optional.", "ROOM", of("ROOM", 8, None), "WrongType"),
            ("room-partitioning-short", "A partitioning of four.", "ROOM", of("ROOM", 8, EDGES[:4]), "OutOfRange"),
            ("room-partitioning-129", "One partition too many.", "ROOM", of("ROOM", 8, within(EDGES, 2, 129)), "OutOfRange"),
            ("room-partitioning-map-too-long", "1,025 bytes.", "ROOM", of("ROOM", 8, within(EDGES, 3, b"\0" * 1025)), "OutOfRange"),
            ("room-partitioning-map-string", "A map is bytes.", "ROOM", of("ROOM", 8, within(EDGES, 3, "map")), "WrongType"),
            ("room-partitioning-edges-129", "One edge too many.", "ROOM", of("ROOM", 8, within(EDGES, 4, ["e"] * 129)), "OutOfRange"),
            ("room-partitioning-edge-too-long", "129 bytes.", "ROOM", of("ROOM", 8, within(EDGES, 4, ["e" * 129])), "OutOfRange"),
            ("room-partitioning-extra-too-deep", "The body's array counts.", "ROOM",
             array(14, *ROOM[:8], array(6, *EDGES, b"\x91" * 6 + b"\x90"), *ROOM[9:]), "TooDeep"),
            ("room-sizes-129", "One partition too many.", "ROOM", of("ROOM", 9, [1] * 129), "OutOfRange"),
            ("room-settings-33", "One setting too many.", "ROOM", of("ROOM", 10, [[1, 0]] * 33), "OutOfRange"),
            ("room-setting-short", "A setting without a value.", "ROOM", of("ROOM", 10, [[1]]), "OutOfRange"),
            ("room-setting-256", "A setting has 8 bits.", "ROOM", of("ROOM", 10, [[256, 0]]), "OutOfRange"),
            ("room-setting-nil", "A value is a number or a string.", "ROOM", of("ROOM", 10, [[1, None]]), "WrongType"),
            ("room-setting-bytes", "A value is a number or a string.", "ROOM", of("ROOM", 10, [[32, b"x"]]), "WrongType"),
            ("room-setting-negative", "Numbers are not negative.", "ROOM", of("ROOM", 10, [[1, -1]]), "OutOfRange"),
            ("room-setting-text-too-long", "2,001 bytes.", "ROOM", of("ROOM", 10, [[33, "d" * 2001]]), "OutOfRange"),
            ("room-settings-flat", "Settings are pairs in arrays.", "ROOM", of("ROOM", 10, [1, 2000]), "WrongType"),
            ("room-notice-too-long", "2,001 bytes.", "ROOM", of("ROOM", 11, "n" * 2001), "OutOfRange"),
            ("room-products-11", "One product too many.", "ROOM", of("ROOM", 12, [SCARF] * 11), "OutOfRange"),
            ("room-product-short", "A product of five.", "ROOM", of("ROOM", 12, [SCARF[:5]]), "OutOfRange"),
            ("room-product-id-too-long", "65 bytes.", "ROOM", of("ROOM", 12, [within(SCARF, 0, "i" * 65)]), "OutOfRange"),
            ("room-product-title-too-long", "201 bytes.", "ROOM", of("ROOM", 12, [within(SCARF, 1, "t" * 201)]), "OutOfRange"),
            ("room-product-price-negative", "Prices are not negative.", "ROOM", of("ROOM", 12, [within(SCARF, 2, -1)]), "OutOfRange"),
            ("room-product-currency-4", "Three letters.", "ROOM", of("ROOM", 12, [within(SCARF, 3, "EURO")]), "OutOfRange"),
            ("room-product-link-too-long", "501 bytes.", "ROOM", of("ROOM", 12, [within(SCARF, 5, "l" * 501)]), "OutOfRange"),
            ("room-product-extra-too-deep", "The arrays of body and list count.", "ROOM",
             array(14, *ROOM[:12], array(1, array(7, *SCARF, b"\x91" * 5 + b"\x90")), 0), "TooDeep"),
            ("room-policy-2", "0 or 1.", "ROOM", of("ROOM", 13, 2), "OutOfRange"),
            ("counts-total-above-32-bits", "total has 32 bits.", "COUNTS", of("COUNTS", 1, 2**32), "OutOfRange"),
            ("counts-partitions-129", "One partition too many.", "COUNTS", of("COUNTS", 3, [1] * 129), "OutOfRange"),
            ("counts-partition-string", "A count is a number.", "COUNTS", of("COUNTS", 3, ["1"]), "WrongType"),
            ("react-reaction-32", "0 to 31.", "REACT", of("REACT", 1, 32), "OutOfRange"),
            ("react-reaction-string", "A number.", "REACT", of("REACT", 1, "heart"), "WrongType"),
            ("react-count-101", "At most 100.", "REACT", of("REACT", 2, 101), "OutOfRange"),
            ("reactions-odd", "Half a pair.", "REACTIONS", of("REACTIONS", 1, [0, 5, 1]), "OutOfRange"),
            ("reactions-33", "One pair too many.", "REACTIONS", of("REACTIONS", 1, [0, 5] * 33), "OutOfRange"),
            ("reactions-reaction-32", "0 to 31.", "REACTIONS", of("REACTIONS", 1, [32, 5]), "OutOfRange"),
            ("reactions-nested-pairs", "Pairs as arrays.", "REACTIONS", of("REACTIONS", 1, [[0, 5], [3, 1]]), "WrongType")):
        bad(name, about, kind, raw, status)


def write_refused_rooms():
    status, react = frame("QUERY", SAMPLES["QUERY status"], (), 14), frame("REACT", SAMPLES["REACT"], (), 18)
    split = ["room.1", PRODUCER, 20, 2, control(5, 1, 0)]
    no("query-before-auth", "QUERY before AUTH.", "AwaitAuth", status, "CLOSE", "IllegalState")
    for kind in ("QUERY status", "ANSWER status", "ROOM", "COUNTS", "REACT", "REACTIONS"):
        no(f"{kind.split()[0].lower()}-without-rooms", "A frame of a capability that was not agreed.", "Ready",
           frame(kind, SAMPLES[kind]), "CLOSE", "UnknownFrameType")
    for kind in ("ANSWER status", "ROOM", "COUNTS", "REACTIONS"):
        no(f"{kind.split()[0].lower()}-from-client", "A frame that only a server sends.", "Ready", frame(kind, SAMPLES[kind]),
           "CLOSE", "IllegalState", ROOMS)
    no("publish-control-without-rooms", "A kind of a capability that was not agreed.", "Ready",
       frame("PUBLISH", split, ["ack_wanted"], 5), "CLOSE", "MalformedBody")
    no("publish-control-ephemeral", "A change of a room is never ephemeral.", "Ready", frame("PUBLISH", split, ["ephemeral"], 5),
       "ERROR", "BadFlags", ROOMS)
    for name, about, payload, code in (
            ("no-array", "A control that is no array.", b"\xa1a", "MalformedBody"),
            ("no-verb", "A control without a verb.", b"\x90", "MalformedBody"),
            ("cut", "A control that ends within its reason.", control(9, "bob", 60, "spam")[:-1], "MalformedBody"),
            ("bytes-behind", "Bytes behind a control.", control(3) + b"\x00", "MalformedBody"),
            ("verb-unknown", "A verb that this version does not have.", control(7), "BadArgument"),
            ("argument-missing", "A mute for no time.", control(9, "bob"), "BadArgument"),
            ("argument-type", "A number where the reason belongs.", control(9, "bob", 60, 1), "BadArgument"),
            ("argument-range", "More seconds than there are.", control(9, "bob", 1 << 32, ""), "BadArgument"),
            ("argument-no-utf8", "A user that is no UTF-8.", b"\x94\x09\xa1\xff\x3c\xa0", "BadArgument"),
            ("user-control-character", "A user whom no token can name.", control(9, "b\nob", 60, ""), "BadArgument")):
        no(f"publish-control-{name}", about, "Ready", frame("PUBLISH", ["room.1", PRODUCER, 20, 2, payload], ["ack_wanted"], 5),
           "ERROR", code, ROOMS)
    no("query-flags", "A flag that QUERY does not have.", "Ready", frame("QUERY", SAMPLES["QUERY status"], ["ack_wanted"], 14),
       "CLOSE", "BadFlags", ROOMS)
    no("react-flags", "A flag that REACT does not have.", "Ready", frame("REACT", SAMPLES["REACT"], ["ephemeral"], 18),
       "CLOSE", "BadFlags", ROOMS)
    no("query-unknown-what", "A question that this version does not have.", "Ready", frame("QUERY", [255, "room.1"], (), 14),
       "ERROR", "BadArgument", ROOMS)
    no("query-without-channel", "Status of what?", "Ready", frame("QUERY", [1, None], (), 14), "ERROR", "BadChannelName", ROOMS)
    no("query-name-space", "Outside the alphabet.", "Ready", frame("QUERY", [2, "a b"], (), 14), "ERROR", "BadChannelName", ROOMS)
    no("react-not-joined", "Not a member.", "Ready", react, "ERROR", "NotJoined", ROOMS)


def write_refused():
    hello, auth, join = frame("HELLO", HELLO), frame("AUTH", SAMPLES["AUTH"]), frame("JOIN", ["room.1", None], (), 3)
    no("reserved-bytes", "Header bytes 6 and 7 are not zero.", "AwaitHello", hello[:6] + b"\x00\x01" + hello[8:], "CLOSE", "BadMagic")
    no("http", "A request of another protocol.", "AwaitHello", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "CLOSE", "BadMagic")
    no("wrong-magic", "Another magic.", "AwaitHello", frame("HELLO", ["RELAX", 1, 1, [], ""]), "CLOSE", "BadMagic")
    no("magic-missing", "The first field is a number, and the rest is missing too.", "AwaitHello", frame("HELLO", [1]), "CLOSE", "BadMagic")
    no("magic-in-lower-case", "The magic is compared byte by byte.", "AwaitHello", frame("HELLO", ["relay", 1, 1, [], ""]), "CLOSE", "BadMagic")
    no("no-common-version", "Versions 2 to 9.", "AwaitHello", frame("HELLO", ["RELAY", 2, 9, [], ""]), "CLOSE", "UnsupportedVersion")
    no("version-range-upside-down", "Lowest above highest.", "AwaitHello", frame("HELLO", ["RELAY", 2, 1, [], ""]), "CLOSE", "UnsupportedVersion")
    no("version-0", "Version 0 only.", "AwaitHello", frame("HELLO", ["RELAY", 0, 0, [], ""]), "CLOSE", "UnsupportedVersion")
    no("handshake-first-frame-too-large", "4,097 bytes are declared; none follows.", "AwaitHello", struct.pack(">IBBHI", 4097, 1, 0, 0, 0), "CLOSE", "FrameTooLarge")
    no("handshake-auth-too-large", "4,097 bytes are declared; none follows.", "AwaitAuth", struct.pack(">IBBHI", 4097, 2, 0, 0, 0), "CLOSE", "FrameTooLarge")
    no("auth-first", "AUTH before HELLO.", "AwaitHello", auth, "CLOSE", "IllegalState")
    no("ping-first", "PING before HELLO.", "AwaitHello", frame("PING", b""), "CLOSE", "IllegalState")
    no("join-first", "JOIN before HELLO.", "AwaitHello", join, "CLOSE", "IllegalState")
    no("hello-twice", "HELLO again.", "AwaitAuth", hello, "CLOSE", "IllegalState")
    no("join-before-auth", "JOIN before AUTH.", "AwaitAuth", join, "CLOSE", "IllegalState")
    no("publish-before-auth", "PUBLISH before AUTH.", "AwaitAuth", frame("PUBLISH", PUBLISH), "CLOSE", "IllegalState")
    no("token-invalid", "No token at all.", "AwaitAuth", frame("AUTH", ["x"]), "CLOSE", "TokenInvalid")
    no("hello-flags", "A flag that HELLO does not have.", "AwaitHello", frame("HELLO", HELLO, ["ack_wanted"]), "CLOSE", "BadFlags")
    no("unknown-type-first", "Type 0x7e.", "AwaitHello", frame(0x7E, b""), "CLOSE", "UnknownFrameType")
    no("unknown-type-zero", "Type 0x00 is never one.", "Ready", frame(0x00, b""), "CLOSE", "UnknownFrameType")
    for kind in (0x30, 0x4F, 0x50, 0x6F, 0xF0):
        no(f"unknown-type-{kind:02x}", "A reserved type.", "Ready", frame(kind, b"\x90"), "CLOSE", "UnknownFrameType")
    no("frame-too-large", "65,537 bytes are declared; none follows.", "Ready", struct.pack(">IBBHI", 65537, 0x20, 0, 0, 0), "CLOSE", "FrameTooLarge")
    no("frame-4-gib", "4,294,967,295 bytes are declared.", "Ready", struct.pack(">IBBHI", 4294967295, 0x20, 0, 0, 0), "CLOSE", "FrameTooLarge")
    no("reserved-bytes-later", "The header is checked in every state.", "Ready", join[:6] + b"\x80\x00" + join[8:], "CLOSE", "BadMagic")
    no("hello-when-ready", "HELLO again.", "Ready", hello, "CLOSE", "IllegalState")
    no("auth-when-ready", "AUTH again.", "Ready", auth, "CLOSE", "IllegalState")
    for kind in ("WELCOME", "ERROR", "DRAINING", "JOINED", "LEFT", "PUB_ACK", "DELIVER", "GAP"):
        no(f"{kind.lower()}-from-client", "A frame that only a server sends.", "Ready", frame(kind, SAMPLES[kind]), "CLOSE", "IllegalState")
    no("ping-flags", "A flag that PING does not have.", "Ready", frame("PING", b"", ["ephemeral"]), "CLOSE", "BadFlags")
    no("join-flags", "A flag that JOIN does not have.", "Ready", frame("JOIN", ["room.1", None], ["ephemeral"], 3), "ERROR", "BadFlags")
    no("leave-flags", "A flag that LEAVE does not have.", "Ready", frame("LEAVE", ["room.1"], ["ack_wanted"], 3), "ERROR", "BadFlags")
    no("publish-both-flags", "Both flags.", "Ready", frame("PUBLISH", PUBLISH, ["ack_wanted", "ephemeral"], 3), "ERROR", "BadFlags")
    undefined = bytearray(frame("PUBLISH", PUBLISH, (), 3))
    undefined[5] = 0x80
    no("publish-undefined-flag", "A reserved bit.", "Ready", bytes(undefined), "ERROR", "BadFlags")
    no("publish-not-joined", "Not a member.", "Ready", frame("PUBLISH", PUBLISH, ["ack_wanted"], 5), "ERROR", "NotJoined")
    no("leave-not-joined", "Not a member.", "Ready", frame("LEAVE", ["room.1"], (), 5), "ERROR", "NotJoined")
    for name, channel in (("empty", ""), ("space", "a b"), ("too-long", "r" * 129), ("dot-first", ".a"), ("dash-first", "-a"),
                          ("colon", "inbox:alice"), ("slash", "a/b"), ("accent", "caf\u00e9"), ("null", "a\u0000b"),
                          ("star", "room.*"), ("bidi", "a\u202eb")):
        no(f"join-name-{name}", "Outside the alphabet, length or kind.", "Ready", frame("JOIN", [channel, None], (), 3), "ERROR", "BadChannelName")


def document(about, vectors):
    names = [v["name"] for v in vectors]
    assert len(names) == len(set(names)), "names are unique"
    return json.dumps({"about": about, "vectors": vectors}, indent=1, ensure_ascii=True) + "\n"


def main():
    write_valid()
    write_valid_rooms()
    write_tolerated()
    write_malformed()
    write_malformed_rooms()
    write_refused()
    write_refused_rooms()
    files = {
        "frames.json": document("Frames that every receiver accepts. README.md says what the fields mean.", valid),
        "malformed.json": document("Frames whose body a receiver must treat as malformed.", malformed),
        "refused.json": document("Readable bytes that a server must refuse in the given state.", refused),
    }
    for name, text in files.items():
        path = os.path.join(FOLDER, name)
        if "--check" in sys.argv:
            with open(path, encoding="utf-8") as file:
                if file.read() != text:
                    sys.exit(f"{name} is not what generate.py writes")
        else:
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)


main()
