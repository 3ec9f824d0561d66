// What needs more than baseline x86-64, behind a look at the processor: CRC-32C by SSE4.2, or by a table elsewhere, and
// quotes by AVX-512, or by whoever asked. KernelTests compares them with loops.
#define _GNU_SOURCE
#include "CKernels.h"

static uint32_t table[256];

__attribute__((constructor)) static void fill_table(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t value = i;
    for (int bit = 0; bit < 8; bit++) value = (value >> 1) ^ (0x82F63B78u & (0u - (value & 1)));
    table[i] = value;
  }
}

static uint32_t crc_portable(uint32_t crc, const uint8_t *bytes, size_t count) {
  for (size_t i = 0; i < count; i++) crc = (crc >> 8) ^ table[(crc ^ bytes[i]) & 0xFF];
  return crc;
}

#if defined(__x86_64__)
#include <immintrin.h>

__attribute__((target("sse4.2"))) static uint32_t crc_hardware(uint32_t crc, const uint8_t *bytes,
                                                               size_t count) {
  uint64_t wide = crc;
  for (; count >= 8; count -= 8, bytes += 8) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    wide = _mm_crc32_u64(wide, word);
  }
  crc = (uint32_t)wide;
  for (; count > 0; count--, bytes++) crc = _mm_crc32_u8(crc, *bytes);
  return crc;
}

uint32_t beacon_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
  crc = ~crc;
  crc = __builtin_cpu_supports("sse4.2") ? crc_hardware(crc, bytes, count)
                                         : crc_portable(crc, bytes, count);
  return ~crc;
}

__attribute__((target("avx512bw,bmi,popcnt"))) static int quotes_hardware(const uint8_t *line, size_t count,
                                                                          int wanted,
                                                                          intptr_t *positions) {
  const __m512i quote = _mm512_set1_epi8('"');
  const __m512i backslash = _mm512_set1_epi8('\\');
  int found = 0;
  for (size_t start = 0; start < count && found < wanted; start += 64) {
    const size_t rest = count - start;
    // Bytes that the mask leaves out are not touched.
    const __mmask64 inside = rest < 64 ? ((uint64_t)1 << rest) - 1 : ~(uint64_t)0;
    const __m512i block = _mm512_maskz_loadu_epi8(inside, line + start);
    if (_mm512_cmpeq_epi8_mask(block, backslash) != 0) return -1;
    uint64_t quotes = _mm512_cmpeq_epi8_mask(block, quote);
    const int here = found + __builtin_popcountll(quotes);
    // Four at a time, whether there are so many or not: to guess how many would cost more.
    for (int next = found; next < here && next < wanted; next += 4) {
      for (int i = 0; i < 4; i++, quotes &= quotes - 1) {
        positions[next + i] = (intptr_t)(start + _tzcnt_u64(quotes));
      }
    }
    found = here;
  }
  return found < wanted ? found : wanted;
}

int beacon_quotes(const uint8_t *line, size_t count, int wanted, intptr_t *positions) {
  if (!__builtin_cpu_supports("avx512bw")) return -1;
  return quotes_hardware(line, count, wanted, positions);
}
#else
int beacon_quotes(const uint8_t *line, size_t count, int wanted, intptr_t *positions) {
  (void)line, (void)count, (void)wanted, (void)positions;
  return -1;
}

uint32_t beacon_crc32c(uint32_t crc, const uint8_t *bytes, size_t count) {
  return ~crc_portable(~crc, bytes, count);
}
#endif

const uint8_t *beacon_last(const uint8_t *bytes, uint8_t value, size_t count) {
  return memrchr(bytes, value, count);
}

const uint8_t *beacon_find(const uint8_t *bytes, size_t count, const uint8_t *needle, size_t needle_count) {
  return memmem(bytes, count, needle, needle_count);
}
