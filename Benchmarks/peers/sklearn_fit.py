"""scikit-learn 1.9.1: seconds of one subset's weighted logistic fit without intercept by lbfgs.

    python sklearn_fit.py PROBLEM

PROBLEM is a little-endian file: int64 rows N, columns d, tasks s; float64 ridge λ; float32 features (N, d);
float32 advantages (N); int32 tasks (N), from 0. With "random ROWS COLUMNS TASKS RIDGE SEED" in place of a
file, all of it is drawn by numpy. The fit minimises what ours does:

    (1/s) Σ_i (1/W_i) Σ_{t∈i} w_t log(1 + exp(−y_t g_tᵀ v)) + λ ‖v‖²

with w = |advantage|, y its sign and W_i = Σ_{t∈i} w_t.

Its best: of single and double precision and of one and all threads of BLAS, the fastest, each at the largest
tolerance on the gradient (1e-2, 1e-3, ...) that brings the objective within 1e-8 of the least. That is proved
in double precision by strong convexity: the objective at v is at most ‖gradient‖² / (4 λ) above the least.
Conversion of the data to that precision is not counted. The choice is printed, and then the median seconds of
as many fits as take a second, at least five.
"""

import os
import statistics
import sys
import time

import numpy as np
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits


def read(path):
    with open(path, "rb") as file:
        rows, columns, tasks = np.fromfile(file, "<i8", 3)
        ridge = np.fromfile(file, "<f8", 1)[0]
        features = np.fromfile(file, "<f4", rows * columns).reshape(rows, columns)
        advantages, task = np.fromfile(file, "<f4", rows), np.fromfile(file, "<i4", rows)
        return features, advantages, task, int(tasks), float(ridge)


def draw(rows, columns, tasks, ridge, seed):
    random = np.random.default_rng(int(seed))
    rows, columns, tasks = int(rows), int(columns), int(tasks)
    features = random.standard_normal((rows, columns), dtype=np.float32)
    advantages = random.standard_normal(rows, dtype=np.float32)
    return features, advantages, np.arange(rows, dtype=np.int32) * tasks // rows, tasks, float(ridge)


class Problem:
    """Rows, labels and weights, and fits to them."""

    def __init__(self, features, advantages, task, tasks, ridge):
        # Transitions without a reliable sign carry no weight with us; leaving them out saves time.
        kept = np.abs(advantages) >= 1e-8
        self.x = features[kept].astype(np.float64)
        self.y = np.sign(advantages[kept]).astype(np.float64)
        weights = np.abs(advantages[kept].astype(np.float64))
        self.weights = weights / (tasks * np.bincount(task[kept], weights, tasks)[task[kept]])
        self.ridge = ridge
        self.data = {kind: [a.astype(kind) for a in (self.x, self.y, self.weights)] for kind in ("f4", "f8")}

    def fit(self, kind, threads, tolerance):
        """Seconds and solution. C Σ w loss + ½ ‖v‖² is 1/(2 λ) of our objective where C is 1/(2 λ)."""
        x, y, weights = self.data[kind]
        model = LogisticRegression(C=1 / (2 * self.ridge), fit_intercept=False, tol=tolerance, max_iter=10000)
        with threadpool_limits(threads):
            start = time.perf_counter()
            model.fit(x, y, sample_weight=weights)
            return time.perf_counter() - start, model.coef_[0].astype(np.float64)

    def objective(self, v):
        return np.sum(self.weights * np.logaddexp(0, -self.y * (self.x @ v))) + self.ridge * v @ v

    def relative_excess(self, v):
        """A bound on the objective at v over the least, less one."""
        margins = self.y * (self.x @ v)
        gradient = -self.x.T @ (self.weights * self.y / (1 + np.exp(margins))) + 2 * self.ridge * v
        return gradient @ gradient / (4 * self.ridge) / self.objective(v)

    def largest_tolerance(self, kind):
        """The largest one that reaches 1e-8; None if none does."""
        for tolerance in (1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9):
            if self.relative_excess(self.fit(kind, 1, tolerance)[1]) < 1e-8:
                return tolerance
        return None


def main():
    name = sys.argv[1].split()
    problem = Problem(*(draw(*name[1:]) if name[0] == "random" else read(sys.argv[1])))
    tolerances = {kind: problem.largest_tolerance(kind) for kind in ("f4", "f8")}
    candidates = [(kind, threads, tolerance) for kind, tolerance in tolerances.items()
                  for threads in (1, os.cpu_count()) if tolerance is not None]
    if not candidates:
        sys.exit("no tolerance reaches the optimum to 1e-8")
    trials = [[problem.fit(*candidate)[0] for candidate in candidates] for _ in range(3)]
    medians = [statistics.median(column) for column in zip(*trials)]
    best = candidates[medians.index(min(medians))]
    objective = problem.objective(problem.fit(*best)[1])
    print("precision %s, %d threads, tolerance %g, objective %.10f" % (*best, objective))
    seconds = []
    while len(seconds) < 5 or sum(seconds) < 1:
        seconds.append(problem.fit(*best)[0])
    print(statistics.median(seconds))


if __name__ == "__main__":
    main()
