#!/usr/bin/env python3
"""Compares pgx replay with Gymnasium 1.4.0 from the seed on, to the bit: observations, rewards and flags.

    python scripts/check-replay.py PGX [SEED ...]

Whole episodes under random actions, HalfCheetah's beyond the limits of its motors, CartPole's on through terminations.
Without seeds, three are drawn anew each time and printed. Needs gymnasium[mujoco] 1.4.0, mujoco 3.3.0, numpy 2.4.6 and
h5py; make parity has them. Exit status 1 if a number differs.
"""

import secrets
import subprocess
import sys
import tempfile
from pathlib import Path

import gymnasium
import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).parent / "golden"))
from environments import CartPole, HalfCheetah, run  # noqa: E402

WORLDS = {"HalfCheetah-v5": HalfCheetah, "CartPole-v1": CartPole}
TYPES = {"observations": np.float64, "rewards": np.float64, "terminations": np.uint8, "truncations": np.uint8}


def our_trajectory(pgx, task, seed, actions):
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "actions.h5"), Path(folder, "trajectory.h5")
        with h5py.File(given, "w") as file:
            file["actions"] = actions.reshape(len(actions), -1).astype(np.float32)
        subprocess.run([pgx, "replay", "--task", task, "--seed", str(seed), "--actions", given, "--output", result],
                       check=True, stdout=subprocess.DEVNULL)
        with h5py.File(result) as file:
            return {name: file[name][:] for name in file}


def main():
    gymnasium.logger.min_level = gymnasium.logger.ERROR  # it warns of steps past a termination
    pgx, *seeds = sys.argv[1:]
    seeds = [int(seed) for seed in seeds] or [secrets.randbits(63) for _ in range(3)]
    different = False
    for task, world in WORLDS.items():
        for seed in seeds:
            actions = world.act("random", [seed, 1], world.steps)
            expected = run(world, world.make({}, world.steps), seed, actions)
            found = our_trajectory(pgx, task, seed, actions)
            unequal = [name for name, type in TYPES.items()
                       if found[name].tobytes() != np.array(expected[name], type).tobytes()]
            different |= bool(unequal)
            verdict = "differs       " if unequal else "equal         "
            print(f"{verdict}pgx replay --task {task} --seed {seed}, {world.steps} steps"
                  + (f": {', '.join(unequal)}" if unequal else ""), flush=True)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
