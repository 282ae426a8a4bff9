#!/usr/bin/env python3
"""Writes the vectors with Python's msgpack, which shares no code with this repository.

    /usr/bin/python3 protocol/vectors/generate.py          write the JSON files beside it
    /usr/bin/python3 protocol/vectors/generate.py --check  fail when the files are not what this script writes

Needs python3-msgpack (Debian) or msgpack (pip).
"""
import base64
import hmac
import json
import os
import struct
import sys

import msgpack

FOLDER = os.path.dirname(os.path.abspath(__file__))
TYPES = {
    "HELLO": 0x01, "AUTH": 0x02, "WELCOME": 0x03, "PING": 0x04, "PONG": 0x05, "CLOSE": 0x06, "ERROR": 0x07,
    "DRAINING": 0x08, "JOIN": 0x10, "JOINED": 0x11, "LEAVE": 0x12, "LEFT": 0x13, "PUBLISH": 0x20, "PUB_ACK": 0x21,
    "DELIVER": 0x22, "GAP": 0x23, "QUERY": 0x40, "ANSWER": 0x41, "ROOM": 0x42, "COMMAND": 0x50, "RESULT": 0x51,
    "REGISTER": 0x52, "REGISTERED": 0x53, "CALL": 0x54, "RETURN": 0x55, "SERVICE": 0x56, "COUNTS": 0x60, "REACT": 0x61,
    "REACTIONS": 0x62,
}
PAYLOADS = {"update": 21, "result": 22, "subscription": 23}
FLAGS = {"ack_wanted": 1, "ephemeral": 2}
ROOMS = ("ephemeral", "rooms")
SERVICES = ("ephemeral", "rooms", "services")
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
    "QUERY menu": ["what", "channel", "locale", "service", "topic", "after", "after_kind", "max"],
    "QUERY subscriptions": ["what", "channel", "after", "max"],
    "ANSWER status": ["what"] + STATUS,
    "ANSWER members": ["what", "channel", "total", "users"],
    "ANSWER rooms": ["what", "channel", "rooms", "more"],
    "ANSWER restrictions": ["what", "channel", "restrictions", "more"],
    "ANSWER menu": ["what", "channel", "entries", "more"],
    "ANSWER subscriptions": ["what", "channel", "subscriptions", "more"],
    "ROOM": STATUS,
    "COMMAND": ["channel", "item", "producer_id", "number", "locale", "service", "verb", "arguments"],
    "RESULT": ["channel", "number", "service", "verb", "text", "card"],
    "REGISTER": ["name", "title", "description", "verbs", "topics", "texts"],
    "REGISTERED": ["name", "instances"],
    "CALL": ["ticket", "verb", "arguments", "subject", "role", "channel", "item", "key", "locale", "deadline_ms", "attempt"],
    "RETURN": ["ticket", "status", "text", "card"],
    "SERVICE": ["channel", "name", "available"],
    "COUNTS": ["channel", "total", "generation", "partitions"],
    "REACT": ["channel", "reaction", "count"],
    "REACTIONS": ["channel", "reactions"],
    # Payloads of messages.
    "update": ["service", "topic", "subjects", "card"],
    "result": ["service", "verb", "item", "text", "card"],
    "subscription": ["event", "topic", "expires_at_ms"],
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
    "verbs": ["name", "summary", "flags", "deadline_ms", "parameters"],
    "parameters": ["name", "summary", "kind", "optional"],
    "topics": ["name", "title", "open", "subjects"],
    "texts": ["locale", "key", "text"],
    "entries": ["kind", "name", "title", "description", "flags"],
    "subscriptions": ["topic", "subjects", "expires_at_ms", "since_ms", "by"],
    "actions": ["label", "verb", "arguments"],
}
# Lists of strings in some bodies and of tuples in others.
SUBJECT_ENTRY = ["name", "title"]
CARD_FIELD = ["name", "value"]
CARD_BODY = ["item", "title", "text", "link", "image", "fields", "actions"]
PARTITIONING = ["generation", "mode", "count", "map", "edges"]
# Fields that may need more than 53 bits are strings in the JSON files.
WIDE = {"session_id", "producer_id", "number", "generation", "epoch", "seq", "first_seq", "at_ms", "starts_at_ms", "price_minor",
        "stock", "until_ms", "ticket", "expires_at_ms", "since_ms"}

MAX = 2**63 - 1
PRODUCER = 0x8F3C21D0A4B5E697
AT = 1767225600000


def shown(name, value):
    """The value as the JSON files have it."""
    if name == "acks":
        return [str(v) for v in value]
    if name in TUPLES:
        return [{f: shown(f, v) for f, v in zip(TUPLES[name], item)} for item in value]
    if name == "fields":
        return [dict(zip(CARD_FIELD, item)) for item in value]
    if name == "subjects":
        return [item if isinstance(item, str) else dict(zip(SUBJECT_ENTRY, item)) for item in value]
    if name == "card" and value is not None:
        return {f: shown(f, v) for f, v in zip(CARD_BODY, value)}
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
payloads = []
lines = []


def fields_of(kind, values):
    """The body of a frame with the names of its fields; of one with variants, by its first field."""
    if kind in ("QUERY", "ANSWER"):
        kind += " " + {2: "members", 3: "rooms", 4: "restrictions", 5: "menu", 6: "subscriptions"}.get(values[0], "status")
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


def payload(name, about, kind, values, raw=None):
    """The payload of a message as a version-1 sender writes it; raw where it is written otherwise and accepted."""
    entry = {"name": name, "about": about, "kind": PAYLOADS[kind], "fields": fields_of(kind, values), "hex": (raw or pack(values)).hex()}
    if raw is not None:
        entry["reencoded"] = pack(values).hex()
    payloads.append(entry)


def bad_payload(name, about, kind, raw, status):
    payloads.append({"name": name, "about": about, "kind": PAYLOADS[kind], "fields": None, "status": status, "hex": raw.hex()})


def line(text, service, verb="", item="", arguments=(), rest=None):
    """A line and what it means; rest is the number of parameters before one of the kind rest, where the verb has such a one."""
    lines.append({"line": text, "rest": rest, "means": {"service": service, "verb": verb, "item": item, "arguments": list(arguments)}})


def bad_line(text, rest=None):
    lines.append({"line": text, "rest": rest, "means": None})


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
CARD = ["offer-7", "Silk scarf", "Until midnight.", "https://shop.example/scarf-7", "https://shop.example/scarf-7.png",
        [["Price", "49.00 EUR"], ["Left", "12"]], [["Order one", "order", ["1"]], ["Details", "show", []]]]
BARE = ["offer-7", "Silk scarf", "", "", "", [], []]
ORDER = ["order", "Orders what the item offers", 2, 0, [["pieces", "How many", 1, 0], ["note", "For the shop", 2, 1]]]
SHOW = ["show", "Shows an offer to the room", 1, 5000, []]
OFFERS = ["offers", "New offers", 0, [["scarves", "Scarves"], ["hats", ""]]]
STOCK = ["stock", "How many are left", 1, []]
TEXTS = [["de", "title", "Laden"], ["de", "verb.order", "Bestellt, was der Beitrag anbietet"]]
# The pairwise subject of alice for the service shop, with the key 00 01 02 ... 1f.
SUBJECT = base64.b32encode(hmac.new(bytes(range(32)), b"shop\x00alice", "sha256").digest()[:16]).decode().lower().rstrip("=")


def card_of(size):
    """A card of that many bytes, every part of which is within its limit."""
    card = within(CARD, 6, [["", "", ["a" * 2000] * 4]] * 2)
    return within(card, 2, "t" * (len(card[2]) + size - len(msgpack.packb(card)) - 1))


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
    "QUERY menu": [5, "room.1", "de", "shop", "", "order", 2, 20],
    "QUERY subscriptions": [6, "room.1", "news.sport", 20],
    "ANSWER status": [1] + ROOM,
    "ANSWER members": [2, "room.1", 2, ["alice", "bob"]],
    "ANSWER rooms": [3, None, [["room.1", "Spring sale", 2, AT, 312], ["room.7", "Spring walks", 2, 0, 4]], 0],
    "ANSWER restrictions": [4, "room.1", [["bob", 2, AT, 4, "spam"], ["carl", 1, 0, 5, ""]], 0],
    "ANSWER menu": [5, "room.1", [[2, "order", "/shop order #ITEM PIECES [NOTE]", "Bestellt, was der Beitrag anbietet", 16],
                                  [3, "shop.offers", "New offers", "", 2]], 0],
    "ANSWER subscriptions": [6, "room.1", [["news.sport", [], 0, AT, "anna"],
                                           ["shop.offers", ["scarves", "hats"], AT + 86400000, AT, "bob"]], 0],
    "ROOM": ROOM,
    "COMMAND": ["room.1", "offer-7", PRODUCER, 30, "de", "shop", "order", ["2", "as a gift"]],
    "RESULT": ["room.1", 30, "shop", "order", "Two were ordered.", CARD],
    "REGISTER": ["shop", "Shop", "Offers of the house.", [ORDER, SHOW], [OFFERS, STOCK], TEXTS],
    "REGISTERED": ["shop", 2],
    "CALL": [41, "order", ["2", "as a gift"], SUBJECT, 2, "room.1", "offer-7", "9c1f0c2b7e5d4a36", "de", 10000, 1],
    "RETURN": [41, 0, "Two were ordered.", CARD],
    "SERVICE": ["room.1", "shop", 1],
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
PAYLOAD_SAMPLES = {
    "update": ["shop", "shop.offers", ["scarves"], CARD],
    "result": ["shop", "show", "offer-7", "On offer now.", CARD],
    "subscription": [1, "shop.offers", AT + 86400000],
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


def write_valid_services():
    ok("hello-services", "All capabilities.", "HELLO", ["RELAY", 1, 1, ["ephemeral", "rooms", "services"], "relay-c/1.0"])
    ok("welcome-services", "All capabilities agreed.", "WELCOME", within(WELCOME, 1, ["ephemeral", "rooms", "services"]))
    ok("join-inbox", "A user's own inbox.", "JOIN", ["inbox:alice", [0, 0, 2, 17]], correlation=3)
    ok("join-inbox-longest", "The longest name that a channel has: 134 bytes.", "JOIN", ["inbox:" + "u" * 128, 0], correlation=3)
    ok("join-topic", "What an operator may join.", "JOIN", ["topic:shop.offers", None], correlation=3)
    ok("publish-line", "A line that is a command.", "PUBLISH",
       ["room.1", PRODUCER, 30, 0, "/shop order #offer-7 2 as a gift"], ["ack_wanted"], 20)
    ok("publish-slashes", "Two slashes: a text.", "PUBLISH", ["room.1", PRODUCER, 31, 0, "//etc is no command"], ["ack_wanted"], 21)
    ok("publish-update", "A service tells those who subscribed to a topic.", "PUBLISH",
       ["topic:shop.offers", PRODUCER, 6, 21, pack(PAYLOAD_SAMPLES["update"])], ["ack_wanted"], 5)
    ok("publish-update-to-inbox", "A service tells one user, whom it knows by a pseudonym.", "PUBLISH",
       ["inbox:" + SUBJECT, PRODUCER, 7, 21, pack(["shop", "", [], BARE])], ["ack_wanted"], 6)
    ok("publish-subscribe", "Scarves and hats, for a day: verb 18.", "PUBLISH",
       ["room.1", PRODUCER, 32, 2, control(18, "shop.offers", ["scarves", "hats"], AT + 86400000)], ["ack_wanted"], 22)
    ok("publish-unsubscribe", "Verb 19.", "PUBLISH", ["inbox:alice", PRODUCER, 33, 2, control(19, "shop.offers")], ["ack_wanted"], 23)
    ok("publish-invite", "Verb 20.", "PUBLISH", ["room.1", PRODUCER, 34, 2, control(20, "shop", 1)], ["ack_wanted"], 24)
    ok("deliver-update", "In a room that has subscribed.", "DELIVER",
       ["room.1", 0, 0, 3, 1047, AT, [announcement(21, "shop-service", 6, pack(PAYLOAD_SAMPLES["update"]))]])
    ok("deliver-result", "What came of alice's command.", "DELIVER",
       ["room.1", 0, 0, 3, 1048, AT, [announcement(22, "alice", 35, pack(PAYLOAD_SAMPLES["result"]))]])
    ok("deliver-subscription", "It ends in a day.", "DELIVER",
       ["room.1", 0, 0, 3, 1049, AT, [announcement(23, "", 0, pack(PAYLOAD_SAMPLES["subscription"]))]])
    ok("error-service-timeout", "Whether it was done is not known.", "ERROR",
       [1013, "shop did not answer", 1000, "room.1", 30], correlation=20)
    ok("error-command-refused", "What the service said.", "ERROR", [3025, "Only 12 are left.", 0, "room.1", 30], correlation=20)
    ok("error-unknown-service", "No room was named.", "ERROR", [3023, "no service is called shpo: shop?", 0, None, 30], correlation=20)
    ok("error-deadline-passed", "To a service: nobody waits any more.", "ERROR", [3027, "too late", 0, None, None], correlation=8)
    ok("query-menu", "What shop can do and tells of, behind the verb order.", "QUERY", SAMPLES["QUERY menu"], correlation=25)
    ok("query-menu-services", "Which services are there?", "QUERY", [5, None, "", "", "", "", 0, 0], correlation=25)
    ok("query-menu-subjects", "The subjects of a topic, for one's own inbox.", "QUERY",
       [5, None, "de", "shop", "shop.offers", "", 0, 0], correlation=25)
    ok("query-menu-max", "The longest.", "QUERY",
       [5, "c" * 512, "l" * 35, "s" * 32, "t" * 97, "a" * 97, 255, 100], correlation=25)
    ok("query-subscriptions", "Behind news.sport.", "QUERY", SAMPLES["QUERY subscriptions"], correlation=26)
    ok("query-subscriptions-own", "Those of one's own inbox.", "QUERY", [6, None, "", 0], correlation=26)
    ok("query-subscriptions-max", "The longest.", "QUERY", [6, "c" * 512, "t" * 97, 64], correlation=26)
    ok("answer-menu", "A verb and a topic; the room has subscribed to it.", "ANSWER", SAMPLES["ANSWER menu"], correlation=25)
    ok("answer-menu-services", "Services, one of which is away.", "ANSWER",
       [5, None, [[1, "news", "News", "", 3], [1, "shop", "Laden", "Offers of the house.", 0]], 0], correlation=25)
    ok("answer-menu-subjects", "100, and there are more.", "ANSWER", [5, "room.1", [[4, f"s{n}", "", "", 0] for n in range(100)], 1], correlation=25)
    ok("answer-menu-none", "None.", "ANSWER", [5, None, [], 0], correlation=25)
    ok("answer-menu-later", "A kind and a flag of a later revision.", "ANSWER", [5, None, [[255, "n" * 97, "t" * 512, "", 255]], 0], correlation=25)
    ok("answer-subscriptions", "All subjects for good, and two for a day.", "ANSWER", SAMPLES["ANSWER subscriptions"], correlation=26)
    ok("answer-subscriptions-own", "None in alice's inbox.", "ANSWER", [6, "inbox:alice", [], 0], correlation=26)
    ok("answer-subscriptions-most", "64, and there are more.", "ANSWER",
       [6, "r", [[f"s.t{n}", [], MAX, MAX, ""] for n in range(64)], 1], correlation=26)
    ok("answer-subscriptions-longest", "One with all that it may have.", "ANSWER",
       [6, "r", [["t" * 97, ["s" * 8] * 64, MAX, MAX, "u" * 128]], 0], correlation=26)
    ok("command", "About an item, in a room.", "COMMAND", SAMPLES["COMMAND"], correlation=20)
    ok("command-help", "To the relay itself: what can shop do?", "COMMAND", [None, "", PRODUCER, 36, "", "", "help", ["shop"]], correlation=20)
    ok("command-no-verb", "The same, short.", "COMMAND", [None, "", PRODUCER, 37, "", "shop", "", []], correlation=20)
    ok("command-arguments-most", "16 arguments, empty ones too, and the largest numbers.", "COMMAND",
       ["r", "i" * 128, 2**64 - 1, MAX, "l" * 35, "s" * 32, "v" * 32, ["", "a b"] * 8], correlation=4294967295)
    ok("command-argument-longest", "2,000 bytes, in characters of two.", "COMMAND", [None, "", 1, 1, "", "s", "v", ["\u00e9" * 1000]])
    ok("result", "With a card.", "RESULT", SAMPLES["RESULT"], correlation=20)
    ok("result-text", "Without one.", "RESULT", [None, 36, "", "help", "/shop order #ITEM PIECES [NOTE]", None], correlation=20)
    ok("result-empty", "The room got it.", "RESULT", ["room.1", 35, "shop", "show", "", None], correlation=20)
    ok("result-longest", "4,000 bytes of text.", "RESULT", [None, MAX, "s" * 32, "v" * 32, "t" * 4000, BARE])
    ok("register", "Two verbs, a closed topic and an open one, two texts.", "REGISTER", SAMPLES["REGISTER"], correlation=2)
    ok("register-bare", "A service that can nothing and tells of nothing.", "REGISTER", ["shop", "Shop", "", [], [], []], correlation=2)
    ok("register-most", "Most verbs, parameters and topics.", "REGISTER",
       ["s", "", "", [["v", "", 255, 4294967295, [["p", "", 255, 1]] * 8]] * 32, [["t", "", 1, []]] * 32, []], correlation=2)
    ok("register-longest", "The longest texts.", "REGISTER",
       ["s" * 32, "t" * 200, "d" * 200, [["v" * 32, "s" * 200, 0, 0, [["p" * 32, "s" * 200, 3, 0]]]],
        [["t" * 64, "t" * 200, 0, [["s" * 64, "t" * 200]]]], [["l" * 35, "k" * 80, "t" * 200]]], correlation=2)
    ok("registered", "The second instance.", "REGISTERED", SAMPLES["REGISTERED"], correlation=2)
    ok("registered-max", "The largest number.", "REGISTERED", ["s", 4294967295], correlation=2)
    ok("call", "From a room that has let the service in.", "CALL", SAMPLES["CALL"])
    ok("call-bare", "From no room, or one that the service is not to know.", "CALL", [1, "v", [], SUBJECT, 2, None, "", "k", "", 1, 1])
    ok("call-again", "A third instance, after two have gone.", "CALL",
       [MAX, "v" * 32, ["a"] * 16, "s" * 64, 255, "r" * 128, "i" * 128, "k" * 64, "l" * 35, 4294967295, 255])
    ok("return", "Done, with a card.", "RETURN", SAMPLES["RETURN"], correlation=8)
    ok("return-refused", "The service does not do it, and says why.", "RETURN", [41, 1, "Only 12 are left.", None], correlation=8)
    ok("return-failed", "The service could not.", "RETURN", [41, 2, "", None], correlation=8)
    ok("return-later", "A status of a later revision.", "RETURN", [MAX, 255, "", BARE], correlation=8)
    ok("service", "It has come.", "SERVICE", SAMPLES["SERVICE"])
    ok("service-gone", "It has gone.", "SERVICE", ["inbox:alice", "shop", 0])
    for name, about, kind, values in (
            ("update", "Of a topic.", "update", PAYLOAD_SAMPLES["update"]),
            ("update-bare", "To a room or inbox, with nothing but a title.", "update", ["shop", "", [], BARE]),
            ("update-longest", "The longest names, most subjects, most fields and actions.", "update",
             ["s" * 32, "t" * 97, ["s"] * 64, ["i" * 128, "t" * 200, "", "l" * 500, "i" * 500, [["n" * 64, "v"]] * 16,
                                               [["l" * 64, "v" * 32, ["a"] * 16]] * 8]]),
            ("result", "With a card.", "result", PAYLOAD_SAMPLES["result"]),
            ("result-card-largest", "A card of 16,384 bytes.", "result", ["shop", "show", "", "", card_of(16384)]),
            ("result-bare", "Without.", "result", ["shop", "show", "", "", None]),
            ("result-longest", "The longest texts.", "result", ["s" * 32, "v" * 32, "i" * 128, "t" * 4000, BARE]),
            ("subscription-ends-soon", "Event 1.", "subscription", PAYLOAD_SAMPLES["subscription"]),
            ("subscription-ended", "Event 2.", "subscription", [2, "shop.offers", AT + 86400000]),
            ("subscription-later", "An event of a later revision; the largest numbers.", "subscription", [255, "t" * 97, MAX])):
        payload(name, about, kind, values)


def write_lines():
    line("/shop", "shop")
    line("/shop   ", "shop")
    line("/shop help", "shop", "help")
    line("/help", "", "help")
    line("/help shop order", "", "help", arguments=["shop", "order"])
    line("/helper", "helper")
    line("/shop order", "shop", "order")
    line("/shop order 2 blue", "shop", "order", arguments=["2", "blue"])
    line("/shop   order  2   blue  ", "shop", "order", arguments=["2", "blue"])
    line("/shop order #offer-7", "shop", "order", "offer-7")
    line("/shop order  #offer-7  2", "shop", "order", "offer-7", ["2"])
    line("/shop order 2 #offer-7", "shop", "order", arguments=["2", "#offer-7"])
    line("/shop order # #offer-7", "shop", "order", arguments=["#offer-7"])
    line('/shop order #of"fer "a"', "shop", "order", 'of"fer', ["a"])
    line('/shop order "#offer-7"', "shop", "order", arguments=["#offer-7"])
    line('/shop order "as a gift" x', "shop", "order", arguments=["as a gift", "x"])
    line('/shop order ""', "shop", "order", arguments=[""])
    line('/shop order "" ""', "shop", "order", arguments=["", ""])
    line(r'/shop order "say \"hi\" \\ now"', "shop", "order", arguments=['say "hi" \\ now'])
    line(r'/shop order "C:\dir\\"', "shop", "order", arguments=["C:\\dir\\"])
    line(r'/shop order C:\dir\\', "shop", "order", arguments=[r"C:\dir\\"])
    line('/shop order 5"', "shop", "order", arguments=['5"'])
    line("/shop order a\tb\nc", "shop", "order", arguments=["a\tb\nc"])
    line("/shop order \u00a0x caf\u00e9 \U0001f600", "shop", "order", arguments=["\u00a0x", "caf\u00e9", "\U0001f600"])
    line("/Shop Order", "Shop", "Order")
    line("/caf\u00e9 x", "caf\u00e9", "x")
    line("/shop say hello  there ", "shop", "say", arguments=["hello  there "], rest=0)
    line('/shop say   "hello" there', "shop", "say", arguments=['"hello" there'], rest=0)
    line('/shop say "hello', "shop", "say", arguments=['"hello'], rest=0)
    line("/shop say #offer-7 hello there", "shop", "say", "offer-7", ["hello there"], rest=0)
    line("/shop say # #hello there", "shop", "say", arguments=["#hello there"], rest=0)
    line("/shop say   ", "shop", "say", rest=0)
    line("/shop order 2  as a gift", "shop", "order", arguments=["2", "as a gift"], rest=1)
    line('/shop order "2 or 3"  as "a" gift', "shop", "order", arguments=["2 or 3", 'as "a" gift'], rest=1)
    line("/shop order 2 ", "shop", "order", arguments=["2"], rest=1)
    for text in ("/", "/ ", "/ shop", '/shop order "', '/shop order "as a gift', '/shop order "a"b', '/shop order ""x', r'/shop order "a\"',
                 '/shop order "a" "b'):
        bad_line(text)
    bad_line('/shop order "2 as a gift', rest=1)


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
    for kind, index, name in (("REGISTER", 3, "verbs"), ("REGISTER", 4, "topics"), ("REGISTER", 5, "texts"), ("ANSWER menu", 2, "entries"),
                              ("ANSWER subscriptions", 2, "subscriptions")):
        values = SAMPLES[kind]
        tolerated(f"extra-elements-{name}", "Each with an element more.", kind,
                  pack(within(values, index, [one + ["later"] for one in values[index]])), values)
    register = SAMPLES["REGISTER"]
    tolerated("extra-elements-parameters", "Parameters with a fifth element.", "REGISTER",
              pack(within(register, 3, [within(ORDER, 4, [one + ["later"] for one in ORDER[4]]), SHOW])), register)
    tolerated("extra-elements-subjects", "Subjects of a topic with a third element.", "REGISTER",
              pack(within(register, 4, [within(OFFERS, 3, [one + ["later"] for one in OFFERS[3]]), STOCK])), register)
    for kind in ("RESULT", "RETURN"):
        values = SAMPLES[kind]
        deep = within(within(CARD, 5, [one + [b"\x00"] for one in CARD[5]]), 6, [one + [{"k": [1]}] for one in CARD[6]])
        tolerated(f"extra-elements-card-{kind.lower()}", "A card with an eighth element, and its fields and actions with one more.", kind,
                  pack(within(values, len(values) - 1, deep + ["later"])), values)
    tolerated("command-channel-empty", "An empty channel is none.", "COMMAND",
              pack(within(SAMPLES["COMMAND"], 0, "")), within(SAMPLES["COMMAND"], 0, None))
    for kind, values in PAYLOAD_SAMPLES.items():
        payload(f"extra-elements-{kind}", "Fields of a later revision, of every type.", kind, values, pack(values + later))
        payload(f"wide-{kind}", "An array in the 32-bit form.", kind, values, b"\xdd" + struct.pack(">I", len(values)) + pack(*values))
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


def write_malformed_services():
    def of(kind, index, value):
        return pack(within(SAMPLES[kind] if kind in SAMPLES else PAYLOAD_SAMPLES[kind], index, value))

    fields, actions = "A field of a card", "An action of a card"
    cards = [
        ("string", "A card that is a string.", "card", "WrongType"),
        ("short", "A card of six.", CARD[:6], "OutOfRange"),
        ("item-too-long", "129 bytes.", within(CARD, 0, "i" * 129), "OutOfRange"),
        ("title-too-long", "201 bytes.", within(CARD, 1, "t" * 201), "OutOfRange"),
        ("text-too-long", "4,001 bytes.", within(CARD, 2, "t" * 4001), "OutOfRange"),
        ("link-too-long", "501 bytes.", within(CARD, 3, "l" * 501), "OutOfRange"),
        ("image-too-long", "501 bytes.", within(CARD, 4, "l" * 501), "OutOfRange"),
        ("image-nil", "Missing is not nil.", within(CARD, 4, None), "WrongType"),
        ("fields-17", "One field too many.", within(CARD, 5, [["n", "v"]] * 17), "OutOfRange"),
        ("field-short", f"{fields} without a value.", within(CARD, 5, [["n"]]), "OutOfRange"),
        ("field-name-too-long", "65 bytes.", within(CARD, 5, [["n" * 65, "v"]]), "OutOfRange"),
        ("field-value-too-long", "501 bytes.", within(CARD, 5, [["n", "v" * 501]]), "OutOfRange"),
        ("field-value-number", f"{fields} is text.", within(CARD, 5, [["n", 1]]), "WrongType"),
        ("actions-9", "One action too many.", within(CARD, 6, [["l", "v", []]] * 9), "OutOfRange"),
        ("action-short", f"{actions} without arguments.", within(CARD, 6, [["l", "v"]]), "OutOfRange"),
        ("action-label-too-long", "65 bytes.", within(CARD, 6, [["l" * 65, "v", []]]), "OutOfRange"),
        ("action-verb-too-long", "33 bytes.", within(CARD, 6, [["l", "v" * 33, []]]), "OutOfRange"),
        ("action-arguments-17", "One argument too many.", within(CARD, 6, [["l", "v", ["a"] * 17]]), "OutOfRange"),
        ("action-argument-too-long", "2,001 bytes.", within(CARD, 6, [["l", "v", ["a" * 2001]]]), "OutOfRange"),
        ("action-argument-number", "Arguments are text.", within(CARD, 6, [["l", "v", [1]]]), "WrongType"),
        ("too-large", "Every part within its limit, and 16,385 bytes in all.", card_of(16385), "OutOfRange")]
    for kind in ("RESULT", "RETURN"):
        for name, about, card, status in cards:
            bad(f"{kind.lower()}-card-{name}", about, kind, of(kind, len(SAMPLES[kind]) - 1, card), status)
    bad("result-card-extra-too-deep", "The arrays of body and card count.", "RESULT",
        array(6, *SAMPLES["RESULT"][:5], array(8, *CARD, b"\x91" * 6 + b"\x90")), "TooDeep")
    bad("return-action-extra-too-deep", "The arrays of body, card and list count.", "RETURN",
        array(4, 41, 0, "", array(7, *CARD[:6], array(1, array(4, "l", "v", [], b"\x91" * 4 + b"\x90")))), "TooDeep")
    for index, kind in ((3, "update"), (4, "result")):
        for name, about, card, status in cards:
            bad_payload(f"{kind}-card-{name}", about, kind, of(kind, index, card), status)
    verb = lambda *values: [values]
    for name, about, kind, raw, status in (
            ("publish-kind-20", "A kind that only the relay writes.", "PUBLISH", pack(["r", 1, 1, 20, b""]), "OutOfRange"),
            ("publish-kind-22", "A kind that only the relay writes.", "PUBLISH", pack(["r", 1, 1, 22, b""]), "OutOfRange"),
            ("publish-update-as-string", "Kind 21 needs bytes.", "PUBLISH", pack(["r", 1, 1, 21, "x"]), "WrongType"),
            ("command-channel-number", "A string or nil.", "COMMAND", of("COMMAND", 0, 1), "WrongType"),
            ("command-channel-too-long", "513 bytes.", "COMMAND", of("COMMAND", 0, "c" * 513), "OutOfRange"),
            ("command-item-too-long", "129 bytes.", "COMMAND", of("COMMAND", 1, "i" * 129), "OutOfRange"),
            ("command-item-nil", "Missing is not nil.", "COMMAND", of("COMMAND", 1, None), "WrongType"),
            ("command-number-above-63-bits", "number has 63 bits.", "COMMAND", of("COMMAND", 3, 2**63), "OutOfRange"),
            ("command-locale-too-long", "36 bytes.", "COMMAND", of("COMMAND", 4, "l" * 36), "OutOfRange"),
            ("command-service-too-long", "33 bytes.", "COMMAND", of("COMMAND", 5, "s" * 33), "OutOfRange"),
            ("command-service-nil", "The relay itself is an empty string.", "COMMAND", of("COMMAND", 5, None), "WrongType"),
            ("command-verb-too-long", "33 bytes.", "COMMAND", of("COMMAND", 6, "v" * 33), "OutOfRange"),
            ("command-arguments-17", "One argument too many.", "COMMAND", of("COMMAND", 7, ["a"] * 17), "OutOfRange"),
            ("command-argument-too-long", "2,001 bytes.", "COMMAND", of("COMMAND", 7, ["a" * 2001]), "OutOfRange"),
            ("command-argument-number", "Arguments are text.", "COMMAND", of("COMMAND", 7, [2]), "WrongType"),
            ("command-arguments-string", "Arguments are an array.", "COMMAND", of("COMMAND", 7, "2"), "WrongType"),
            ("result-number-above-63-bits", "number has 63 bits.", "RESULT", of("RESULT", 1, 2**63), "OutOfRange"),
            ("result-text-too-long", "4,001 bytes.", "RESULT", of("RESULT", 4, "t" * 4001), "OutOfRange"),
            ("register-name-too-long", "33 bytes.", "REGISTER", of("REGISTER", 0, "s" * 33), "OutOfRange"),
            ("register-title-too-long", "201 bytes.", "REGISTER", of("REGISTER", 1, "t" * 201), "OutOfRange"),
            ("register-description-too-long", "2,001 bytes.", "REGISTER", of("REGISTER", 2, "d" * 2001), "OutOfRange"),
            ("register-verbs-33", "One verb too many.", "REGISTER", of("REGISTER", 3, [["v", "", 0, 0, []]] * 33), "OutOfRange"),
            ("register-verb-short", "A verb of four.", "REGISTER", of("REGISTER", 3, verb("v", "", 0, 0)), "OutOfRange"),
            ("register-verb-name-too-long", "33 bytes.", "REGISTER", of("REGISTER", 3, verb("v" * 33, "", 0, 0, [])), "OutOfRange"),
            ("register-verb-summary-too-long", "201 bytes.", "REGISTER", of("REGISTER", 3, verb("v", "s" * 201, 0, 0, [])), "OutOfRange"),
            ("register-verb-flags-256", "flags have 8 bits.", "REGISTER", of("REGISTER", 3, verb("v", "", 256, 0, [])), "OutOfRange"),
            ("register-verb-deadline-above-32-bits", "deadline_ms has 32 bits.", "REGISTER",
             of("REGISTER", 3, verb("v", "", 0, 2**32, [])), "OutOfRange"),
            ("register-verbs-flat", "Verbs are arrays.", "REGISTER", of("REGISTER", 3, ["order"]), "WrongType"),
            ("register-parameters-9", "One parameter too many.", "REGISTER",
             of("REGISTER", 3, verb("v", "", 0, 0, [["p", "", 0, 0]] * 9)), "OutOfRange"),
            ("register-parameter-short", "A parameter of three.", "REGISTER", of("REGISTER", 3, verb("v", "", 0, 0, [["p", "", 0]])), "OutOfRange"),
            ("register-parameter-name-too-long", "33 bytes.", "REGISTER",
             of("REGISTER", 3, verb("v", "", 0, 0, [["p" * 33, "", 0, 0]])), "OutOfRange"),
            ("register-parameter-summary-too-long", "201 bytes.", "REGISTER",
             of("REGISTER", 3, verb("v", "", 0, 0, [["p", "s" * 201, 0, 0]])), "OutOfRange"),
            ("register-parameter-kind-256", "kind has 8 bits.", "REGISTER",
             of("REGISTER", 3, verb("v", "", 0, 0, [["p", "", 256, 0]])), "OutOfRange"),
            ("register-parameter-optional-2", "0 or 1.", "REGISTER", of("REGISTER", 3, verb("v", "", 0, 0, [["p", "", 0, 2]])), "OutOfRange"),
            ("register-parameter-extra-too-deep", "Five arrays are open around it.", "REGISTER",
             array(6, "s", "", "", array(1, array(5, "v", "", 0, 0, array(1, array(5, "p", "", 0, 0, b"\x91" * 3 + b"\x90")))), [], []), "TooDeep"),
            ("register-topics-33", "One topic too many.", "REGISTER", of("REGISTER", 4, [["t", "", 0, []]] * 33), "OutOfRange"),
            ("register-topic-short", "A topic of three.", "REGISTER", of("REGISTER", 4, [["t", "", 0]]), "OutOfRange"),
            ("register-topic-name-too-long", "65 bytes.", "REGISTER", of("REGISTER", 4, [["t" * 65, "", 0, []]]), "OutOfRange"),
            ("register-topic-title-too-long", "201 bytes.", "REGISTER", of("REGISTER", 4, [["t", "t" * 201, 0, []]]), "OutOfRange"),
            ("register-topic-open-true", "A number, not a boolean.", "REGISTER", of("REGISTER", 4, [["t", "", True, []]]), "WrongType"),
            ("register-topic-open-2", "0 or 1.", "REGISTER", of("REGISTER", 4, [["t", "", 2, []]]), "OutOfRange"),
            ("register-subjects-4097", "One subject too many.", "REGISTER", of("REGISTER", 4, [["t", "", 0, [["", ""]] * 4097]]), "OutOfRange"),
            ("register-subject-short", "A subject without a title.", "REGISTER", of("REGISTER", 4, [["t", "", 0, [["s"]]]]), "OutOfRange"),
            ("register-subject-name-too-long", "65 bytes.", "REGISTER", of("REGISTER", 4, [["t", "", 0, [["s" * 65, ""]]]]), "OutOfRange"),
            ("register-subject-title-too-long", "201 bytes.", "REGISTER", of("REGISTER", 4, [["t", "", 0, [["s", "t" * 201]]]]), "OutOfRange"),
            ("register-subject-string", "Subjects here have titles.", "REGISTER", of("REGISTER", 4, [["t", "", 0, ["s"]]]), "WrongType"),
            ("register-texts-257", "One text too many.", "REGISTER", of("REGISTER", 5, [["", "", ""]] * 257), "OutOfRange"),
            ("register-text-short", "A text of two.", "REGISTER", of("REGISTER", 5, [["de", "title"]]), "OutOfRange"),
            ("register-text-locale-too-long", "36 bytes.", "REGISTER", of("REGISTER", 5, [["l" * 36, "title", ""]]), "OutOfRange"),
            ("register-text-key-too-long", "81 bytes.", "REGISTER", of("REGISTER", 5, [["de", "k" * 81, ""]]), "OutOfRange"),
            ("register-text-too-long", "2,001 bytes.", "REGISTER", of("REGISTER", 5, [["de", "description", "t" * 2001]]), "OutOfRange"),
            ("registered-instances-above-32-bits", "instances have 32 bits.", "REGISTERED", of("REGISTERED", 1, 2**32), "OutOfRange"),
            ("call-ticket-above-63-bits", "ticket has 63 bits.", "CALL", of("CALL", 0, 2**63), "OutOfRange"),
            ("call-verb-too-long", "33 bytes.", "CALL", of("CALL", 1, "v" * 33), "OutOfRange"),
            ("call-arguments-17", "One argument too many.", "CALL", of("CALL", 2, ["a"] * 17), "OutOfRange"),
            ("call-subject-too-long", "65 bytes.", "CALL", of("CALL", 3, "s" * 65), "OutOfRange"),
            ("call-role-256", "role has 8 bits.", "CALL", of("CALL", 4, 256), "OutOfRange"),
            ("call-channel-number", "A string or nil.", "CALL", of("CALL", 5, 1), "WrongType"),
            ("call-item-too-long", "129 bytes.", "CALL", of("CALL", 6, "i" * 129), "OutOfRange"),
            ("call-key-too-long", "65 bytes.", "CALL", of("CALL", 7, "k" * 65), "OutOfRange"),
            ("call-locale-too-long", "36 bytes.", "CALL", of("CALL", 8, "l" * 36), "OutOfRange"),
            ("call-deadline-above-32-bits", "deadline_ms has 32 bits.", "CALL", of("CALL", 9, 2**32), "OutOfRange"),
            ("call-attempt-256", "attempt has 8 bits.", "CALL", of("CALL", 10, 256), "OutOfRange"),
            ("return-ticket-above-63-bits", "ticket has 63 bits.", "RETURN", of("RETURN", 0, 2**63), "OutOfRange"),
            ("return-status-256", "status has 8 bits.", "RETURN", of("RETURN", 1, 256), "OutOfRange"),
            ("return-text-too-long", "4,001 bytes.", "RETURN", of("RETURN", 2, "t" * 4001), "OutOfRange"),
            ("service-channel-nil", "A channel is not optional here.", "SERVICE", of("SERVICE", 0, None), "WrongType"),
            ("service-name-too-long", "33 bytes.", "SERVICE", of("SERVICE", 1, "s" * 33), "OutOfRange"),
            ("service-available-2", "0 or 1.", "SERVICE", of("SERVICE", 2, 2), "OutOfRange"),
            ("query-menu-short", "A menu is asked for with eight fields.", "QUERY", pack([5, None, "", "", "", "", 0]), "OutOfRange"),
            ("query-menu-locale-too-long", "36 bytes.", "QUERY", of("QUERY menu", 2, "l" * 36), "OutOfRange"),
            ("query-menu-service-too-long", "33 bytes.", "QUERY", of("QUERY menu", 3, "s" * 33), "OutOfRange"),
            ("query-menu-service-nil", "All services are an empty string.", "QUERY", of("QUERY menu", 3, None), "WrongType"),
            ("query-menu-topic-too-long", "98 bytes.", "QUERY", of("QUERY menu", 4, "t" * 98), "OutOfRange"),
            ("query-menu-after-too-long", "98 bytes.", "QUERY", of("QUERY menu", 5, "a" * 98), "OutOfRange"),
            ("query-menu-after-kind-256", "after_kind has 8 bits.", "QUERY", of("QUERY menu", 6, 256), "OutOfRange"),
            ("query-menu-max-101", "At most 100.", "QUERY", of("QUERY menu", 7, 101), "OutOfRange"),
            ("query-subscriptions-short", "Subscriptions are asked for with four fields.", "QUERY", pack([6, "room.1", ""]), "OutOfRange"),
            ("query-subscriptions-after-too-long", "98 bytes.", "QUERY", of("QUERY subscriptions", 2, "t" * 98), "OutOfRange"),
            ("query-subscriptions-max-65", "At most 64.", "QUERY", of("QUERY subscriptions", 3, 65), "OutOfRange"),
            ("answer-menu-101", "One line too many.", "ANSWER", of("ANSWER menu", 2, [[1, "s", "", "", 0]] * 101), "OutOfRange"),
            ("answer-menu-entry-short", "A line of four.", "ANSWER", of("ANSWER menu", 2, [[1, "s", "", ""]]), "OutOfRange"),
            ("answer-menu-kind-256", "kind has 8 bits.", "ANSWER", of("ANSWER menu", 2, [[256, "s", "", "", 0]]), "OutOfRange"),
            ("answer-menu-name-too-long", "98 bytes.", "ANSWER", of("ANSWER menu", 2, [[1, "s" * 98, "", "", 0]]), "OutOfRange"),
            ("answer-menu-title-too-long", "513 bytes.", "ANSWER", of("ANSWER menu", 2, [[1, "s", "t" * 513, "", 0]]), "OutOfRange"),
            ("answer-menu-description-too-long", "2,001 bytes.", "ANSWER", of("ANSWER menu", 2, [[1, "s", "", "d" * 2001, 0]]), "OutOfRange"),
            ("answer-menu-flags-256", "flags have 8 bits.", "ANSWER", of("ANSWER menu", 2, [[1, "s", "", "", 256]]), "OutOfRange"),
            ("answer-menu-more-2", "0 or 1.", "ANSWER", of("ANSWER menu", 3, 2), "OutOfRange"),
            ("answer-subscriptions-channel-nil", "One's own inbox has a name here.", "ANSWER", of("ANSWER subscriptions", 1, None), "WrongType"),
            ("answer-subscriptions-65", "One too many.", "ANSWER", of("ANSWER subscriptions", 2, [["s.t", [], 0, 0, ""]] * 65), "OutOfRange"),
            ("answer-subscriptions-short", "A subscription of four.", "ANSWER", of("ANSWER subscriptions", 2, [["s.t", [], 0, 0]]), "OutOfRange"),
            ("answer-subscriptions-topic-too-long", "98 bytes.", "ANSWER",
             of("ANSWER subscriptions", 2, [["t" * 98, [], 0, 0, ""]]), "OutOfRange"),
            ("answer-subscriptions-subjects-65", "One subject too many.", "ANSWER",
             of("ANSWER subscriptions", 2, [["s.t", ["s"] * 65, 0, 0, ""]]), "OutOfRange"),
            ("answer-subscriptions-subject-too-long", "65 bytes.", "ANSWER",
             of("ANSWER subscriptions", 2, [["s.t", ["s" * 65], 0, 0, ""]]), "OutOfRange"),
            ("answer-subscriptions-by-too-long", "129 bytes.", "ANSWER",
             of("ANSWER subscriptions", 2, [["s.t", [], 0, 0, "u" * 129]]), "OutOfRange"),
            ("answer-subscriptions-more-2", "0 or 1.", "ANSWER", of("ANSWER subscriptions", 3, 2), "OutOfRange")):
        bad(name, about, kind, raw, status)
    for kind, values in PAYLOAD_SAMPLES.items():
        whole = pack(values)
        bad_payload(f"empty-{kind}", "Nothing at all.", kind, b"", "Truncated")
        bad_payload(f"truncated-{kind}", "The last byte is missing.", kind, whole[:-1], "Truncated")
        bad_payload(f"trailing-{kind}", "A byte after the value.", kind, whole + b"\xc0", "TrailingBytes")
        bad_payload(f"short-{kind}", "One field less than version 1 has.", kind, pack(values[:-1]), "OutOfRange")
        bad_payload(f"map-{kind}", "A map, not an array.", kind, pack({str(i): v for i, v in enumerate(values)}), "WrongType")
        bad_payload(f"count-lie-{kind}", "An array that claims 4,294,967,295 elements.", kind, b"\xdd\xff\xff\xff\xff" + pack(*values), "OutOfRange")
        bad_payload(f"extra-too-deep-{kind}", "A ninth array, in an element that is ignored.", kind,
                    array(len(values) + 1, *values, b"\x91" * 7 + b"\x90"), "TooDeep")
    for name, about, kind, raw, status in (
            ("update-card-nil", "An update without a card.", "update", of("update", 3, None), "WrongType"),
            ("update-service-too-long", "33 bytes.", "update", of("update", 0, "s" * 33), "OutOfRange"),
            ("update-topic-too-long", "98 bytes.", "update", of("update", 1, "t" * 98), "OutOfRange"),
            ("update-topic-nil", "No topic is an empty string.", "update", of("update", 1, None), "WrongType"),
            ("update-subjects-65", "One subject too many.", "update", of("update", 2, ["s"] * 65), "OutOfRange"),
            ("update-subject-too-long", "65 bytes.", "update", of("update", 2, ["s" * 65]), "OutOfRange"),
            ("update-subject-no-utf8", "Not well-formed UTF-8.", "update", array(4, "shop", "", array(1, b"\xa1\xff"), BARE), "BadUtf8"),
            ("result-verb-too-long", "33 bytes.", "result", of("result", 1, "v" * 33), "OutOfRange"),
            ("result-item-too-long", "129 bytes.", "result", of("result", 2, "i" * 129), "OutOfRange"),
            ("result-text-too-long", "4,001 bytes.", "result", of("result", 3, "t" * 4001), "OutOfRange"),
            ("subscription-event-256", "event has 8 bits.", "subscription", of("subscription", 0, 256), "OutOfRange"),
            ("subscription-topic-too-long", "98 bytes.", "subscription", of("subscription", 1, "t" * 98), "OutOfRange"),
            ("subscription-expires-above-63-bits", "Times have 63 bits.", "subscription", of("subscription", 2, 2**63), "OutOfRange")):
        bad_payload(name, about, kind, raw, status)


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


def write_refused_services():
    kinds = ("COMMAND", "RESULT", "REGISTER", "REGISTERED", "CALL", "RETURN", "SERVICE")
    for kind in kinds:
        no(f"{kind.lower()}-without-services", "A frame of a capability that was not agreed.", "Ready", frame(kind, SAMPLES[kind]),
           "CLOSE", "UnknownFrameType", ROOMS)
    for kind in ("RESULT", "REGISTERED", "CALL", "SERVICE"):
        no(f"{kind.lower()}-from-client", "A frame that only a server sends.", "Ready", frame(kind, SAMPLES[kind]),
           "CLOSE", "IllegalState", SERVICES)
    for kind in ("COMMAND", "REGISTER", "RETURN"):
        no(f"{kind.lower()}-before-auth", "Before AUTH.", "AwaitAuth", frame(kind, SAMPLES[kind]), "CLOSE", "IllegalState")
        no(f"{kind.lower()}-flags", "A flag that it does not have.", "Ready", frame(kind, SAMPLES[kind], ["ack_wanted"], 20),
           "CLOSE", "BadFlags", SERVICES)
    update = ["topic:shop.offers", PRODUCER, 6, 21, pack(PAYLOAD_SAMPLES["update"])]
    no("publish-update-without-services", "A kind of a capability that was not agreed.", "Ready", frame("PUBLISH", update, ["ack_wanted"], 5),
       "CLOSE", "MalformedBody", ROOMS)
    no("publish-update-ephemeral", "An update is never ephemeral.", "Ready", frame("PUBLISH", update, ["ephemeral"], 5),
       "ERROR", "BadFlags", SERVICES)
    no("publish-update-by-a-member", "Only services do.", "Ready", frame("PUBLISH", update, ["ack_wanted"], 5), "ERROR", "Forbidden", SERVICES)
    for name, channel in (("topic", "topic:shop.offers"), ("inbox", "inbox:carol")):
        no(f"publish-text-to-{name}", "Nobody talks there, and this session is no member.", "Ready",
           frame("PUBLISH", [channel, PRODUCER, 8, 0, "hello"], ["ack_wanted"], 5), "ERROR", "NotJoined", SERVICES)
        no(f"publish-line-to-{name}", "Nor are commands said there by who is no member.", "Ready",
           frame("PUBLISH", [channel, PRODUCER, 8, 0, "/help"], ["ack_wanted"], 5), "ERROR", "NotJoined", SERVICES)
        no(f"publish-control-to-{name}", "Only its user subscribes it to something.", "Ready",
           frame("PUBLISH", [channel, PRODUCER, 8, 2, control(18, "nobody.news", [], 0)], ["ack_wanted"], 5), "ERROR", "Forbidden", SERVICES)
        no(f"join-{name}", "For operators, and for the user whose it is.", "Ready", frame("JOIN", [channel, None], (), 3),
           "ERROR", "Forbidden", SERVICES)
        no(f"join-{name}-without-services", "A channel of a capability that was not agreed.", "Ready", frame("JOIN", [channel, None], (), 3),
           "ERROR", "BadChannelName", ROOMS)
    for name, channel in (("topic-no-dot", "topic:shop"), ("topic-capital", "topic:Shop.offers"), ("topic-two-dots", "topic:shop.offers.hats"),
                          ("topic-digit-first", "topic:shop.1"), ("topic-empty", "topic:"), ("inbox-empty", "inbox:"),
                          ("inbox-too-long", "inbox:" + "u" * 129), ("inbox-line", "inbox:a\nb"), ("kind-unknown", "other:x"),
                          ("kind-capital", "Inbox:carol")):
        no(f"join-name-{name}", "No name of any kind of channel.", "Ready", frame("JOIN", [channel, None], (), 3),
           "ERROR", "BadChannelName", SERVICES)
    no("register-by-a-member", "Its token names no service.", "Ready", frame("REGISTER", SAMPLES["REGISTER"], (), 2),
       "ERROR", "Forbidden", SERVICES)
    no("return-by-a-member", "Of no instance of a service.", "Ready", frame("RETURN", SAMPLES["RETURN"], (), 8),
       "ERROR", "Forbidden", SERVICES)
    no("command-not-joined", "Not a member.", "Ready", frame("COMMAND", SAMPLES["COMMAND"], (), 20), "ERROR", "NotJoined", SERVICES)
    no("command-name-space", "No member of what cannot be.", "Ready", frame("COMMAND", within(SAMPLES["COMMAND"], 0, "a b"), (), 20),
       "ERROR", "NotJoined", SERVICES)
    no("command-in-an-inbox", "An inbox is no room.", "Ready", frame("COMMAND", within(SAMPLES["COMMAND"], 0, "inbox:carol"), (), 20),
       "ERROR", "NotJoined", SERVICES)
    no("command-unknown-service", "No service has that name.", "Ready", frame("COMMAND", within(SAMPLES["COMMAND"], 0, None), (), 20),
       "ERROR", "UnknownService", SERVICES)
    no("publish-line-not-joined", "A line is said in a room.", "Ready", frame("PUBLISH", ["room.1", PRODUCER, 30, 0, "/shop order"], (), 20),
       "ERROR", "NotJoined", SERVICES)
    for name, about, payload_of, code in (
            ("subscribe-no-topic", "There is no such topic.", control(18, "nobody.news", [], 0), "NotFound"),
            ("subscribe-no-dot", "No name of a topic.", control(18, "news", [], 0), "BadArgument"),
            ("subscribe-subjects-65", "One subject too many.", control(18, "nobody.news", ["s"] * 65, 0), "BadArgument"),
            ("subscribe-argument-missing", "No subjects, not even none.", control(18, "nobody.news"), "BadArgument"),
            ("unsubscribe-nothing", "Nothing was subscribed to.", control(19, "nobody.news"), "NotFound"),
            ("invite-unknown", "No service has that name.", control(20, "nobody", 1), "UnknownService"),
            ("invite-capital", "No name of a service.", control(20, "Nobody", 1), "BadArgument"),
            ("invite-not-there", "The room has not let it in.", control(20, "nobody", 0), "NotFound"),
            ("invite-2", "0 or 1.", control(20, "nobody", 2), "BadArgument")):
        no(f"publish-control-{name}", about, "Ready", frame("PUBLISH", ["room.1", PRODUCER, 20, 2, payload_of], ["ack_wanted"], 5),
           "ERROR", code, SERVICES)
    for kind in ("QUERY menu", "QUERY subscriptions"):
        no(f"{kind.lower().replace(' ', '-')}-without-services", "A question of a capability that was not agreed.", "Ready",
           frame(kind, SAMPLES[kind], (), 25), "ERROR", "BadArgument", ROOMS)
    no("query-menu-unknown-service", "No service has that name.", "Ready", frame("QUERY", [5, None, "", "nobody", "", "", 0, 0], (), 25),
       "ERROR", "UnknownService", SERVICES)
    no("query-menu-name-space", "Outside the alphabet.", "Ready", frame("QUERY", [5, "a b", "", "", "", "", 0, 0], (), 25),
       "ERROR", "BadChannelName", SERVICES)
    for kind, values in (("menu", [5, "inbox:carol", "", "", "", "", 0, 0]), ("subscriptions", [6, "inbox:carol", "", 0])):
        no(f"query-{kind}-of-another", "Somebody else's inbox.", "Ready", frame("QUERY", values, (), 26), "ERROR", "BadChannelName", SERVICES)


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
    for kind in (0x30, 0x4F, 0x57, 0x6F, 0xF0):
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
    write_valid_services()
    write_lines()
    write_tolerated()
    write_malformed()
    write_malformed_rooms()
    write_malformed_services()
    write_refused()
    write_refused_rooms()
    write_refused_services()
    files = {
        "frames.json": document("Frames that every receiver accepts. README.md says what the fields mean.", valid),
        "malformed.json": document("Frames whose body a receiver must treat as malformed.", malformed),
        "lines.json": json.dumps({"about": "Lines that are commands, and what they mean.", "lines": lines}, indent=1, ensure_ascii=True) + "\n",
        "payloads.json": document("Payloads of messages of kinds 21 to 23, valid and malformed.", payloads),
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
