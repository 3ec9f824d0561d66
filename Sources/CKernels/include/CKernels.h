// Byte-mask kernels, the CRC-32C step and the prefetch hint: what Swift cannot say well.
//
// What is `static inline` needs nothing beyond baseline x86-64 (SSE2), so that it is inlined into Swift loops without
// unsafe build flags. CRC and quotes use SSE4.2 and AVX-512 behind a run-time check. Other machines take the portable
// branch.
#ifndef BEACON_CKERNELS_H
#define BEACON_CKERNELS_H

#include <malloc.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

// Bit i is set when byte i of the 64 bytes at `bytes` equals `value`.
static inline uint64_t beacon_mask64(const uint8_t *bytes, uint8_t value) {
#if defined(__SSE2__)
  const __m128i wanted = _mm_set1_epi8((char)value);
  uint64_t mask = 0;
  for (int i = 0; i < 4; i++) {
    const __m128i block = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    mask |= (uint64_t)(uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, wanted)) << (16 * i);
  }
  return mask;
#else
  uint64_t mask = 0;
  for (int i = 0; i < 64; i++) mask |= (uint64_t)(bytes[i] == value) << i;
  return mask;
#endif
}

// The same for 16 bytes.
static inline uint32_t beacon_mask16(const uint8_t *bytes, uint8_t value) {
#if defined(__SSE2__)
  const __m128i block = _mm_loadu_si128((const __m128i *)bytes);
  return (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, _mm_set1_epi8((char)value)));
#else
  uint32_t mask = 0;
  for (int i = 0; i < 16; i++) mask |= (uint32_t)(bytes[i] == value) << i;
  return mask;
#endif
}

// Whether `count` bytes at both places are the same; inlined, for texts of a few dozen bytes.
static inline int beacon_equal(const uint8_t *left, const uint8_t *right, size_t count) {
#if defined(__SSE2__)
  if (count >= 16) {
    for (size_t i = 0;; i = i + 32 <= count ? i + 16 : count - 16) {
      const __m128i a = _mm_loadu_si128((const __m128i *)(left + i));
      const __m128i b = _mm_loadu_si128((const __m128i *)(right + i));
      if (_mm_movemask_epi8(_mm_cmpeq_epi8(a, b)) != 0xFFFF) return 0;
      if (i + 16 == count) return 1;
    }
  }
#endif
  if (count >= 8) {
    uint64_t a, b, c, d;
    memcpy(&a, left, 8), memcpy(&b, right, 8);
    memcpy(&c, left + count - 8, 8), memcpy(&d, right + count - 8, 8);
    return ((a ^ b) | (c ^ d)) == 0;
  }
  for (size_t i = 0; i < count; i++) {
    if (left[i] != right[i]) return 0;
  }
  return 1;
}

// Copies `count` bytes; inlined, for texts of a few dozen bytes.
static inline void beacon_copy(uint8_t *target, const uint8_t *source, size_t count) {
#if defined(__SSE2__)
  if (count >= 16) {
    for (size_t i = 0; i + 16 < count; i += 16) {
      _mm_storeu_si128((__m128i *)(target + i), _mm_loadu_si128((const __m128i *)(source + i)));
    }
    const size_t last = count - 16;
    _mm_storeu_si128((__m128i *)(target + last), _mm_loadu_si128((const __m128i *)(source + last)));
    return;
  }
#endif
  if (count >= 8) {
    uint64_t first, last;
    memcpy(&first, source, 8), memcpy(&last, source + count - 8, 8);
    memcpy(target, &first, 8), memcpy(target + count - 8, &last, 8);
    return;
  }
  for (size_t i = 0; i < count; i++) target[i] = source[i];
}

// Asks the cache for the line at `address`; never faults.
static inline void beacon_prefetch(const void *address) { __builtin_prefetch(address); }

// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 at the start). In CKernels.c.
uint32_t beacon_crc32c(uint32_t crc, const uint8_t *bytes, size_t count);

// Where the first `wanted` quotes of a line are. Returns how many there are, up to `wanted`; -1 where that takes a
// closer look: a backslash before the last of them or near it, or a processor without AVX-512.
// `positions` has room for three more than are wanted.
int beacon_quotes(const uint8_t *line, size_t count, int wanted, intptr_t *positions);

// glibc's memrchr and memmem, which Swift's Glibc module does not show.
const uint8_t *beacon_last(const uint8_t *bytes, uint8_t value, size_t count);
const uint8_t *beacon_find(const uint8_t *bytes, size_t count, const uint8_t *needle, size_t needle_count);

// The 128-bit product of a and b, folded: the mixing step of the hash.
static inline uint64_t beacon_fold(uint64_t a, uint64_t b) {
  const unsigned __int128 product = (unsigned __int128)a * b;
  return (uint64_t)product ^ (uint64_t)(product >> 64);
}

// Gives memory that was freed back to the system.
static inline void beacon_release_memory(void) { malloc_trim(0); }

// From now on what is freed stays with the allocator, up to so many bytes, even where it came in large blocks.
static inline void beacon_keep_memory(int byte_count) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, byte_count);
}

// From now on new threads share the first one's heap; only that one's end goes back to the system (malloc_trim).
static inline void beacon_use_one_heap(void) { mallopt(M_ARENA_MAX, 1); }

// From now on 128 KiB and more go straight back to the system when they are freed, as blocks or at a heap's end.
static inline void beacon_release_large_blocks(void) {
  mallopt(M_MMAP_THRESHOLD, 128 << 10);
  mallopt(M_TRIM_THRESHOLD, 128 << 10);
}

#endif
