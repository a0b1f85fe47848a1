"""Clarabel 0.11.1 or SCS 3.3.1 under cvxpy 1.9.3: seconds to solve the semidefinite relaxation of clustering.

    python cvxpy_relaxation.py TASKS CLARABEL|SCS [GROUPS]

    max ⟨U, X⟩  over  X ⪰ 0, X ≥ 0, X 1 = 1, tr X = k

for a symmetric standard normal U with n = TASKS and k = GROUPS (n / 5), scaled to Frobenius norm 1. Only the
solver's own time counts, not cvxpy's translation. Clarabel is an interior-point method and is run to its
relative gap 1e-6; SCS is a first-order method and is run to eps 1e-6. The program prints the objective before
the seconds.
"""

import sys

import cvxpy
import numpy as np

n, solver = int(sys.argv[1]), sys.argv[2]
groups = int(sys.argv[3]) if len(sys.argv) > 3 else max(n // 5, 2)
random = np.random.default_rng(0)
matrix = random.standard_normal((n, n))
affinity = np.triu(matrix) + np.triu(matrix, 1).T
affinity /= np.linalg.norm(affinity)
x = cvxpy.Variable((n, n), PSD=True)
problem = cvxpy.Problem(
    # A positive semidefinite matrix is symmetric with a diagonal ≥ 0: the entries above it are enough.
    cvxpy.Maximize(cvxpy.trace(affinity @ x)),
    [cvxpy.upper_tri(x) >= 0, cvxpy.sum(x, axis=1) == 1, cvxpy.trace(x) == groups])
options = {"CLARABEL": {"tol_gap_rel": 1e-6, "tol_gap_abs": 1e-6, "tol_feas": 1e-6},
           "SCS": {"eps_abs": 1e-6, "eps_rel": 1e-6, "max_iters": 200000}}[solver]
problem.solve(solver=solver, **options)
print(f"{problem.status}, objective {problem.value:.9f}")
print(problem.solver_stats.solve_time)
