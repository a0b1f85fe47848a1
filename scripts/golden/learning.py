"""Golden data for the learners' tests: what PyTorch's automatic differentiation says, in double precision.

Run with Python 3.11, torch 2.13.0 and numpy 2.4.6:

    python scripts/golden/learning.py Tests/PoliciesTests/Fixtures Tests/TrainingTests/Fixtures

Writes policies.json into the first folder and training.json into the second. Actors and critics, the loss,
its coefficients' names and the loop over advantages follow CleanRL's ppo_continuous_action.py and ppo.py,
with the advantage of a truncated episode continued as in Stable-Baselines3's collect_rollouts.

Given numbers (parameters, observations, actions, ...) are single-precision numbers; what PyTorch makes of
them is computed in double precision and written with ten significant digits, so what remains of a difference
is the rounding of the side that computes in single precision. No sample lies so close to a kink (of relu, of
a clip) that this rounding could carry it across.
"""

import json
import math
import sys
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.distributions import Categorical, Normal

VERSIONS = {"torch": "2.13.0", "numpy": "2.4.6"}
CLIP_COEF, ENT_COEF, VF_COEF, MAX_GRAD_NORM = 0.2, 0.02, 0.5, 0.5
# The least distance of a pre-activation, a probability ratio or a value from the kink of relu or of a clip.
MARGIN = 1e-3


class Agent(nn.Module):
    """An actor and a critic, as in CleanRL, of given widths."""

    def __init__(self, kind, activation, actor_sizes, critic_sizes):
        super().__init__()
        self.kind = kind
        self.activation = activation
        self.actor = self.mlp(actor_sizes)
        self.actor_logstd = nn.Parameter(torch.zeros(1, actor_sizes[-1])) if kind == "gaussian" else None
        self.critic = self.mlp(critic_sizes) if critic_sizes else None

    def mlp(self, sizes):
        layers = []
        for inputs, outputs in zip(sizes, sizes[1:]):
            layers += [nn.Linear(inputs, outputs), nn.Tanh() if self.activation == "tanh" else nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    def actor_parameters(self):
        return list(self.actor.parameters()) + ([self.actor_logstd] if self.kind == "gaussian" else [])

    def ordered_parameters(self):
        return self.actor_parameters() + (list(self.critic.parameters()) if self.critic else [])

    def draw_parameters(self, random):
        """Larger than initial values, so that samples differ and units saturate or die."""
        for parameter in self.ordered_parameters():
            scale = 0.3 if parameter is self.actor_logstd else 1.2 / math.sqrt(parameter.shape[-1])
            parameter.data = single(scale * random.standard_normal(parameter.shape))

    def distribution(self, x):
        output = self.actor(x)
        if self.kind == "categorical":
            return Categorical(logits=output)
        return Normal(output, torch.exp(self.actor_logstd.expand_as(output)))

    def logprob_and_entropy(self, x, action):
        probs = self.distribution(x)
        if self.kind == "categorical":
            return probs.log_prob(action[:, 0].long()), probs.entropy()
        return probs.log_prob(action).sum(1), probs.entropy().sum(1)

    def kink_distances(self, x):
        """How far the pre-activations lie from relu's kink, of actor and critic."""
        for network, x in ((self.actor, x[0]), (self.critic, x[1])):
            if network is None or self.activation == "tanh":
                continue
            for layer in network:
                if isinstance(layer, nn.ReLU):
                    yield x.abs()
                x = layer(x)


def single(values):
    """Double-precision tensor of numbers rounded to single precision."""
    return torch.from_numpy(np.asarray(values).astype(np.float32).astype(np.float64))


def given(tensor):
    """Single-precision numbers as the shortest decimals that single precision restores."""
    return [float(str(np.float32(x))) for x in tensor.detach().reshape(-1).tolist()]


def expected(tensor):
    """Results in ten significant digits."""
    return [float(f"{x:.10g}") for x in torch.as_tensor(tensor).detach().reshape(-1).tolist()]


def flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def require_margin(name, *distances):
    for distance in distances:
        if distance.numel() and distance.min() < MARGIN:
            raise SystemExit(f"{name}: a sample lies {distance.min():.1e} from a kink; choose another seed")


def draw_actions(agent, x, random):
    """Actions of the policy, from numpy's random numbers."""
    probs = agent.distribution(x)
    if agent.kind == "gaussian":
        noise = torch.from_numpy(random.standard_normal(probs.mean.shape))
        return single((probs.mean + probs.stddev * noise).detach())
    cumulated = probs.probs.detach().cumsum(1)
    uniform = torch.from_numpy(random.uniform(size=(len(x), 1)))
    return (cumulated < uniform).sum(1, keepdim=True).clamp(max=cumulated.shape[1] - 1).double()


def policy_case(kind, activation, seed):
    """Log-probabilities, entropies and the score of every sample."""
    random = np.random.default_rng(seed)
    sizes = [5, 7, 6, 3 if kind == "gaussian" else 4]
    agent = Agent(kind, activation, sizes, None)
    agent.draw_parameters(random)
    x = single(random.standard_normal((7, sizes[0])))
    actions = draw_actions(agent, x, random)
    require_margin(f"{kind} {activation}", *agent.kink_distances((x, None)))
    logprobs, entropies = agent.logprob_and_entropy(x, actions)
    scores = [torch.autograd.grad(logprob, agent.ordered_parameters(), retain_graph=True)
              for logprob in logprobs]
    return {
        "distribution": kind, "activation": activation, "sizes": sizes, "count": len(x),
        "parameters": given(flat(agent.ordered_parameters())), "inputs": given(x), "actions": given(actions),
        "logProbabilities": expected(logprobs), "entropies": expected(entropies),
        "scores": [expected(flat(score)) for score in scores],
    }


def advantages(rewards, values, next_value, terminated, truncated, final_values, gamma, gae_lambda):
    """CleanRL's loop, over rewards to which the value of a truncated episode's last observation was added."""
    rewards = rewards + gamma * final_values * truncated
    dones = torch.maximum(terminated, truncated)
    result = torch.zeros_like(rewards)
    lastgaelam = 0
    for t in reversed(range(len(rewards))):
        nextnonterminal = 1.0 - dones[t]
        nextvalues = next_value if t == len(rewards) - 1 else values[t + 1]
        delta = rewards[t] + gamma * nextvalues * nextnonterminal - values[t]
        result[t] = lastgaelam = delta + gamma * gae_lambda * nextnonterminal * lastgaelam
    return result


def advantage_case(name, gamma, gae_lambda, share, seed, steps=24, environments=4):
    random = np.random.default_rng(seed)
    rewards = single(random.standard_normal((steps, environments)))
    values = single(random.standard_normal((steps + 1, environments)))
    final_values = single(random.standard_normal((steps, environments)))
    endings = torch.from_numpy(random.choice(3, p=[1 - 2 * share, share, share], size=(steps, environments)))
    # The first and the last step end in every way; two short episodes follow each other.
    endings[-1] = endings[0] = torch.tensor([0, 1, 2, 0])
    endings[7, 3], endings[8, 3] = 2, 1
    terminated, truncated = (endings == 1).double(), (endings == 2).double()
    result = advantages(
        rewards, values[:-1], values[-1], terminated, truncated, final_values, gamma, gae_lambda)
    # The statistics of all steps of one task, here of the first two and of the last two environments.
    standardised = torch.empty_like(result)
    for task in (slice(0, 2), slice(2, 4)):
        part = result[:, task]
        standardised[:, task] = (part - part.mean()) / (part.std(correction=0) + 1e-8)
    return {
        "name": name, "steps": steps, "environments": environments, "gamma": gamma, "lambda": gae_lambda,
        "rewards": given(rewards), "values": given(values), "truncationValues": given(final_values),
        "endings": endings.reshape(-1).tolist(), "advantages": expected(result),
        "valueTargets": expected(result + values[:-1]), "standardised": expected(standardised),
    }


def ppo_loss(agent, batch, clip_vloss):
    """CleanRL's loss of a minibatch, without its normalisation of advantages by minibatch."""
    newlogprob, entropy = agent.logprob_and_entropy(batch["actor_inputs"], batch["actions"])
    newvalue = agent.critic(batch["critic_inputs"]).view(-1)
    ratio = (newlogprob - batch["logprobs"]).exp()
    pg_loss1 = -batch["advantages"] * ratio
    pg_loss2 = -batch["advantages"] * torch.clamp(ratio, 1 - CLIP_COEF, 1 + CLIP_COEF)
    pg_loss = torch.max(pg_loss1, pg_loss2).mean()
    kinks = [((ratio - 1).abs() - CLIP_COEF).abs()]
    if clip_vloss:
        v_loss_unclipped = (newvalue - batch["returns"]) ** 2
        v_clipped = batch["values"] + torch.clamp(newvalue - batch["values"], -CLIP_COEF, CLIP_COEF)
        v_loss_clipped = (v_clipped - batch["returns"]) ** 2
        v_loss = 0.5 * torch.max(v_loss_unclipped, v_loss_clipped).mean()
        value_change = (newvalue - batch["values"]).abs()
        # Within the clip both are the same; beyond it, the larger one changes where they are equal.
        kinks += [(value_change - CLIP_COEF).abs(),
                  (v_loss_unclipped - v_loss_clipped).abs()[value_change > CLIP_COEF]]
    else:
        v_loss = 0.5 * ((newvalue - batch["returns"]) ** 2).mean()
    entropy_loss = entropy.mean()
    loss = pg_loss - ENT_COEF * entropy_loss + VF_COEF * v_loss
    approx_kl = ((ratio - 1) - ratio.log()).mean()
    clipfrac = ((ratio - 1.0).abs() > CLIP_COEF).double().mean()
    parts = {"policyLoss": pg_loss, "valueLoss": v_loss, "entropy": entropy_loss, "approximateKL": approx_kl,
             "clipFraction": clipfrac}
    return loss, parts, kinks


def draw_batch(kind, activation, policy_sees_task, random, steps=6):
    """An agent, and the experience of a somewhat different one in two tasks of two environments each."""
    environments, tasks, width = 4, 2, 3
    one_hot = torch.eye(tasks).repeat_interleave(environments // tasks, 0).repeat(steps, 1)
    observations = single(random.standard_normal((steps * environments, width)))
    told = torch.cat([observations, one_hot], 1)
    actor_inputs = told if policy_sees_task else observations
    agent = Agent(kind, activation, [actor_inputs.shape[1], 6, 5, 2 if kind == "gaussian" else 3],
                  [told.shape[1], 5, 4, 1])
    agent.draw_parameters(random)
    count = steps * environments
    with torch.no_grad():
        actions = draw_actions(agent, actor_inputs, random)
        logprobs, _ = agent.logprob_and_entropy(actor_inputs, actions)
        newvalues = agent.critic(told).view(-1)
    batch = {
        "actor_inputs": actor_inputs, "critic_inputs": told, "actions": actions,
        "logprobs": single(logprobs + 0.3 * torch.from_numpy(random.standard_normal(count))),
        "values": single(newvalues + 0.3 * torch.from_numpy(random.standard_normal(count))),
        "advantages": single(random.standard_normal(count)),
        "returns": single(newvalues + 0.5 * torch.from_numpy(random.standard_normal(count))),
    }
    case = {
        "distribution": kind, "activation": activation, "policySeesTask": policy_sees_task,
        "steps": steps, "environments": environments, "tasks": tasks, "observationSize": width,
        "actorHidden": [6, 5], "criticHidden": [5, 4], "outputs": agent.actor[-1].out_features,
        "clipCoef": CLIP_COEF, "entCoef": ENT_COEF, "vfCoef": VF_COEF, "maxGradNorm": MAX_GRAD_NORM,
        "parameters": given(flat(agent.ordered_parameters())), "observations": given(observations),
        "actions": given(actions), "logProbabilities": given(batch["logprobs"]),
        "values": given(batch["values"]), "advantages": given(batch["advantages"]),
        "valueTargets": given(batch["returns"]),
    }
    return agent, batch, case


def loss_case(kind, activation, policy_sees_task, seed):
    """The loss of a minibatch and its gradient, with and without clipped values."""
    random = np.random.default_rng(seed)
    agent, batch, case = draw_batch(kind, activation, policy_sees_task, random)
    rows = torch.from_numpy(random.permutation(len(batch["returns"]))[:17])
    minibatch = {name: tensor[rows] for name, tensor in batch.items()}
    case["rows"] = rows.tolist()
    case["losses"] = []
    for clip_vloss in (False, True):
        loss, parts, kinks = ppo_loss(agent, minibatch, clip_vloss)
        require_margin(f"{kind} {activation}", *kinks,
                       *agent.kink_distances((minibatch["actor_inputs"], minibatch["critic_inputs"])))
        gradient = flat(torch.autograd.grad(loss, agent.ordered_parameters()))
        case["losses"].append({
            "clipVloss": clip_vloss, "loss": expected(loss)[0],
            **{name: expected(part)[0] for name, part in parts.items()}, "gradient": expected(gradient)})
    return case


def update_case(kind, activation, max_grad_norm, learning_rate, seed, epochs=12, steps=6):
    """Epochs of Adam on one minibatch: the norm of each gradient and the parameters after each step."""
    random = np.random.default_rng(seed)
    agent, batch, case = draw_batch(kind, activation, True, random, steps)
    case["maxGradNorm"] = max_grad_norm
    case["learningRate"] = learning_rate
    parameters = agent.ordered_parameters()
    optimizer = torch.optim.Adam(parameters, lr=learning_rate, eps=1e-5)
    case["gradientNorms"], case["parametersAfter"] = [], []
    for epoch in range(epochs):
        loss, _, kinks = ppo_loss(agent, batch, True)
        kinks += agent.kink_distances((batch["actor_inputs"], batch["critic_inputs"]))
        require_margin(f"{kind} {activation}, epoch {epoch}", *(1e2 * kink for kink in kinks))
        optimizer.zero_grad()
        loss.backward()
        norm = nn.utils.clip_grad_norm_(parameters, max_grad_norm)
        optimizer.step()
        case["gradientNorms"] += expected(norm)
        if epoch in (0, 1, epochs - 1):
            case["parametersAfter"].append({"steps": epoch + 1, "parameters": expected(flat(parameters))})
    return case


def policies():
    kinds = [(kind, activation) for kind in ("gaussian", "categorical") for activation in ("tanh", "relu")]
    return {"policies": [policy_case(kind, activation, 10 + i) for i, (kind, activation) in enumerate(kinds)]}


def training():
    return {
        "advantages": [
            advantage_case("usual", 0.99, 0.95, 0.08, 20),
            advantage_case("short episodes", 0.9, 0.5, 0.25, 21),
            advantage_case("one step", 0.97, 0.0, 0.1, 22),
            advantage_case("undiscounted", 1.0, 1.0, 0.05, 23)],
        "losses": [
            loss_case("gaussian", "tanh", True, 30), loss_case("gaussian", "relu", False, 34),
            loss_case("categorical", "tanh", False, 31), loss_case("categorical", "relu", True, 33)],
        "updates": [
            update_case("gaussian", "tanh", 0.5, 3e-3, 40),
            update_case("categorical", "tanh", 0.05, 3e-3, 41),
            update_case("gaussian", "relu", 10.0, 3e-3, 42),
            # 192 rows: our objective cuts them into three shards.
            update_case("gaussian", "tanh", 0.5, 3e-3, 43, epochs=2, steps=48)],
    }


def write(path, sections):
    with open(path, "w") as file:
        file.write('{"versions": ' + json.dumps(VERSIONS))
        for name, cases in sections.items():
            file.write(f',\n"{name}": [\n')
            file.write(",\n".join(json.dumps(case, separators=(",", ":")) for case in cases))
            file.write("\n]")
        file.write("\n}\n")


def main():
    installed = {"torch": torch.__version__.split("+")[0], "numpy": np.__version__}
    if installed != VERSIONS:
        sys.exit(f"golden data need {VERSIONS}, installed are {installed}")
    if len(sys.argv) != 3:
        sys.exit("usage: learning.py POLICIES_FOLDER TRAINING_FOLDER")
    torch.set_default_dtype(torch.float64)
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    write(Path(sys.argv[1]) / "policies.json", policies())
    write(Path(sys.argv[2]) / "training.json", training())


if __name__ == "__main__":
    main()
