#include <string.h>

#include "forms.h"

// Bits must not depend on whether the processor can fuse a product and a sum.
#pragma clang fp contract(off)

/* Blocks of four numbers that are made side by side. */
enum { lanes = 16 };

/*
 * ln u for u in (0, 1), to within one unit in the last place: u = 2^k (1 + f) with 1 + f in [1/sqrt 2, sqrt 2), and
 * FreeBSD's polynomial (e_log.c) in s = f / (2 + f).
 */
INLINE double logarithm(double u) {
  uint64_t bits;
  memcpy(&bits, &u, 8);
  const uint64_t shifted = bits - 0x3fe6a09e667f3bcdu;  // sqrt(1/2)
  const int64_t k = (int64_t)shifted >> 52;
  bits -= (uint64_t)k << 52;
  double m;
  memcpy(&m, &bits, 8);
  const double e = (double)(int32_t)k, f = m - 1, s = f / (2 + f), z = s * s, w = z * z;
  const double even = w * (0x1.999999997fa04p-2 + w * (0x1.c71c51d8e78afp-3 + w * 0x1.39a09d078c69fp-3));
  const double odd = z * (0x1.5555555555593p-1 + w * (0x1.2492494229359p-2 +
                                                      w * (0x1.7466496cb03dep-3 + w * 0x1.2f112df3e5244p-3)));
  const double half = 0.5 * f * f;
  return e * 0x1.62e42fee00000p-1 - ((half - (s * (half + (even + odd)) + e * 0x1.a39ef35793c76p-33)) - f);
}

/*
 * cos and sin of 2 pi (x + 1/2) / 2^32: the nearest quarter turn is taken off in integers, without rounding, and what
 * is left, at most pi / 4, goes into FreeBSD's polynomials (k_cos.c, k_sin.c).
 */
INLINE void cosine_and_sine(uint32_t x, double *cosine, double *sine) {
  const uint32_t quarter = (x + 0x20000000u) >> 30;
  const double angle = ((double)(int32_t)(x - (quarter << 30)) + 0.5) * (0x1.921fb54442d18p+2 * 0x1p-32);
  const double z = angle * angle;
  const double c = 1 - (0.5 * z - z * z * (0x1.555555555554cp-5 + z * (-0x1.6c16c16c15177p-10 +
                   z * (0x1.a01a019cb1590p-16 + z * (-0x1.27e4f809c52adp-22 + z * (0x1.1ee9ebdb4b1c4p-29 +
                   z * -0x1.8fae9be8838d4p-37))))));
  const double s = angle + angle * z * (-0x1.5555555555549p-3 + z * (0x1.111111110f8a6p-7 +
                   z * (-0x1.a01a019c161d5p-13 + z * (0x1.71de357b1fe7dp-19 + z * (-0x1.ae5e68a2b9cebp-26 +
                   z * 0x1.5d93a5acfd57cp-33)))));
  const double first = quarter & 1 ? s : c, second = quarter & 1 ? c : s;
  *cosine = (quarter + 1) & 2 ? -first : first;
  *sine = quarter & 2 ? -second : second;
}

/* Blocks `first` to first + lanes of a row: z[j][b] is number j of block first + b. */
INLINE void gaussian_blocks(uint32_t key0, uint32_t key1, uint32_t row, uint32_t first, double scale,
                            float z[4][lanes]) {
  uint32_t x0[lanes], x1[lanes], x2[lanes], x3[lanes];
  for (int b = 0; b < lanes; b++) {
    x0[b] = row;
    x1[b] = first + (uint32_t)b;
    x2[b] = 0;
    x3[b] = 0;
  }
  for (int round = 0; round < 10; round++) {
    for (int b = 0; b < lanes; b++) {
      const uint64_t low = (uint64_t)x0[b] * 0xD2511F53u, high = (uint64_t)x2[b] * 0xCD9E8D57u;
      x0[b] = (uint32_t)(high >> 32) ^ x1[b] ^ key0;
      x2[b] = (uint32_t)(low >> 32) ^ x3[b] ^ key1;
      x1[b] = (uint32_t)high;
      x3[b] = (uint32_t)low;
    }
    key0 += 0x9E3779B9u;
    key1 += 0xBB67AE85u;
  }
  for (int b = 0; b < lanes; b++) {
    const double radius = __builtin_elementwise_sqrt(-2 * logarithm(((double)x0[b] + 0.5) * 0x1p-32)) * scale;
    double cosine, sine;
    cosine_and_sine(x1[b], &cosine, &sine);
    z[0][b] = (float)(radius * cosine);
    z[1][b] = (float)(radius * sine);
  }
  for (int b = 0; b < lanes; b++) {
    const double radius = __builtin_elementwise_sqrt(-2 * logarithm(((double)x2[b] + 0.5) * 0x1p-32)) * scale;
    double cosine, sine;
    cosine_and_sine(x3[b], &cosine, &sine);
    z[2][b] = (float)(radius * cosine);
    z[3][b] = (float)(radius * sine);
  }
}

INLINE void gaussian_row(uint32_t key0, uint32_t key1, uint32_t row, double scale, long count, float *out) {
  const long blocks = count / 4;
  for (long first = 0; first < blocks; first += lanes) {
    float z[4][lanes];
    gaussian_blocks(key0, key1, row, (uint32_t)first, scale, z);
    const long left = blocks - first < lanes ? blocks - first : lanes;
    for (long b = 0; b < left; b++) {
      for (int j = 0; j < 4; j++) out[4 * (first + b) + j] = z[j][b];
    }
  }
}

#define DEFINE_ROW(NAME, ATTRIBUTES)                                                                                   \
  ATTRIBUTES static void NAME(uint32_t key0, uint32_t key1, uint32_t row, double scale, long count, float *out) {      \
    gaussian_row(key0, key1, row, scale, count, out);                                                                  \
  }

DEFINE_ROW(row_portable, )
DEFINE_ROW(row_eight, WITH_EIGHT)
DEFINE_ROW(row_sixteen, WITH_SIXTEEN)

void kernels_gaussian_row(enum kernels_form form, uint32_t key0, uint32_t key1, uint32_t row, double scale, long count,
                          float *out) {
  (form == kernels_sixteen ? row_sixteen : form == kernels_eight ? row_eight : row_portable)(key0, key1, row, scale,
                                                                                             count, out);
}
