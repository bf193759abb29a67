"""Checks proofs, checkpoints and signatures of witnesses with code that others wrote, in another language.

Reads the JSON lines that the test `many` writes: keys and records first, then one proof a line. Uses PyPI's `pymerkle` for the tree and
`cryptography` for Ed25519, and nothing of ours. Each proof is also bent, and must then be refused. `cargo xtask prove` runs it.
"""

import base64
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pymerkle import InmemoryTree, InvalidProof, verify_inclusion


def key(text):
    """Name, id and Ed25519 key of a public key in its text form; the id must be the one that its bytes give."""
    name, number, rest = text.split("+", 2)
    raw = base64.b64decode(rest, validate=True)
    assert hashlib.sha256(name.encode() + b"\n" + raw).digest()[:4].hex() == number, "id of a key"
    return name, raw[0], bytes.fromhex(number), Ed25519PublicKey.from_public_bytes(raw[1:])


def checkpoint(note, log, witness, at):
    """Size and root of a checkpoint whose two signatures are right."""
    text, lines = note.rsplit("\n\n", 1)
    text += "\n"
    signatures = {}
    for line in lines.rstrip("\n").split("\n"):
        dash, name, value = line.split(" ")
        assert dash == "\u2014", "a line of a signature"
        signatures[name] = base64.b64decode(value, validate=True)
    name, kind, number, public = log
    assert kind == 1 and signatures[name][:4] == number, "the log's key"
    public.verify(signatures[name][4:], text.encode())
    name, kind, number, public = witness
    signed = signatures[name]
    seconds = int.from_bytes(signed[4:12], "big")
    assert kind == 4 and signed[:4] == number and seconds == at, "the witness's key"
    public.verify(signed[12:], f"cosignature/v1\ntime {seconds}\n{text}".encode())
    try:
        public.verify(signed[12:], f"cosignature/v1\ntime {seconds + 1}\n{text}".encode())
        raise SystemExit("a signature for another time was taken")
    except InvalidSignature:
        pass
    origin, size, root = text.rstrip("\n").split("\n")
    assert origin == log[0], "the origin"
    return int(size), base64.b64decode(root, validate=True)


def main(path):
    with open(path, encoding="utf-8") as lines:
        first = json.loads(next(lines))
        log, witness = key(first["log"]), key(first["witness"])
        records = [base64.b64decode(record, validate=True) for record in first["records"]]
        tree = InmemoryTree(algorithm="sha256")
        for record in records:
            tree.append_entry(record)
        count = 0
        for line in lines:
            proof = json.loads(line)
            index, size = proof["index"], proof["size"]
            root = bytes.fromhex(proof["root"])
            record = base64.b64decode(proof["record"], validate=True)
            assert record == records[index], "the record"
            assert checkpoint(proof["checkpoint"], log, witness, first["at"]) == (size, root), "the checkpoint"
            assert tree.get_root(size) == root, f"the root over {size}"
            made = tree.prove_inclusion(index + 1, size)
            path_of_ours = [bytes.fromhex(one) for one in proof["path"]]
            assert made.path[1:] == path_of_ours, f"the path of {index} of {size}"
            leaf = hashlib.sha256(b"\x00" + record).digest()
            made.path = [leaf] + path_of_ours
            verify_inclusion(leaf, root, made, index=index + 1, size=size)
            if path_of_ours:
                at = count % len(path_of_ours)
                bent = bytearray(path_of_ours[at])
                bent[count % 32] ^= 1 << (count % 8)
                made.path = [leaf] + path_of_ours[:at] + [bytes(bent)] + path_of_ours[at + 1 :]
                try:
                    verify_inclusion(leaf, root, made, index=index + 1, size=size)
                    raise SystemExit(f"a bent proof was taken: {index} of {size}")
                except InvalidProof:
                    pass
            count += 1
    print(f"{count} proofs and checkpoints with two signatures each were taken, and no bent one was.")


main(sys.argv[1])
