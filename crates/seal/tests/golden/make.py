"""Writes the golden files beside it, without any code of ours: the formats once more, from docs/seal-formats.md.

Roots and paths come from the library pymerkle, signatures from the library cryptography; proofs of consistency, which pymerkle gives in
another form, from their definition in RFC 6962, section 2.1.2, read off word for word; the rest is this page. Run it with both
installed (`pip install pymerkle cryptography`) and compare: a difference means that a format changed, which must never happen to a
format that was in use. Give the new one a new name and keep the old file.
"""

import base64
import hashlib
import json
import pathlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pymerkle import InmemoryTree

HERE = pathlib.Path(__file__).parent
ORIGIN = "register.example/care"
WITNESS = "witness.example/one"
AT = 1_764_000_000


def b64(data):
    return base64.b64encode(data).decode()


def sha(*pieces):
    return hashlib.sha256(b"".join(pieces)).digest()


def record(index):
    """The record of a leaf: any thirty-two bytes stand for an entry hash."""
    return sha(b"golden entry %d" % index)


def keep(name, text):
    (HERE / name).write_bytes(text.encode() if isinstance(text, str) else text)


class Key:
    """A key of kind 1 (log) or 4 (witness)."""

    def __init__(self, name, kind, seed):
        self.name, self.kind, self.seed = name, bytes([kind]), seed
        self.secret = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self.secret.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        self.id = sha(name.encode(), b"\n", self.kind, self.public)[:4]

    def vkey(self):
        return f"{self.name}+{self.id.hex()}+{b64(self.kind + self.public)}"

    def skey(self):
        return f"PRIVATE+KEY+{self.name}+{self.id.hex()}+{b64(self.kind + self.seed)}"

    def line(self, text, at=None):
        if at is None:
            signature = self.secret.sign(text.encode())
        else:
            signature = at.to_bytes(8, "big") + self.secret.sign(f"cosignature/v1\ntime {at}\n{text}".encode())
        return f"— {self.name} {b64(self.id + signature)}\n"


def tree(size):
    grown = InmemoryTree(algorithm="sha256")
    for index in range(size):
        grown.append_entry(record(index))
    return grown


class Definition:
    """Proofs of consistency as RFC 6962, section 2.1.2, defines them, over the leaves of a tree."""

    def __init__(self, records):
        self.leaves = [sha(b"\0", each) for each in records]
        self.known = {}

    def root(self, start, end):
        if end - start == 1:
            return self.leaves[start]
        if (start, end) not in self.known:
            middle = start + self.split(end - start)
            self.known[start, end] = sha(b"\1", self.root(start, middle), self.root(middle, end))
        return self.known[start, end]

    @staticmethod
    def split(leaves):
        return 1 << ((leaves - 1).bit_length() - 1)

    def proof(self, old, size):
        return self.subproof(old, 0, size, True)

    def subproof(self, old, start, end, complete):
        size = end - start
        if old == size:
            return [] if complete else [self.root(start, end)]
        k = self.split(size)
        if old <= k:
            return self.subproof(old, start, start + k, complete) + [self.root(start + k, end)]
        return self.subproof(old - k, start + k, end, False) + [self.root(start, start + k)]


def path_of(grown, index, size):
    """pymerkle counts leaves from one, and begins the path with the leaf itself."""
    return grown.prove_inclusion(index + 1, size).path[1:]


def proofs(grown, definition, sizes, pairs):
    """Roots, and the SHA-256 over the hashes of each proof: the proofs themselves would be large."""
    lines = []
    for size in sizes:
        root = grown.get_root(size) if size else sha(b"")
        lines.append(f"root {size} {b64(root)}")
    for index, size in pairs:
        path = path_of(grown, index, size)
        lines.append(f"inclusion {index} {size} {len(path)} {b64(sha(*path))}")
    for old, size in [(index + 1, size) for index, size in pairs]:
        path = definition.proof(old, size)
        lines.append(f"consistency {old} {size} {len(path)} {b64(sha(*path))}")
    return "\n".join(lines) + "\n"


def chain():
    """Three entries of one file: header, fact, and in the second a free text."""
    tag, prev = bytes(range(16)), bytes(32)
    lines = [f"file {tag.hex()}"]
    contents = [
        [b'{"kind":"opened"}', b'{"number":1}'],
        [b'{"kind":"noted"}', b'{"number":2}', "A free text: Zażółć.".encode()],
        [b'{"kind":"closed"}', b'{"number":3}'],
    ]
    for n, parts in enumerate(contents, 1):
        hashes = []
        for index, part in enumerate(parts):
            salt = sha(b"salt %d %d" % (n, index))
            hashes.append(sha(b"openward/part/1\n", salt, part))
            lines.append(f"part {n} {index} {b64(salt)} {b64(part)} {b64(hashes[-1])}")
        prev = sha(b"openward/entry/1", tag, n.to_bytes(8, "big"), prev, *hashes)
        lines.append(f"entry {n} {b64(prev)}")
    return tag, prev, "\n".join(lines) + "\n"


def main():
    log = Key(ORIGIN, 1, sha(b"golden log key"))
    witness = Key(WITNESS, 4, sha(b"golden witness key"))
    keep("keys.txt", "".join(f"{line}\n" for line in (log.vkey(), log.skey(), witness.vkey(), witness.skey())))

    small = tree(70)
    pairs = [(index, size) for size in range(1, 34) for index in range(size)]
    pairs += [(index, size) for size in (63, 64, 65, 70) for index in range(size)]
    keep("proofs-small.txt", proofs(small, Definition([record(index) for index in range(70)]), range(71), pairs))
    large = tree(65_537)
    sizes = (255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537)
    edges = [(index, size) for size in sizes for index in (0, 1, 254, 255, 256, 257, 65_535, 65_536, size - 1) if index < size]
    keep("proofs-large.txt", proofs(large, Definition([record(index) for index in range(65_537)]), sizes, edges))

    tag, entry, text = chain()
    keep("chain.txt", text)

    # The third entry of the chain is leaf 5 of a log of 8.
    grown = InmemoryTree(algorithm="sha256")
    for index in range(8):
        grown.append_entry(entry if index == 5 else record(index))
    definition = Definition([entry if index == 5 else record(index) for index in range(8)])
    older = f"{ORIGIN}\n3\n{b64(grown.get_root(3))}\n"
    newer = f"{ORIGIN}\n8\n{b64(grown.get_root(8))}\n"
    checkpoint = f"{newer}\n{log.line(newer)}"
    keep("checkpoint-older.txt", f"{older}\n{log.line(older)}")
    keep("checkpoint.txt", checkpoint)
    witnessed = checkpoint + witness.line(newer, AT)
    keep("checkpoint-witnessed.txt", witnessed)

    first = f"openward receipt v1\n{ORIGIN}\nfile {tag.hex()}\nnumber 3\nentry {b64(entry)}\nat {AT}\n"
    first = f"{first}\n{log.line(first)}"
    keep("receipt-first.txt", first)
    path = "".join(f"{b64(step)}\n" for step in path_of(grown, 5, 8))
    keep("receipt.tlog-proof", f"c2sp.org/tlog-proof@v1\nextra {b64(first.encode())}\nindex 5\n{path}\n{witnessed}")

    steps = "".join(f"{b64(step)}\n" for step in definition.proof(3, 8))
    keep("consistency.txt", f"old 3\n{steps}\n{checkpoint}")

    leaves = [sha(b"\0", record(index)) for index in range(300)]
    keep("tile-0-000.bin", b"".join(leaves[:256]))
    keep("tile-0-001.p-44.bin", b"".join(leaves[256:]))
    keep("tile-1-000.p-1.bin", tree(256).get_root(256))
    keep("tile-entries-001.p-44.bin", b"".join(b"\0\x20" + record(index) for index in range(256, 300)))

    # The names are those of the sorting example in RFC 8785, section 3.2.3.
    value = {
        "€": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
        "😀": "Emoji", "\u0080": "Control", "ö": "Latin Small Letter O With Diaeresis",
        "list": [1, -1, 9007199254740991, True, False, [], {}, "\b\t\n\f\r\"\\/\x1f\x7f"],
    }
    ordered = {name: value[name] for name in sorted(value, key=lambda name: name.encode("utf-16-be"))}
    keep("canon.json", json.dumps(ordered, ensure_ascii=False, separators=(",", ":")))


main()
