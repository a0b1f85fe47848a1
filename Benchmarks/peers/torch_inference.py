"""PyTorch 2.13.0 in eager mode: seconds of one pass of a 17-64-64-6 tanh policy on 16 observations, one thread.

    python torch_inference.py [forward|act] [SECONDS]

forward: the means alone. act: also the draw of an action and its log-probability, as in a rollout. Its best here:
torch.inference_mode; one thread, since two cost more than they give at this size; addmm on transposed weights and tanh
in place, which take two thirds of the time of torch.nn.Sequential; the normal distribution written out, which takes
half the time of torch.distributions.
"""

import math
import sys

import torch
from timing import rate

variant = sys.argv[1] if len(sys.argv) > 1 else "forward"
seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 2.0
torch.set_num_threads(1)
torch.manual_seed(0)
layers = [torch.nn.Linear(17, 64), torch.nn.Linear(64, 64), torch.nn.Linear(64, 6)]
(w1, b1), (w2, b2), (w3, b3) = [(layer.weight.detach().t().contiguous(), layer.bias.detach()) for layer in layers]
log_std = torch.zeros(6)
observations = torch.randn(16, 17)
constant = 3 * math.log(2 * math.pi)


def means():
    hidden = torch.addmm(b1, observations, w1).tanh_()
    hidden = torch.addmm(b2, hidden, w2).tanh_()
    return torch.addmm(b3, hidden, w3)


def forward():
    for _ in range(100):
        means()
    return 100


def act():
    for _ in range(100):
        mean = means()
        noise = torch.randn_like(mean)
        actions = torch.addcmul(mean, log_std.exp(), noise)
        # (action − mean) / σ is the noise.
        log_probabilities = noise.square().sum(1).mul_(-0.5).sub_(log_std.sum() + constant)
    return actions, log_probabilities


work = {"forward": forward, "act": lambda: act() and 100}[variant]
with torch.inference_mode():
    print(1 / rate(work, seconds))
