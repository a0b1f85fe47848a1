"""PyTorch 2.13.0 in eager mode: seconds of a pass of a 17-64-64-6 tanh policy on 16 observations, one thread.

    python torch_inference.py forward|act modules|functions [SECONDS]

forward: the means alone. act: also the draw of an action and its log-probability, as in a rollout. modules: a
torch.nn.Sequential and a torch.distributions.Normal, as learners have them. functions: the same written out
for speed, addmm on transposed weights and tanh in place; eager mode at its best. Both under
torch.inference_mode, which saves more than no_grad, and with one thread: at this size two cost more than they
give.
"""

import math
import sys

import torch
from timing import rate

what, style = sys.argv[1:3]
seconds = float(sys.argv[3]) if len(sys.argv) > 3 else 2.0
torch.set_num_threads(1)
torch.manual_seed(0)
network = torch.nn.Sequential(
    torch.nn.Linear(17, 64), torch.nn.Tanh(), torch.nn.Linear(64, 64), torch.nn.Tanh(),
    torch.nn.Linear(64, 6))
log_std = torch.zeros(6)
observations = torch.randn(16, 17)
(w1, b1), (w2, b2), (w3, b3) = [
    (layer.weight.detach().t().contiguous(), layer.bias.detach()) for layer in network[::2]]
constant = 3 * math.log(2 * math.pi)


def forward_functions():
    hidden = torch.addmm(b1, observations, w1).tanh_()
    hidden = torch.addmm(b2, hidden, w2).tanh_()
    return torch.addmm(b3, hidden, w3)


def act_functions():
    mean = forward_functions()
    noise = torch.randn_like(mean)
    actions = torch.addcmul(mean, log_std.exp(), noise)
    # (action − mean) / σ is the noise.
    return actions, noise.square().sum(1).mul_(-0.5).sub_(log_std.sum() + constant)


def forward_modules():
    return network(observations)


def act_modules():
    mean = network(observations)
    distribution = torch.distributions.Normal(mean, log_std.exp().expand_as(mean), validate_args=False)
    actions = distribution.sample()
    return actions, distribution.log_prob(actions).sum(1)


work = {
    ("forward", "modules"): forward_modules, ("forward", "functions"): forward_functions,
    ("act", "modules"): act_modules, ("act", "functions"): act_functions}[what, style]


def hundred():
    for _ in range(100):
        work()
    return 100


with torch.inference_mode():
    assert torch.allclose(forward_modules(), forward_functions(), atol=1e-6)
    print(1 / rate(hundred, seconds))
