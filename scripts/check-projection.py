#!/usr/bin/env python3
"""Recomputes features of a run from its policy and transitions, with numpy alone (docs/artifacts.md).

usage: check-projection.py RUN   e.g. runs/halfcheetah-smoke/seed-0; needs h5py and numpy
"""
import json
import sys

import h5py
import numpy as np


def philox(counter, key):
    """Philox4x32-10 (Salmon et al. 2011): counter (..., 4) and key (2,) give (..., 4), all 32-bit words."""
    x, k = np.asarray(counter, np.uint64), np.asarray(key, np.uint64)
    word = np.uint64(0xFFFFFFFF)
    for _ in range(10):
        low, high = x[..., 0] * np.uint64(0xD2511F53), x[..., 2] * np.uint64(0xCD9E8D57)
        x = np.stack([(high >> np.uint64(32)) ^ x[..., 1] ^ k[0], high & word,
                      (low >> np.uint64(32)) ^ x[..., 3] ^ k[1], low & word], axis=-1)
        k = (k + np.array([0x9E3779B9, 0xBB67AE85], np.uint64)) & word
    return x


def projection(parameters, dimension, key):
    """P of policygradex/projection/1, shape (parameters, dimension), float32."""
    rows, blocks = np.meshgrid(np.arange(parameters), np.arange(-(-dimension // 4)), indexing="ij")
    zeros = np.zeros_like(rows)
    u = (philox(np.stack([rows, blocks, zeros, zeros], axis=-1), key) + 0.5) * 2.0**-32
    radius, angle = np.sqrt(-2 * np.log(u[..., 0::2])), 2 * np.pi * u[..., 1::2]
    z = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
    return (z.reshape(parameters, -1)[:, :dimension] / np.sqrt(dimension)).astype(np.float32)


def scores(policy, inputs, actions):
    """Rows of the gradient of log pi(a|x) by the flat parameter vector, in float64."""
    layers = [policy[f"layer_{l}"] for l in range(sum(name.startswith("layer_") for name in policy))]
    weights = [np.float64(layer["weight"]) for layer in layers]
    tanh = json.loads(policy.attrs["architecture"])["activation"] == "tanh"
    x = [np.float64(inputs)]
    for l, layer in enumerate(layers):
        y = x[-1] @ weights[l].T + np.float64(layer["bias"])
        x.append(y if l + 1 == len(layers) else np.tanh(y) if tanh else np.maximum(y, 0))
    log_std = np.float64(policy["log_std"]) if "log_std" in policy else None
    if log_std is None:
        delta = -np.exp(x[-1] - np.log(np.exp(x[-1]).sum(axis=1, keepdims=True)))
        delta[np.arange(len(delta)), actions] += 1
    else:
        distance = (actions - x[-1]) / np.exp(log_std)
        delta = distance / np.exp(log_std)
    parts = [] if log_std is None else [distance**2 - 1]
    for l in reversed(range(len(layers))):
        parts[:0] = [np.einsum("to,ti->toi", delta, x[l]).reshape(len(delta), -1), delta]
        delta = (delta @ weights[l]) * ((1 - x[l] ** 2) if tanh else (x[l] > 0))
    return np.concatenate(parts, axis=1)


def main(run):
    with h5py.File(f"{run}/meta-train.h5") as meta, h5py.File(f"{run}/collect-gradients.h5") as file:
        pick = np.arange(0, len(file["features"]), max(1, len(file["features"]) // 64))
        g = scores(meta["policy"], file["observations"][pick], file["actions"][pick])
        about = json.loads(file["features"].attrs["projection"])
        assert about["definition"] == "policygradex/projection/1", about
        expected = g @ projection(g.shape[1], about["dimension"], about["key"]).astype(np.float64)
        error = np.abs(file["features"][pick] - expected).max() / np.abs(expected).max()
    print(f"{len(pick)} samples, {g.shape[1]} parameters: largest error {error:.1e} of the largest feature")
    return 0 if error <= 1e-4 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]) if len(sys.argv) == 2 else __doc__)
