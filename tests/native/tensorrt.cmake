# Tests of building and running engines: of the flavour without TensorRT that it says what is missing, of the others,
# where the build was given TensorRT's headers, all of it on the doubles.
target_sources(lsrt_api_tests PRIVATE plan_tests.cpp)

# lsrt_check_exports NAME: that the flavour exports the interface and nothing else.
function(lsrt_check_exports name)
    if(CMAKE_NM)
        add_test(NAME Exports.${name}_ExportsTheInterfaceAndNothingElse
            COMMAND ${CMAKE_COMMAND} -DNM=${CMAKE_NM} -DLIBRARY=$<TARGET_FILE:${name}>
                -DHEADER=${PROJECT_SOURCE_DIR}/native/include/latentsync_rt.h
                -P ${CMAKE_CURRENT_SOURCE_DIR}/check_exports.cmake)
    endif()
endfunction()

if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    lsrt_check_exports(latentsync_rt)
    target_sources(lsrt_device_tests PRIVATE no_tensorrt_tests.cpp)
    target_compile_definitions(lsrt_device_tests PRIVATE FAKES_DIRECTORY="${LSRT_FAKES_DIRECTORY}"
        HAS_TENSORRT_HEADERS=$<BOOL:${LSRT_TENSORRT_MAJORS}>)
    if(LSRT_TENSORRT_MAJORS)
        add_subdirectory(doubles/nvinfer)
    endif()

    foreach(major IN LISTS LSRT_TENSORRT_MAJORS)
        lsrt_check_exports(latentsync_rt_trt${major})
        set(name lsrt_tensorrt${major}_tests)
        add_executable(${name}
            build_tests.cpp build_failure_tests.cpp engine_tests.cpp engine_damage_tests.cpp execution_tests.cpp
            execution_failure_tests.cpp flavour_tests.cpp nvinfer_double_tests.cpp plan_tests.cpp timing_cache_tests.cpp)
        target_link_libraries(${name} PRIVATE
            latentsync_rt_trt${major} cuda_double nvinfer_double${major} lsrt_warnings GTest::gtest_main)
        # Opened by their paths, not linked.
        add_dependencies(${name} nvonnxparser_double${major} tensorrt_10 tensorrt_complete_nvinfer
            tensorrt_complete_parser)
        target_compile_definitions(${name} PRIVATE
            CUDA_DOUBLE="$<TARGET_FILE:cuda_double>" TENSORRT_DOUBLE="$<TARGET_FILE_DIR:nvinfer_double${major}>"
            FAKES_DIRECTORY="${LSRT_FAKES_DIRECTORY}" TENSORRT_MAJOR=${major} TEST_FOLDER="lsrt${major}.")
        gtest_discover_tests(${name} TEST_PREFIX TensorRt${major}. DISCOVERY_MODE PRE_TEST)
    endforeach()

    # One major is enough for the script, whose build takes a while; not with sanitizers, whose runtime it does not link.
    if(LSRT_TENSORRT_MAJORS AND NOT LSRT_SANITIZE)
        list(GET LSRT_TENSORRT_MAJORS 0 major)
        list(GET LSRT_TENSORRT_${major}_INCLUDE 0 headers)
        add_test(NAME GpuCheck.Script_WithTensorRtHeaders_BuildsAndTimesAnEngine
            COMMAND ${CMAKE_COMMAND} -DSCRIPT=${PROJECT_SOURCE_DIR}/native/gpu-check/gpu-check.sh
                -DCXX=${CMAKE_CXX_COMPILER} -DTENSORRT_INCLUDE=${headers} -DFOLDER=${CMAKE_CURRENT_BINARY_DIR}/gpu-check-script
                -DDRIVER=$<TARGET_FILE:cuda_double> -DTENSORRT=$<TARGET_FILE_DIR:nvinfer_double${major}>
                -DPTX=${PROJECT_SOURCE_DIR}/src/LatentSync.Kernels/obj/Release/ptx
                -DCASES=${PROJECT_SOURCE_DIR}/tests/LatentSync.GpuBundle/obj/Release/cases
                -P ${CMAKE_CURRENT_SOURCE_DIR}/run_gpu_check_script.cmake)
        set_tests_properties(GpuCheck.Script_WithTensorRtHeaders_BuildsAndTimesAnEngine PROPERTIES TIMEOUT 600)
    endif()
endif()
