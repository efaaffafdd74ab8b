/* TensorRT's library as far as its version call. */
#include <stdint.h>

int32_t getInferLibVersion(void);

int32_t getInferLibVersion(void) { return FAKE_NVINFER_VERSION; }
