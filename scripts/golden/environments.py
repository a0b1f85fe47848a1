"""Golden data for the environments' tests: what Gymnasium 1.4.0 does, step by step.

Run with Python 3.11, gymnasium[mujoco] 1.4.0, mujoco 3.3.0 and numpy 2.4.6:

    python scripts/golden/environments.py Tests/EnvironmentsTests/Fixtures

Writes cartpole.json and halfcheetah.json. Each has
- starts: what reset(seed=s) and the two resets after it give;
- mathematics: a digest of the C library's elementary functions, on which the trajectories' last bits depend;
- cases.
Each case is a task variation with
- states, actions, observations, rewards, terminated: single steps for teacher-forced comparison. Row i is one step
  from states[i] under actions[i] (for the cheetah: positions, then velocities; for the pole, whose observation
  Gymnasium rounds to single precision, observations[i] is the state after the step, before rounding);
- replay: a short episode from a given state, stepped on through its termination and its step limit;
- open_loops: whole episodes from reset(seed=s) under actions that follow from their kind (and the seed), stepped on
  through terminations. Kept are the observations and rewards at a few steps, and the SHA-256 digest of all
  observations, then rewards (64-bit, little-endian), then terminations (a byte each).
Numbers are written with Python's repr, which every reader of doubles restores to the bit.
"""

import hashlib
import json
import math
import sys
from pathlib import Path

import gymnasium
import mujoco
import numpy as np
from gymnasium.envs.mujoco.half_cheetah_v5 import HalfCheetahEnv
from gymnasium.wrappers import TimeLimit

VERSIONS = {"gymnasium": "1.4.0", "mujoco": "3.3.0", "numpy": "2.4.6"}

CARTPOLE = {
    "plain": {},
    "length-1.5": {"length": 1.5},
    "length-0.05": {"length": 0.05},
    "cart_mass-10": {"cart_mass": 10.0},
    "pole_mass-0.5": {"pole_mass": 0.5},
    "gravity-40": {"gravity": 40.0},
    "force-30": {"force": 30.0},
    "flip": {"actuation_sign": -1.0},
    "tau-0.05": {"tau": 0.05},
}

HALFCHEETAH = {
    "plain": {},
    "gravity-0.5": {"gravity_scale": 0.5},
    "gravity-1.5": {"gravity_scale": 1.5},
    "mass-1.7": {"mass_scale": 1.7},
    "torso-2": {"torso_mass_scale": 2.0},
    "friction-0.3": {"friction_scale": 0.3},
    "gear-0.6": {"gear_scale": 0.6},
    "bwd": {"direction": -1.0},
    "velocity-3": {"target_velocity": 3.0},
    "velocity-minus-1": {"target_velocity": -1.0, "control_cost_weight": 0.2},
    "mixed": {"gravity_scale": 0.75, "mass_scale": 0.8, "torso_mass_scale": 1.5, "friction_scale": 2.0,
              "gear_scale": 1.2, "direction": -1.0, "target_velocity": 1.5},
}


CHECKPOINTS = [0, 1, 10, 30, 100, 300, 1000]
START_SEEDS = [0, 7, 2**32 + 5]


class HalfCheetahVariation(HalfCheetahEnv):
    """HalfCheetah-v5 with the model changed through the bindings and the reward of the variation."""

    def __init__(self, gravity_scale=1.0, mass_scale=1.0, torso_mass_scale=1.0, friction_scale=1.0, gear_scale=1.0,
                 direction=1.0, target_velocity=None, control_cost_weight=None):
        if control_cost_weight is None:
            control_cost_weight = 0.1 if target_velocity is None else 0.05
        super().__init__(ctrl_cost_weight=control_cost_weight)
        self.direction = direction
        self.target_velocity = target_velocity
        model = self.model
        torso = mujoco.mj_name2id(model, mujoco.mjtObj.mjOBJ_BODY, "torso")
        model.opt.gravity[:] *= gravity_scale
        model.body_mass[:] *= mass_scale
        model.body_inertia[:] *= mass_scale
        model.body_mass[torso] *= torso_mass_scale
        model.body_inertia[torso] *= torso_mass_scale
        model.geom_friction[:, 0] *= friction_scale
        model.actuator_gear[:, 0] *= gear_scale
        mujoco.mj_setConst(model, mujoco.MjData(model))

    def _get_rew(self, x_velocity, action):
        if self.direction == 1 and self.target_velocity is None:
            return super()._get_rew(x_velocity, action)
        progress = self.direction * x_velocity
        gain = progress if self.target_velocity is None else -abs(progress - self.target_velocity)
        return gain - self.control_cost(action), {}


class HalfCheetah:
    """What the cases ask of the cheetah."""

    variations, steps, replayed, open_loops = HALFCHEETAH, 1000, ("held", 3, 5), ("smooth", "random", "constant")
    sampled = {"kind": "held", "episodes": 1, "length": 220, "every": 11}

    @staticmethod
    def make(parameters, horizon):
        if not parameters:
            return gymnasium.make("HalfCheetah-v5", max_episode_steps=horizon)
        return TimeLimit(HalfCheetahVariation(**parameters), max_episode_steps=horizon)

    @staticmethod
    def state(env):
        return np.concatenate([env.unwrapped.data.qpos, env.unwrapped.data.qvel])

    @staticmethod
    def observe(env, observation):
        return observation

    @staticmethod
    def act(kind, seed, steps):
        random = np.random.default_rng(seed)
        if kind == "smooth":
            # Waves of six periods made of parabolas, so that every machine computes the same numbers.
            period = np.array([40, 36, 32, 28, 24, 20])
            x = 2.0 * (np.arange(steps)[:, None] % period) / period - 1.0
            return (4.0 * x * (1.0 - np.abs(x))).astype(np.float32)
        if kind == "constant":
            return np.tile(np.array([0.5, -0.5], dtype=np.float32), (steps, 3))
        # Uniform in [-1.3, 1.3], so that the motors saturate at times, each held for a step or for ten.
        hold = 10 if kind == "held" else 1
        drawn = random.uniform(-1.3, 1.3, size=((steps + hold - 1) // hold, 6))
        return np.repeat(drawn, hold, axis=0)[:steps].astype(np.float32)


class CartPole:
    """What the cases ask of the pole."""

    variations, steps, replayed, open_loops = CARTPOLE, 500, ("constant", 18, 20), ("random", "constant")
    sampled = {"kind": "random", "episodes": 3, "length": 40, "every": 3}
    attributes = {"length": "length", "cart_mass": "masscart", "pole_mass": "masspole", "gravity": "gravity",
                  "force": "force_mag", "tau": "tau"}

    @classmethod
    def make(cls, parameters, horizon):
        env = gymnasium.make("CartPole-v1", max_episode_steps=horizon)
        pole = env.unwrapped
        for name, attribute in cls.attributes.items():
            setattr(pole, attribute, parameters.get(name, getattr(pole, attribute)))
        pole.force_mag *= parameters.get("actuation_sign", 1.0)
        pole.total_mass = pole.masspole + pole.masscart
        pole.polemass_length = pole.masspole * pole.length
        return env

    @staticmethod
    def state(env):
        return np.array(env.unwrapped.state, dtype=np.float64)

    @classmethod
    def observe(cls, env, observation):
        assert (cls.state(env).astype(np.float32) == observation).all()
        return cls.state(env)

    @staticmethod
    def act(kind, seed, steps):
        return np.random.default_rng(seed).integers(0, 2, size=steps) if kind == "random" else np.ones(steps, np.int64)


def balancing(env, seed, steps):
    """What a linear controller does that keeps the plain pole upright."""
    env.reset(seed=seed)
    actions = []
    for _ in range(steps):
        position, velocity, angle, angular_velocity = CartPole.state(env)
        actions.append(int(0.1 * position + 0.3 * velocity + 3.0 * angle + angular_velocity > 0))
        assert not env.step(actions[-1])[2]
    return actions


def single_steps(world, seed, kind, episodes, length, every, parameters):
    """Every `every`-th step of some episodes."""
    env = world.make(parameters, world.steps)
    case = {"states": [], "actions": [], "observations": [], "rewards": [], "terminated": []}
    for episode in range(episodes):
        env.reset(seed=seed + episode)
        for step, action in enumerate(world.act(kind, seed + episode, length)):
            before = world.state(env)
            observation, reward, terminated, _, _ = env.step(action)
            if step % every == every - 1 or terminated:
                case["states"].append(before.tolist())
                case["actions"].append(np.atleast_1d(action).tolist())
                case["observations"].append(world.observe(env, observation).tolist())
                case["rewards"].append(float(reward))
                case["terminated"].append(bool(terminated))
            if terminated:
                break
    return case


def run(world, env, seed, actions):
    """Observations, the first one too, rewards and flags from a seed, on through terminations and the step limit."""
    observation, _ = env.reset(seed=seed)
    run = {"observations": [world.observe(env, observation)], "rewards": [], "terminations": [], "truncations": []}
    for action in actions:
        observation, reward, terminated, truncated, _ = env.step(action)
        run["observations"].append(world.observe(env, observation))
        run["rewards"].append(float(reward))
        run["terminations"].append(bool(terminated))
        run["truncations"].append(bool(truncated))
    return run


def replay(world, seed, kind, horizon, steps, parameters):
    """A whole short episode, and on through its end."""
    env = world.make(parameters, horizon)
    env.reset(seed=seed)
    state, actions = world.state(env).tolist(), world.act(kind, seed, steps)
    case = {"horizon": horizon, "state": state, "actions": [np.atleast_1d(action).tolist() for action in actions],
            **run(world, env, seed, actions)}
    return {**case, "observations": [observation.tolist() for observation in case["observations"]]}


def open_loop(world, env, kind, seed, actions):
    """A whole episode from its seed, and on through its end."""
    case = run(world, env, seed, actions)
    observations, rewards, terminations = case["observations"], case["rewards"], case["terminations"]
    digest = hashlib.sha256()
    digest.update(np.array(observations, dtype="<f8").tobytes())
    digest.update(np.array(rewards, dtype="<f8").tobytes())
    digest.update(bytes(terminations))
    checkpoints = [step for step in CHECKPOINTS if step <= len(actions)]
    return {"actions": kind, "seed": seed, "steps": len(actions), "digest": digest.hexdigest(),
            "checkpoints": checkpoints, "observations": [observations[step].tolist() for step in checkpoints],
            "rewards": [rewards[step - 1] if step else 0.0 for step in checkpoints],
            "first_termination": terminations.index(True) if any(terminations) else None}


def starts(world):
    """Three start states in a row for some seeds."""
    env = world.make({}, world.steps)
    result = []
    for seed in START_SEEDS:
        states = []
        for options in [{"seed": seed}, {}, {}]:
            env.reset(**options)
            states.append(world.state(env).tolist())
        result.append({"seed": seed, "states": states})
    return result


def mathematics():
    """A digest of the C library's functions that the engine and the pole call; builds of it differ in last bits."""
    x, y = np.random.default_rng(0).uniform(-1.0, 1.0, size=(2, 5000)).tolist()
    values = [f(10 * a) for f in (math.sin, math.cos, math.tan, math.exp) for a in x]
    values += [f(a) for f in (math.asin, math.acos) for a in x]
    values += [math.log(abs(a)) for a in x]
    values += [math.atan2(a, b) for a, b in zip(x, y)]
    values += [math.pow(abs(a), 10 * b) for a, b in zip(x, y)]
    return hashlib.sha256(np.array(values, dtype="<f8").tobytes()).hexdigest()


def cases(world):
    for number, (name, parameters) in enumerate(world.variations.items()):
        seed = 100 * number
        case = single_steps(world, seed, **world.sampled, parameters=parameters)
        case["replay"] = replay(world, seed, *world.replayed, parameters)
        env = world.make(parameters, world.steps)
        case["open_loops"] = [
            open_loop(world, env, kind, seed, world.act(kind, seed, world.steps)) for kind in world.open_loops]
        if world is CartPole and not parameters:
            actions = balancing(env, seed, world.steps)
            bits = "".join(map(str, actions))
            case["open_loops"].append({**open_loop(world, env, "given", seed, actions), "given_actions": bits})
        yield {"name": name, "parameters": parameters, **case}


def write(path, world):
    starting = json.dumps(starts(world), separators=(",", ":"))
    with open(path, "w") as file:
        file.write('{"versions": ' + json.dumps(VERSIONS) + ',\n"mathematics": "' + mathematics() + '",\n')
        file.write('"starts": ' + starting + ',\n"cases": [\n')
        file.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases(world)))
        file.write("\n]}\n")


def main():
    installed = {"gymnasium": gymnasium.__version__, "mujoco": mujoco.__version__, "numpy": np.__version__}
    if installed != VERSIONS:
        sys.exit(f"golden data need {VERSIONS}, installed are {installed}")
    gymnasium.logger.min_level = gymnasium.logger.ERROR  # it warns of steps past a termination
    write(Path(sys.argv[1], "cartpole.json"), CartPole)
    write(Path(sys.argv[1], "halfcheetah.json"), HalfCheetah)


if __name__ == "__main__":
    main()
