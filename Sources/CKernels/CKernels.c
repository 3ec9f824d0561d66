// CRC-32C: the SSE4.2 instruction where the processor has it, a table elsewhere. Both give the same value;
// CRC32CTests compares them.
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
#include <nmmintrin.h>

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
#else
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
