#include <pthread.h>
#include "ccsdp.h"

#include <csdp/declarations.h>
#include <stdlib.h>

/*
 * Takes the place of the library's own function, which reads param.csdp from the current directory and, without
 * that file, makes the solver print. The values are the library's defaults.
 */
void initparams(struct paramstruc *params, int *print_level) {
  params->axtol = 1.0e-8;
  params->atytol = 1.0e-8;
  params->objtol = 1.0e-8;
  params->pinftol = 1.0e8;
  params->dinftol = 1.0e8;
  params->maxiter = 100;
  params->minstepfrac = 0.90;
  params->maxstepfrac = 0.97;
  params->minstepp = 1.0e-8;
  params->minstepd = 1.0e-8;
  params->usexzgap = 1;
  params->tweakgap = 0;
  params->affine = 0;
  params->perturbobj = 1;
  params->fastmode = 0;
  *print_level = 0;
}

/* A block of a constraint; arrays are 1-based throughout, and free_prob frees them. */
static struct sparseblock *make_block(int constraint, int number, int size, int entries) {
  struct sparseblock *block = calloc(1, sizeof *block);
  block->blocknum = number;
  block->blocksize = size;
  block->constraintnum = constraint;
  block->numentries = entries;
  block->entries = malloc((entries + 1) * sizeof(double));
  block->iindices = malloc((entries + 1) * sizeof(int));
  block->jindices = malloc((entries + 1) * sizeof(int));
  return block;
}

static void set_entry(struct sparseblock *block, int entry, int i, int j, double value) {
  block->iindices[entry] = i < j ? i : j;
  block->jindices[entry] = i < j ? j : i;
  block->entries[entry] = value;
}

static int solve_relaxation(int n, const double *u, double k, double lambda, double *x, double *primal_objective,
                    double *dual_objective) {
  int pairs = n * (n - 1) / 2;
  int count = n + pairs + (k > 0);

  struct blockmatrix cost, primal, slack;
  cost.nblocks = 2;
  cost.blocks = malloc(3 * sizeof(struct blockrec));
  cost.blocks[1].blockcategory = MATRIX;
  cost.blocks[1].blocksize = n;
  cost.blocks[1].data.mat = malloc((size_t)n * n * sizeof(double));
  for (int j = 1; j <= n; j++)
    for (int i = 1; i <= n; i++)
      cost.blocks[1].data.mat[ijtok(i, j, n)] =
          0.5 * (u[(i - 1) * n + j - 1] + u[(j - 1) * n + i - 1]) - (i == j ? lambda : 0);
  cost.blocks[2].blockcategory = DIAG;
  cost.blocks[2].blocksize = pairs;
  cost.blocks[2].data.vec = calloc(pairs + 1, sizeof(double));

  double *target = malloc((count + 1) * sizeof(double));
  struct constraintmatrix *constraints = malloc((count + 1) * sizeof *constraints);
  int c = 0;
  for (int r = 1; r <= n; r++) { /* (X 1)_r = 1; an off-diagonal entry is given once and counts twice */
    struct sparseblock *block = make_block(++c, 1, n, n);
    for (int j = 1; j <= n; j++) set_entry(block, j, r, j, r == j ? 1.0 : 0.5);
    constraints[c].blocks = block;
    target[c] = 1;
  }
  if (k > 0) { /* tr X = k */
    struct sparseblock *block = make_block(++c, 1, n, n);
    for (int j = 1; j <= n; j++) set_entry(block, j, j, j, 1);
    constraints[c].blocks = block;
    target[c] = k;
  }
  int slot = 0;
  for (int j = 2; j <= n; j++)
    for (int i = 1; i < j; i++) { /* X_ij = s_ij, with s in the diagonal block */
      struct sparseblock *entry = make_block(++c, 1, n, 1);
      set_entry(entry, 1, i, j, 0.5);
      slot++;
      struct sparseblock *lower = make_block(c, 2, pairs, 1);
      set_entry(lower, 1, slot, slot, -1);
      entry->next = lower;
      constraints[c].blocks = entry;
      target[c] = 0;
    }

  double *multipliers;
  initsoln(n + pairs, count, cost, target, constraints, &primal, &multipliers, &slack);
  int status = easy_sdp(n + pairs, count, cost, target, constraints, 0.0, &primal, &multipliers, &slack,
                        primal_objective, dual_objective);
  for (int j = 1; j <= n; j++)
    for (int i = 1; i <= n; i++) x[(i - 1) * n + j - 1] = primal.blocks[1].data.mat[ijtok(i, j, n)];
  free_prob(n + pairs, count, cost, target, constraints, primal, multipliers, slack);
  return status;
}

/* CSDP keeps static work space, so that two solves at once corrupt each other's memory. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

int csdp_relaxation(int n, const double *u, double k, double lambda, double *x, double *primal_objective,
                    double *dual_objective) {
  pthread_mutex_lock(&one_at_a_time);
  int status = solve_relaxation(n, u, k, lambda, x, primal_objective, dual_objective);
  pthread_mutex_unlock(&one_at_a_time);
  return status;
}
