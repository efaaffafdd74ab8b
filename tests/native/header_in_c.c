/* The header compiles as C11, and the layouts are those that the managed side declares. */
#include <stddef.h>

#include "latentsync_rt.h"

#define LSRT_SIZE(type, bytes) _Static_assert(sizeof(type) == (bytes), #type);
#define LSRT_OFFSET(type, field, bytes) _Static_assert(offsetof(type, field) == (bytes), #type "." #field);
#include "abi_layouts.def"

int32_t abi_version_seen_from_c(void);

int32_t abi_version_seen_from_c(void) { return lsrt_abi_version(); }
