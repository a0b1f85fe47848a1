"""EnvPool 1.2.5: environment steps per second with given actions, observations and rewards included.

    python envpool_stepping.py TASK ENVIRONMENTS THREADS [SECONDS]

TASK is an EnvPool name: HalfCheetah-v4, HalfCheetah-v5, CartPole-v1. Actions are drawn beforehand. EnvPool
has two modes: in step (send to all environments, wait for all) and out of step (send to those that are ready;
a batch is half of the environments, so that one half steps while the caller handles the other). Which one is
faster depends on task, number and machine, so both are tried in turn during the warm-up, and the round is of
the faster. Threads are not pinned.
"""

import statistics
import sys

import envpool
import numpy as np
from timing import rate

TASK, ENVIRONMENTS, THREADS = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
SECONDS = float(sys.argv[4]) if len(sys.argv) > 4 else 2.0


class Pool:
    """Environments stepped `batch` at a time; `step` returns how many steps were taken."""

    def __init__(self, batch):
        self.environments = envpool.make(
            TASK, env_type="gymnasium", num_envs=ENVIRONMENTS, batch_size=batch, num_threads=THREADS, seed=0)
        random = np.random.default_rng(0)
        if TASK.startswith("CartPole"):
            self.actions = [random.integers(0, 2, size=batch, dtype=np.int32) for _ in range(64)]
        else:
            self.actions = [random.uniform(-1, 1, size=(batch, 6)) for _ in range(64)]
        self.batch = batch
        self.count = 0
        self.in_step = batch == ENVIRONMENTS
        if self.in_step:
            self.environments.reset()
        else:
            self.environments.async_reset()

    def step(self):
        self.count += 1
        actions = self.actions[self.count % 64]
        if self.in_step:
            self.environments.step(actions)
        else:
            info = self.environments.recv()[-1]
            self.environments.send(actions, info["env_id"])
        return self.batch


pools = [Pool(ENVIRONMENTS), Pool(max(ENVIRONMENTS // 2, 1))]
trials = [[rate(pool.step, 0.25, warm_up=0.05) for pool in pools] for _ in range(3)]
best = max((0, 1), key=lambda index: statistics.median(trial[index] for trial in trials))
print("in step" if best == 0 else f"out of step, {pools[1].batch} at a time")
print(rate(pools[best].step, SECONDS, warm_up=0.1))
