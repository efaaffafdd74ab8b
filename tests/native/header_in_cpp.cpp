// The header compiles as C++, alone, with the layouts that C sees.
#include <cstddef>

#include "latentsync_rt.h"

#define LSRT_SIZE(type, bytes) static_assert(sizeof(type) == (bytes), #type);
#define LSRT_OFFSET(type, field, bytes) static_assert(offsetof(type, field) == (bytes), #type "." #field);
#include "abi_layouts.def"
