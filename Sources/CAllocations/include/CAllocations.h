// How often the calling thread has asked for memory. Whoever links this gets an allocator that counts.
#ifndef BEACON_CALLOCATIONS_H
#define BEACON_CALLOCATIONS_H

#include <stdint.h>

// Calls of malloc, calloc, realloc and the aligned ones by this thread since it began.
uint64_t beacon_allocation_count(void);

#endif
