// Byte-mask kernels, the CRC-32C step and the prefetch hint: what Swift cannot say well.
//
// Everything is `static inline` and needs nothing beyond baseline x86-64 (SSE2), so that it is inlined into
// Swift loops without unsafe build flags. The CRC uses SSE4.2 behind a run-time check. Other machines take
// the portable branch.
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

// Asks the cache for the line at `address`; never faults.
static inline void beacon_prefetch(const void *address) { __builtin_prefetch(address); }

// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 at the start). In CKernels.c.
uint32_t beacon_crc32c(uint32_t crc, const uint8_t *bytes, size_t count);

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

// From now on what is freed stays with the allocator, up to 256 MiB, even where it came in large blocks.
static inline void beacon_keep_memory(void) {
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 256 << 20);
}

// From now on blocks of 128 KiB and more go straight back to the system when they are freed.
static inline void beacon_release_large_blocks(void) { mallopt(M_MMAP_THRESHOLD, 128 << 10); }

#endif
