/*
 * The two loops of the Gaussian projection that want the processor's widest vectors, compiled for several widths. The
 * operations on an entry and their order are the same in all of them, so the bits are too, whatever the processor.
 */
#pragma once
#include <stdint.h>

/* Which vectors a loop uses. */
enum cprojection_vectors { cprojection_baseline, cprojection_avx2, cprojection_avx512 };

/* The widest vectors of this processor. */
enum cprojection_vectors cprojection_widest(void);

/* Rows of scores that cprojection_add_product takes at a time. */
enum { cprojection_rows = 12 };

/* Columns of a panel of projection rows. */
enum { cprojection_columns = 32 };

/*
 * Writes the first entries of row `row` of P: standard normal numbers by Philox4x32-10 and Box-Muller, multiplied by
 * `scale` in double precision and rounded to single (docs/artifacts.md, "The projection").
 *
 * vectors: at most the processor's widest.
 * count: how many entries, a multiple of 4.
 */
void cprojection_gaussian_row(enum cprojection_vectors vectors, uint32_t key0, uint32_t key1, uint32_t row,
                              double scale, int count, float *out);

/*
 * Adds a product to some rows of features: features[r][c] += sum over k of scores[k][r] * panel[k][c], r < rows,
 * c < columns. The sum is a chain of fused multiply-adds in the order of k that starts at zero.
 *
 * scores: (length, cprojection_rows), columns from `rows` on may hold anything finite.
 * panel: (length, cprojection_columns), likewise.
 * features: rows of `stride` entries.
 * columns, rows: 1 up to cprojection_columns and cprojection_rows.
 */
void cprojection_add_product(enum cprojection_vectors vectors, int length, const float *scores, const float *panel,
                             float *features, int64_t stride, int rows, int columns);
