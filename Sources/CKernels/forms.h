/* What the forms of a loop are made of: a function that is inlined into one function per set of instructions. */
#pragma once
#include "CKernels.h"

#define INLINE static inline __attribute__((always_inline))

#if defined(__x86_64__)
#define WITH_EIGHT __attribute__((target("avx2,fma")))
#define WITH_SIXTEEN __attribute__((target("avx512f,avx512dq,fma")))
#else
#define WITH_EIGHT
#define WITH_SIXTEEN
#endif
