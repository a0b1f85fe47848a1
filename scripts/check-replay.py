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

STEPS = {"HalfCheetah-v5": 1000, "CartPole-v1": 500}


def random_actions(task, seed):
    """Shape (T, A), single precision."""
    random = np.random.default_rng([seed, 1])
    if task == "CartPole-v1":
        return random.integers(0, 2, size=(STEPS[task], 1)).astype(np.float32)
    return random.uniform(-1.3, 1.3, size=(STEPS[task], 6)).astype(np.float32)


def gymnasium_trajectory(task, seed, actions):
    env = gymnasium.make(task)
    pole = task == "CartPole-v1"

    def see(observation):
        # Gymnasium rounds the pole's observation to single precision; its state is what it computes with.
        return np.array(env.unwrapped.state, dtype=np.float64) if pole else observation

    observations, rewards, terminations, truncations = [see(env.reset(seed=seed)[0])], [], [], []
    for action in actions:
        observation, reward, terminated, truncated, _ = env.step(int(action[0]) if pole else action)
        observations.append(see(observation))
        rewards.append(reward)
        terminations.append(terminated)
        truncations.append(truncated)
    return {"observations": np.array(observations), "rewards": np.array(rewards, dtype=np.float64),
            "terminations": np.array(terminations, dtype=np.uint8),
            "truncations": np.array(truncations, dtype=np.uint8)}


def our_trajectory(pgx, task, seed, actions):
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder, "actions.h5"), Path(folder, "trajectory.h5")
        with h5py.File(given, "w") as file:
            file["actions"] = actions
        subprocess.run([pgx, "replay", "--task", task, "--seed", str(seed), "--actions", given, "--output", result],
                       check=True, stdout=subprocess.DEVNULL)
        with h5py.File(result) as file:
            return {name: file[name][:] for name in file}


def main():
    gymnasium.logger.min_level = gymnasium.logger.ERROR  # it warns of steps past a termination
    pgx, *seeds = sys.argv[1:]
    seeds = [int(seed) for seed in seeds] or [secrets.randbits(63) for _ in range(3)]
    different = False
    for task, steps in STEPS.items():
        for seed in seeds:
            actions = random_actions(task, seed)
            expected, found = gymnasium_trajectory(task, seed, actions), our_trajectory(pgx, task, seed, actions)
            unequal = [name for name in expected if found[name].tobytes() != expected[name].tobytes()]
            different |= bool(unequal)
            verdict = "differs       " if unequal else "equal         "
            print(f"{verdict}pgx replay --task {task} --seed {seed}, {steps} steps"
                  + (f": {', '.join(unequal)}" if unequal else ""), flush=True)
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
