"""Gymnasium 1.4.0 with mujoco 3.3.0: environment steps per second of one environment in one thread.

    python gymnasium_stepping.py TASK [SECONDS]

TASK is HalfCheetah-v5 or CartPole-v1. For orientation: one thread is what Gymnasium has without processes.
Actions are drawn beforehand, and the checker that gymnasium.make adds for users' environments is left out.
"""

import sys

import gymnasium
import numpy as np
from timing import rate

environment = gymnasium.make(sys.argv[1], disable_env_checker=True)
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
random = np.random.default_rng(0)
if sys.argv[1].startswith("CartPole"):
    actions = [int(action) for action in random.integers(0, 2, size=4096)]
else:
    actions = list(random.uniform(-1, 1, size=(4096, 6)).astype(np.float32))


def steps():
    for action in actions[:256]:
        _, _, terminated, truncated, _ = environment.step(action)
        if terminated or truncated:
            environment.reset()
    return 256


environment.reset(seed=0)
print(rate(steps, seconds))
