"""Golden data for NumPyGenerator's tests: what NumPy 2.4.6 draws.

Run with Python 3.11 and numpy 2.4.6:

    python scripts/golden/random_numbers.py Tests/RandomTests/Fixtures

Writes numpy.json: for each seed and method 20 000 draws of a fresh generator, as the SHA-256 digest of the draws' bytes
(64 bits each, little-endian) and the first three and last three of them. Numbers of 64 bits are written in hexadecimal,
doubles as their bits. Two cases are more than that:
- normal: draws beyond the ziggurat's tail start go through the platform's log1p. They are listed one by one, and the
  digest is over the others;
- mixed: rounds of two bounded 32-bit integers, a uniform number, a normal number (not in the digest), a bounded 32-bit
  integer, a bounded 64-bit one: generators must keep the half of a word that is left over.
tables is the digest of the ziggurat's three tables, read from NumPy's own library.
"""

import hashlib
import json
import sys
from pathlib import Path

import numpy as np

VERSIONS = {"numpy": "2.4.6"}
SEEDS = [0, 1, 42, 2**32 - 1, 2**63 + 12345]
COUNT = 20_000
BOUNDS = [1, 2, 7, 1000, 2**31 + 1, 2**32 - 1, 2**32, 2**32 + 1, 10**12, 2**62 + 2**61 + 1, 2**63 - 1]
TAIL_START = 3.6541528853610088


def words(array):
    """The draws' bits as 64-bit words."""
    array = np.asarray(array)
    return array.view("<u8") if array.dtype == np.float64 else array.astype("<u8")


def summary(array):
    bits = words(array)
    ends = [format(int(word), "x") for word in [*bits[:3], *bits[-3:]]]
    return {"digest": hashlib.sha256(bits.tobytes()).hexdigest(), "ends": ends}


def normals(seed):
    draws = np.random.default_rng(seed).standard_normal(COUNT)
    beyond = np.abs(draws) > TAIL_START
    tail = [[int(index), format(int(words(draws)[index]), "x")] for index in np.flatnonzero(beyond)]
    return {**summary(draws[~beyond]), "tail": tail}


def mixed(seed):
    random = np.random.default_rng(seed)
    draws = []
    for _ in range(COUNT // 5):
        draws += [int(random.integers(10)), int(random.integers(2**31 + 1)), float(random.random())]
        random.standard_normal()
        draws += [int(random.integers(3)), int(random.integers(2**40))]
    bits = np.concatenate([words(np.array([draw])) for draw in draws])
    return summary(bits)


def case(seed):
    return {
        "seed": format(seed, "x"),
        "words": summary(np.random.PCG64(seed).random_raw(COUNT)),
        "uniform": summary(np.random.default_rng(seed).random(COUNT)),
        "range": summary(np.random.default_rng(seed).uniform(-0.1, 0.3, COUNT)),
        "normal": normals(seed),
        "integers": {str(bound): summary(np.random.default_rng(seed).integers(bound, size=COUNT)) for bound in BOUNDS},
        "mixed": mixed(seed),
    }


def tables():
    """The tables ki, wi and fi of NumPy's ziggurat: 256 words of 64 bits each."""
    library = (Path(np.__file__).parent / "random" / "lib" / "libnpyrandom.a").read_bytes()
    digest = hashlib.sha256()
    # Each is found by its first two entries.
    for first in [np.array([0xEF33D8025EF6A, 0], "<u8"),
                  np.array(["0x1.f493b7815d979p-51", "0x1.b8d0be3fdf6c6p-55"]),
                  np.array(["0x1p+0", "0x1.f446ac979f087p-1"])]:
        if first.dtype.kind == "U":
            first = np.array([float.fromhex(text) for text in first], "<f8")
        assert library.count(first.tobytes()) == 1
        start = library.index(first.tobytes())
        digest.update(library[start:start + 8 * 256])
    return digest.hexdigest()


def main():
    installed = {"numpy": np.__version__}
    if installed != VERSIONS:
        sys.exit(f"golden data need {VERSIONS}, installed are {installed}")
    cases = ",\n".join(json.dumps(case(seed), separators=(",", ":")) for seed in SEEDS)
    text = f'{{"versions": {json.dumps(VERSIONS)},\n"count": {COUNT},\n"tables": "{tables()}",\n"cases": [\n{cases}\n]}}\n'
    Path(sys.argv[1], "numpy.json").write_text(text)


if __name__ == "__main__":
    main()
