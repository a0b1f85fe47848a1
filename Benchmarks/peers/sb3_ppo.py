"""Stable-Baselines3 2.9.2, PyTorch 2.13.0: environment steps per second of PPO on HalfCheetah-v5, end to end.

    python sb3_ppo.py THREADS [TORCH_THREADS] [ITERATIONS]

8 environments, 512 steps each, minibatches of 64, 10 epochs, two 64-unit tanh layers for policy and value
each: ITERATIONS (1) whole ones, from the start of the first rollout to the end of the last update. Its best:
DummyVecEnv and, where there are THREADS for it, SubprocVecEnv are warmed up for one iteration and tried for
another, and the faster one is measured; one thread of PyTorch (TORCH_THREADS), since its products are too
small to share. Monitors, environment checkers, logs and the normalisation of observations and rewards are
left out, all of which would cost it time.
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


class Learner:
    """PPO on environments of one kind."""

    def __init__(self, vectorise):
        self.environments = vectorise([make] * ENVIRONMENTS)
        self.model = PPO(
            "MlpPolicy", self.environments, n_steps=STEPS, batch_size=64, n_epochs=10, device="cpu", seed=0,
            policy_kwargs={"net_arch": {"pi": [64, 64], "vf": [64, 64]}, "activation_fn": torch.nn.Tanh})

    def steps_per_second(self, iterations):
        clock = Clock()
        steps = ENVIRONMENTS * STEPS * iterations
        self.model.learn(steps, callback=clock, reset_num_timesteps=False)
        return steps / (time.perf_counter() - clock.starts[0])


def main():
    threads, torch_threads, iterations = (list(map(int, sys.argv[1:])) + [2, 1, 1][len(sys.argv) - 1:])[:3]
    torch.set_num_threads(torch_threads)
    learners = [Learner(vectorise) for vectorise in [DummyVecEnv] + ([SubprocVecEnv] if threads > 1 else [])]
    for learner in learners:
        learner.steps_per_second(1)
    best = max(learners, key=lambda learner: learner.steps_per_second(1))
    print(type(best.environments).__name__)
    result = best.steps_per_second(iterations)
    for learner in learners:
        learner.environments.close()
    print(result)


if __name__ == "__main__":
    main()
