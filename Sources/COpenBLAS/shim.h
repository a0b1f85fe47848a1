#pragma once
#include <cblas.h>

/*
 * LAPACK's Fortran symbols, which libopenblas exports: Debian builds it without LAPACKE, so there is no header.
 * Matrices are column-major; a row-major symmetric matrix is the same bytes with "L" and "U" exchanged.
 */

/* Solves with a symmetric positive definite matrix, which its Cholesky factor overwrites. */
void dposv_(const char *uplo, const int *n, const int *nrhs, double *a, const int *lda, double *b, const int *ldb,
            int *info);

/* Reduces a symmetric matrix to tridiagonal form, A = Q T Q'. */
void dsytrd_(const char *uplo, const int *n, double *a, const int *lda, double *d, double *e, double *tau,
             double *work, const int *lwork, int *info);

/* Eigenvalues (ascending) of a symmetric tridiagonal matrix. */
void dsterf_(const int *n, double *d, double *e, int *info);

/* Eigenvalues and eigenvectors of a symmetric tridiagonal matrix, by divide and conquer. */
void dstedc_(const char *compz, const int *n, double *d, double *e, double *z, const int *ldz, double *work,
             const int *lwork, int *iwork, const int *liwork, int *info);

/* Eigenvectors of a symmetric tridiagonal matrix that belong to given eigenvalues, by inverse iteration. */
void dstein_(const int *n, const double *d, const double *e, const int *m, const double *w, const int *iblock,
             const int *isplit, double *z, const int *ldz, double *work, int *iwork, int *ifail, int *info);

/* Multiplies by the Q of dsytrd. */
void dormtr_(const char *side, const char *uplo, const char *trans, const int *m, const int *n, double *a,
             const int *lda, const double *tau, double *c, const int *ldc, double *work, const int *lwork,
             int *info);
