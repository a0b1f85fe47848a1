"""Stable-Baselines3 2.9.2 on PyTorch 2.13.0: environment steps per second of PPO on HalfCheetah-v5, end to end.

    python sb3_ppo.py THREADS [ITERATIONS] [VECTORISATION] [TORCH_THREADS]

8 environments, 512 steps each, minibatches of 64, 10 epochs, two 64-unit tanh layers for policy and value each: a
warm-up iteration, then ITERATIONS (1) whole ones, from the start of a rollout to the end of its update. Its best here:
PLACEHOLDER Monitors, environment checkers, logs and the
normalisation of observations and rewards are left out, all of which would cost it time.
"""

import sys
import time

import gymnasium
import torch
from stable_baselines3 import PPO
from stable_baselines3.common.callbacks import BaseCallback
from stable_baselines3.common.vec_env import DummyVecEnv, SubprocVecEnv

ENVIRONMENTS, STEPS = 8, 512


class Clock(BaseCallback):
    """Notes when each rollout starts."""

    def __init__(self):
        super().__init__()
        self.starts = []

    def _on_rollout_start(self):
        self.starts.append(time.perf_counter())

    def _on_step(self):
        return True


def make():
    return gymnasium.make("HalfCheetah-v5", disable_env_checker=True)


def main():
    arguments = dict(enumerate(sys.argv))
    threads = int(arguments.get(1, 2))
    iterations = int(arguments.get(2, 1))
    vectorise = {"dummy": DummyVecEnv, "subprocesses": SubprocVecEnv}[arguments.get(3, "dummy")]
    torch.set_num_threads(min(int(arguments.get(4, 1)), threads))
    environments = vectorise([make] * ENVIRONMENTS)
    model = PPO(
        "MlpPolicy", environments, n_steps=STEPS, batch_size=64, n_epochs=10, device="cpu", seed=0,
        policy_kwargs={"net_arch": {"pi": [64, 64], "vf": [64, 64]}, "activation_fn": torch.nn.Tanh})
    clock = Clock()
    model.learn(ENVIRONMENTS * STEPS * (1 + iterations), callback=clock)
    end = time.perf_counter()
    environments.close()
    print(ENVIRONMENTS * STEPS * iterations / (end - clock.starts[1]))


if __name__ == "__main__":
    main()
