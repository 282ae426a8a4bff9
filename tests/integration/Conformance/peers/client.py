"""A chat client written from protocol/PROTOCOL.md, schema.json and vectors/ alone; it shares no code with this repository.

client.py HOST PORT TOKEN ROOM [--also HOST:PORT] [--start GENERATION,PARTITION,EPOCH,SEQ] [--count N]
    publishes each line of its input and prints what happens, one JSON object a line. It ends with CLOSE when its input has
    ended, all of it is answered, and N messages were received. Exit code 0, or 1 after a CLOSE that forbids to come back.
client.py --vectors
    runs protocol/vectors/ through the codec instead, whole and byte by byte, and prints what differs.
"""
import argparse
import collections
import json
import os
import pathlib
import random
import re
import secrets
import select
import socket
import struct
import sys
import time

import msgpack

PROTOCOL = pathlib.Path(__file__).resolve().parents[4] / "protocol"
SCHEMA = json.loads((PROTOCOL / "schema.json").read_text())
FRAMES = {frame["type"]: frame for frame in SCHEMA["frames"]}
TYPES = {frame["name"]: frame["type"] for frame in SCHEMA["frames"]}
DEPTH_MAX, SERVER_FRAME_BYTES_MAX, HANDSHAKE_S = 8, 131_072, 5
ACK_WANTED, EPHEMERAL = SCHEMA["flags"]["ack_wanted"], SCHEMA["flags"]["ephemeral"]


class Ended(Exception):
    """The connection is over. The code is None when the stream ended without CLOSE."""

    def __init__(self, why, code=None, backoff_ms=0):
        super().__init__(why)
        self.code, self.backoff_s = code, backoff_ms / 1000


class Map(list):
    """A map, which no field is: its keys and values."""


def named(values, fields):
    """The elements of an array that this version knows, by name; raises ValueError for what the schema does not allow."""
    if type(values) is not list or len(values) < sum(not field.get("optional") for field in fields):
        raise ValueError("not an array of enough elements")
    result = {}
    for field, value in zip(fields, values):
        result[field["name"]] = checked(value, field, result)
    return result


def checked(value, kind, before):
    name = kind["type"]
    if name in SCHEMA["tuples"]:
        if len(msgpack.packb(value)) > SCHEMA["tuple_bytes_max"].get(name, SERVER_FRAME_BYTES_MAX):
            raise ValueError("too large as a whole")
        return named(value, SCHEMA["tuples"][name])
    if name == "one_of":
        choice = kind.get("chosen_by")
        chosen = choice and choice.get(str(before[choice["field"]]))
        for option in kind["of"]:
            try:
                if chosen in (None, option["type"]):
                    return checked(value, option, before)
            except ValueError:
                pass
    elif name == "array" and type(value) is list:
        kinds = kind.get("items_in_turn") or [kind["items"]]
        if len(value) <= kind.get("items_max", len(value)) and len(value) % kind.get("items_multiple_of", len(kinds)) == 0:
            return [checked(item, kinds[at % len(kinds)], before) for at, item in enumerate(value)]
    elif name == "uint" and type(value) is int and 0 <= value <= int(kind["max"]) and value in kind.get("values", [value]):
        return value
    elif name == "str" and type(value) is str and len(value.encode()) <= kind["bytes_max"]:
        return value
    elif name == "bin" and type(value) is bytes and len(value) <= kind["bytes_max"]:
        return value
    elif name == "nil" and value is None:
        return None
    raise ValueError(f"not the {name} that the schema has")


def decode(frame_type, body):
    variants, fields = FRAMES[frame_type].get("variants"), FRAMES[frame_type].get("fields")
    if fields is None and variants is None:
        if body:
            raise ValueError("a body where there is none")
        return {}
    value = unpacked(body)
    if variants:
        # Those that this version does not know begin in the same way.
        known = [one for one in variants.values() if type(value) is list and value and value[0] == one[0]["const"]]
        fields = known[0] if known else next(iter(variants.values()))[:2]
    message = named(value, fields)
    if frame_type == TYPES["DELIVER"] and message["first_seq"] + len(message["messages"]) - 1 >= 2**63:
        raise ValueError("seq above its limit")
    return message


def unpacked(body):
    """The one value of a body or payload; raises ValueError for what no reader takes, whatever its fields are."""
    value = msgpack.unpackb(body, raw=False, strict_map_key=False, object_pairs_hook=lambda pairs: Map(x for pair in pairs for x in pair))
    level, depth = [value], 0
    while level := [item for item in level if isinstance(item, list)]:
        depth += 1
        if depth > DEPTH_MAX:
            raise ValueError("too deep")
        level = [inner for item in level for inner in item]
    return value


def encode(name, *fields, flags=0, correlation=0):
    body = b"" if not fields else msgpack.packb(list(fields))
    return struct.pack(">IBBHI", len(body), TYPES[name], flags, 0, correlation) + body


class FrameReader:
    """Cuts the stream into frames, and passes over types that it does not know."""

    def __init__(self):
        self.buffer, self.body_bytes_max = bytearray(), SERVER_FRAME_BYTES_MAX

    def feed(self, data):
        self.buffer += data
        while len(self.buffer) >= 12:
            body_bytes, frame_type, flags, _, correlation = struct.unpack_from(">IBBHI", self.buffer)
            if body_bytes > self.body_bytes_max:
                raise ValueError("frame too large")
            if len(self.buffer) < 12 + body_bytes:
                return
            body = bytes(self.buffer[12:12 + body_bytes])
            del self.buffer[:12 + body_bytes]
            if frame_type in FRAMES:
                yield FRAMES[frame_type]["name"], flags, correlation, body


class Client:
    """What outlives a connection: the position, the messages without an answer, the counter of numbers."""

    def __init__(self, options):
        self.token, self.room, self.count = options.token, options.room, options.count
        self.addresses = [(options.host, options.port)] + [(host, int(port)) for host, port in (a.split(":") for a in options.also)]
        self.have = [int(part) for part in options.start.split(",")]
        self.producer_id, self.number = secrets.randbits(64), 0
        self.unanswered = {}
        self.lines, self.rest, self.input_open, self.received = collections.deque(), b"", True, 0

    def run(self):
        failures = 0
        while True:
            began, session = time.monotonic(), None
            try:
                session = Session(self).join()
                while not self.finished():
                    session.pump(self.input_open)
                    if session.move_at and time.monotonic() >= session.move_at:
                        session = self.move(session)
                session.end(0, "done")
                return 0
            except (Ended, OSError, ValueError) as end:
                code, backoff_s = getattr(end, "code", None), getattr(end, "backoff_s", 0)
                emit("end", code=code, text=str(end))
                if code is not None and code // 1000 != 1:
                    return 1  # There is but this one token: what asks for a new one is final, too.
                failures = 0 if time.monotonic() - began > 10 else failures + 1
                time.sleep(backoff_s if code else random.uniform(0.05, min(10, 0.1 * 2**min(failures, 10))))
            finally:
                if session:
                    session.socket.close()
            self.addresses.append(self.addresses.pop(0))

    def move(self, old):
        """Joins elsewhere and then leaves; stays for now when that does not work."""
        self.addresses.append(self.addresses.pop(0))
        try:
            new = Session(self).join()
        except (Ended, OSError, ValueError) as end:
            emit("not-moved", text=str(end))
            old.move_at += 1
            return old
        old.end(0, "moved")
        return new

    def finished(self):
        return not self.input_open and not self.lines and not self.unanswered and self.received >= self.count

    def read_input(self):
        data = os.read(0, 65_536)
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.lines.extend(line.decode() for line in lines)
        self.input_open = bool(data)


class Session:
    """One connection."""

    def __init__(self, client):
        self.client, self.reader, self.welcome, self.joined, self.move_at = client, FrameReader(), None, False, None
        self.correlation, self.in_flight, self.to_send, self.later = 0, set(), collections.deque(), []
        self.socket = socket.create_connection(client.addresses[0], HANDSHAKE_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.opened = self.sent_at = self.received_at = time.monotonic()
        self.send(encode("HELLO", "RELAY", 1, 1, [], "client.py/1") + encode("AUTH", client.token))

    def send(self, data):
        self.socket.sendall(data)
        self.sent_at = time.monotonic()

    def ask(self, name, *fields, flags=0):
        self.correlation += 1
        self.send(encode(name, *fields, flags=flags, correlation=self.correlation))

    def join(self):
        try:
            while not self.joined:
                self.pump(False)
        except BaseException:
            self.socket.close()
            raise
        return self

    def end(self, code, text):
        self.send(encode("CLOSE", code, text, 0))
        self.socket.close()

    def pump(self, with_input):
        """Waits for the socket, the input or the next of the timers, and does what there is to do."""
        window = self.welcome["publish_window_messages"] if self.welcome else 0
        times = [at for at, _ in self.later] + [self.move_at or float("inf")] + [
            self.sent_at + self.welcome["heartbeat_ms"] / 1000, self.received_at + self.welcome["idle_timeout_ms"] / 1000,
        ] if self.welcome else [self.opened + HANDSHAKE_S]
        sources = [self.socket] + ([0] if with_input and len(self.client.lines) < window else [])
        ready, _, _ = select.select(sources, [], [], max(0, min(times) - time.monotonic()))
        if self.socket in ready:
            data = self.socket.recv(65_536)
            if not data:
                raise Ended("the stream ended")
            self.received_at = time.monotonic()
            for name, flags, correlation, body in self.reader.feed(data):
                self.take(name, flags, correlation, decode(TYPES[name], body))
        if 0 in ready:
            self.client.read_input()
        self.on_time(time.monotonic())
        if self.joined:
            self.publish(window)

    def on_time(self, now):
        if self.welcome is None:
            if now >= self.opened + HANDSHAKE_S:
                raise Ended("no answer to the handshake")
            return
        due, self.later = [do for at, do in self.later if at <= now], [(at, do) for at, do in self.later if at > now]
        for do in due:
            do()
        if now >= self.received_at + self.welcome["idle_timeout_ms"] / 1000:
            raise Ended("nothing heard for too long")
        if now >= self.sent_at + self.welcome["heartbeat_ms"] / 1000:
            self.ask("PING")

    def publish(self, window):
        client = self.client
        while len(self.in_flight) < window and (self.to_send or client.lines):
            if self.to_send:
                number = self.to_send.popleft()
            else:
                number = client.number = client.number + 1
                client.unanswered[number] = client.lines.popleft()
            if number in client.unanswered:
                self.in_flight.add(number)
                self.ask("PUBLISH", client.room, client.producer_id, number, 0, client.unanswered[number], flags=ACK_WANTED)

    def take(self, name, flags, correlation, body):
        if name == "WELCOME":
            self.welcome, self.reader.body_bytes_max = body, body["server_frame_bytes_max"]
            emit("welcome", server=body["server"], user=body["user_id"])
            self.ask("JOIN", self.client.room, self.client.have)
        elif name == "PING":
            self.send(encode("PONG", correlation=correlation))
        elif name == "CLOSE":
            raise Ended(body["text"], body["code"], body["backoff_ms"])
        elif name == "DRAINING":
            emit("draining", **body)
            self.move_at = time.monotonic() + body["move_after_ms"] / 1000
        elif name == "ERROR":
            self.refused(body)
        elif name == "PUB_ACK" and body["producer_id"] == self.client.producer_id:
            for number, seq in zip(body["acks"][::2], body["acks"][1::2]):
                self.in_flight.discard(number)
                if self.client.unanswered.pop(number, None) is not None:
                    emit("ack", number=number, seq=seq)
        elif body.get("channel") == self.client.room:
            self.take_of_room(name, flags, body)

    def take_of_room(self, name, flags, body):
        client = self.client
        if name == "JOINED":
            client.have, self.joined = list(body["from"].values()), True
            self.to_send.extend(client.unanswered)
            emit("joined", position=client.have)
        elif name == "GAP":
            client.have = list(body["until"].values())
            emit("gap", position=client.have, reason=body["reason"])
        elif name == "LEFT":
            raise Ended("the membership was ended", 3009)
        elif name == "DELIVER":
            for seq, message in enumerate(body["messages"], body["first_seq"]):
                if not flags & EPHEMERAL:
                    if seq <= client.have[3]:
                        continue
                    if seq > client.have[3] + 1:
                        raise Ended("a hole in the log")
                    client.have = [body["generation"], body["partition"], body["epoch"], seq]
                    client.received += 1
                payload = message["payload"].hex() if isinstance(message["payload"], bytes) else message["payload"]
                emit("message", seq=seq, sender=message["from"], number=message["number"], kind=message["kind"], payload=payload)

    def refused(self, body):
        number, again = body["number"], body["code"] // 1000 == 1
        emit("error", code=body["code"], text=body["text"], number=number)
        self.in_flight.discard(number)
        if number is None:
            if not again:
                raise Ended(body["text"], body["code"])
            action = lambda: self.ask("JOIN", self.client.room, self.client.have)
        elif again:
            action = lambda: self.to_send.append(number)
        else:
            self.client.unanswered.pop(number, None)
            return
        self.later.append((time.monotonic() + body["retry_after_ms"] / 1000, action))


def emit(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)


def line(text, parameters_before_rest):
    """What a command line means by the grammar of section 32; None for what it does not allow."""
    head = re.match(r"/([^ ]+)(?: +([^ ]+)(?: +(#[^ ]*)(?= |$))?)?", text)
    if not head:
        return None
    service, verb, item = (part or "" for part in head.groups())
    at, arguments = head.end(), []
    if service == "help":
        service, verb, at = "", "help", len("/help")
    while at < len(text.rstrip(" ")):
        if len(arguments) == parameters_before_rest:
            arguments.append(text[at:].lstrip(" "))
            break
        argument = re.compile(r' +(?:"((?:\\["\\]|\\(?!["\\])|[^"\\])*)"|([^ "][^ ]*))(?= |$)').match(text, at)
        if not argument:
            return None
        at = argument.end()
        arguments.append(argument[2] if argument[1] is None else re.sub(r'\\(["\\])', r"\1", argument[1]))
    return {"service": service, "verb": verb, "item": item[1:], "arguments": arguments}


def run_vectors():
    """Every valid frame decodes to the vector's fields, however it is cut; every malformed one is refused."""
    def plain(value):
        if isinstance(value, bool) or not isinstance(value, (int, dict, list)):
            return value
        if isinstance(value, int):
            return str(value)
        return {name: plain(item) for name, item in value.items()} if isinstance(value, dict) else [plain(item) for item in value]

    def payloads(message):
        return {**message, "payload": {"bin": message["payload"].hex()} if isinstance(message["payload"], bytes) else {"str": message["payload"]}}

    wrong = 0
    for vector in json.loads((PROTOCOL / "vectors/frames.json").read_text())["vectors"]:
        data = bytes.fromhex(vector["hex"])
        frame, = FrameReader().feed(data)
        for pieces in [[data[:cut], data[cut:]] for cut in range(len(data))] + [[bytes([b]) for b in data]]:
            reader = FrameReader()
            if [frame] != [cut for piece in pieces for cut in reader.feed(piece)]:
                wrong += 1
                print(vector["name"], "cut", [len(piece) for piece in pieces])
                break
        name, flags, correlation, body = frame
        fields = decode(TYPES[name], body)
        if "payload" in fields:
            fields = payloads(fields)
        if "messages" in fields:
            fields["messages"] = [payloads(message) for message in fields["messages"]]
        for setting in fields.get("settings", []):
            value = setting["value"]
            setting["value"] = {"str": value} if isinstance(value, str) else {"uint": value}
        if fields.get("partitioning", {}).get("map") is not None:
            fields["partitioning"]["map"] = fields["partitioning"]["map"].hex()
        if "capabilities" in fields:
            fields["capabilities"] = sorted({c for c in fields["capabilities"] if c in ("ephemeral", "rooms", "services")})
        if name == "COMMAND":
            fields["channel"] = fields["channel"] or None  # Empty is none.
        while fields and (last := list(fields)[-1]) in ("observe", "positions", "code") and not fields[last]:
            del fields[last]  # May be missing, and says nothing.
        flags = [flag for flag, bit in SCHEMA["flags"].items() if flags & bit]
        if [name, flags, correlation, plain(fields or None)] != [vector["type"], vector["flags"], vector["correlation"], plain(vector["body"])]:
            wrong += 1
            print(vector["name"], name, flags, correlation, fields)
    for vector in json.loads((PROTOCOL / "vectors/malformed.json").read_text())["vectors"]:
        try:
            (name, _, _, body), = FrameReader().feed(bytes.fromhex(vector["hex"]))
            print(vector["name"], "was taken:", decode(TYPES[name], body))
            wrong += 1
        except ValueError:
            pass
    for vector in json.loads((PROTOCOL / "vectors/lines.json").read_text())["lines"]:
        if (means := line(vector["line"], vector["rest"])) != vector["means"]:
            wrong += 1
            print(vector["line"], "means", means)
    kinds = {payload["kind"]: payload["fields"] for payload in SCHEMA["payloads"]}
    for vector in json.loads((PROTOCOL / "vectors/payloads.json").read_text())["vectors"]:
        try:
            fields = plain(named(unpacked(bytes.fromhex(vector["hex"])), kinds[vector["kind"]]))
        except ValueError:
            fields = None
        if fields != plain(vector["fields"]):
            wrong += 1
            print(vector["name"], fields)
    return 1 if wrong else 0


def main():
    if sys.argv[1:] == ["--vectors"]:
        return run_vectors()
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("token")
    parser.add_argument("room")
    parser.add_argument("--also", action="append", default=[])
    parser.add_argument("--start", default="0,0,0,0")
    parser.add_argument("--count", type=int, default=0)
    return Client(parser.parse_args()).run()


sys.exit(main())
