#pragma once

/*
 * The oracle for the relaxation: CSDP (Borchers 1999, Debian's libsdp) on
 *   max <U, X> - lambda tr X   over   X psd, X >= 0, X 1 = 1 (and tr X = k where k > 0).
 *
 * u and x are n x n; x receives the solution, objectives the primal and the dual objective.
 * Returns CSDP's code: 0 solved, 3 solved to less than full accuracy, anything else a failure.
 */
int csdp_relaxation(int n, const double *u, double k, double lambda, double *x, double *primal_objective,
                    double *dual_objective);
