# Builds the check of a GPU as gpu-check.sh does on a GPU machine, with TensorRT's headers, and has it build, capture and
# time an engine on the doubles. The second needs kernels and cases; without them only the build is tested.
set(ENV{CXX} ${CXX})
set(ENV{CXXFLAGS} "-O0 -Werror")
set(ENV{GPU_CHECK_BUILD} ${FOLDER}/build)
set(ENV{TENSORRT_INCLUDE} ${TENSORRT_INCLUDE})
execute_process(COMMAND bash ${SCRIPT} --build-only RESULT_VARIABLE result)
if(NOT result EQUAL 0)
    message(FATAL_ERROR "gpu-check.sh --build-only ended with ${result}")
endif()

if(NOT EXISTS ${PTX} OR NOT EXISTS ${CASES})
    message(STATUS "nothing is run: ${PTX} or ${CASES} is not built")
    return()
endif()

file(WRITE ${FOLDER}/network.txt
    "double-network 1\ninput x float -1,4\noutput y float -1,4\nnode twice scale x t 2\nnode again scale t y 2\n")
execute_process(
    COMMAND ${FOLDER}/build/gpu-check --ptx ${PTX} --cases ${CASES} --driver ${DRIVER} --samples 1 --batch 1
        --copy-size 4096 --tensorrt ${TENSORRT} --onnx ${FOLDER}/network.txt --shape x=2x4
    RESULT_VARIABLE result OUTPUT_VARIABLE output)
if(NOT result EQUAL 0 OR NOT output MATCHES "network.txt[^\n]*same bits[^\n]*ok")
    message(FATAL_ERROR "the check ended with ${result}:\n${output}")
endif()
