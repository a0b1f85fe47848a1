#pragma once
#include <cblas.h>

/*
 * LAPACK's Fortran symbols, which libopenblas exports: Debian builds it without LAPACKE, so there is no header.
 * Matrices are column-major; a row-major symmetric matrix is the same bytes with "L" and "U" exchanged.
 */

/* Cholesky factor of a symmetric positive definite matrix. */
void dpotrf_(const char *uplo, const int *n, double *a, const int *lda, int *info);

/* Solves with the factor of dpotrf. */
void dpotrs_(const char *uplo, const int *n, const int *nrhs, const double *a, const int *lda, double *b,
             const int *ldb, int *info);

/* Eigenvalues (ascending) and eigenvectors of a symmetric matrix, by divide and conquer. */
void dsyevd_(const char *jobz, const char *uplo, const int *n, double *a, const int *lda, double *w, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);
