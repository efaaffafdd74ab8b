# Finds TensorRT's headers: TENSORRT_INCLUDE names one folder with NvInfer.h for each major version wanted, or
# LSRT_FETCH_TENSORRT fetches them. Sets LSRT_TENSORRT_MAJORS, and for each of them LSRT_TENSORRT_<major>_INCLUDE (a list
# of folders) and LSRT_TENSORRT_<major>_VERSION (major x 10000 + minor x 100 + patch).
set(TENSORRT_INCLUDE "$ENV{TENSORRT_INCLUDE}" CACHE STRING
    "Folders with TensorRT's NvInfer.h and NvOnnxParser.h, one for each of the major versions 10 and 11")
set(CUDA_INCLUDE "$ENV{CUDA_INCLUDE}" CACHE STRING
    "Folder with CUDA's cuda_runtime_api.h; empty: our stub of it, which is all that TensorRT's headers need")
option(LSRT_FETCH_TENSORRT "Fetch TensorRT's headers from NVIDIA's public repository (needs a network)" OFF)

set(LSRT_TENSORRT_MAJORS "")
set(tensorrt_folders ${TENSORRT_INCLUDE})

if(LSRT_FETCH_TENSORRT AND NOT tensorrt_folders)
    include(FetchContent)
    foreach(tag v10.16 v11.1)
        string(REGEX MATCH "[0-9]+" major ${tag})
        # SOURCE_SUBDIR without a CMakeLists.txt: the headers are all that is wanted of it.
        FetchContent_Declare(tensorrt${major}_headers GIT_REPOSITORY https://github.com/NVIDIA/TensorRT.git
            GIT_TAG ${tag} GIT_SHALLOW ON GIT_SUBMODULES "" SOURCE_SUBDIR include)
        FetchContent_MakeAvailable(tensorrt${major}_headers)
        list(APPEND tensorrt_folders ${tensorrt${major}_headers_SOURCE_DIR}/include)
    endforeach()
endif()

# The number that `text` defines under one of the names that the releases have used for it.
function(lsrt_read_version text what result)
    if(NOT text MATCHES "#define +(TRT_${what}_ENTERPRISE|NV_TENSORRT_${what}) +([0-9]+)")
        message(FATAL_ERROR "NvInferVersion.h defines neither TRT_${what}_ENTERPRISE nor NV_TENSORRT_${what} as a number")
    endif()
    set(${result} ${CMAKE_MATCH_2} PARENT_SCOPE)
endfunction()

foreach(folder IN LISTS tensorrt_folders)
    get_filename_component(folder "${folder}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
    foreach(header NvInfer.h NvInferVersion.h NvOnnxParser.h)
        if(NOT EXISTS "${folder}/${header}")
            message(FATAL_ERROR "TENSORRT_INCLUDE names ${folder}, where there is no ${header}")
        endif()
    endforeach()
    file(READ "${folder}/NvInferVersion.h" text)
    lsrt_read_version("${text}" MAJOR major)
    lsrt_read_version("${text}" MINOR minor)
    lsrt_read_version("${text}" PATCH patch)
    if(NOT major MATCHES "^(10|11)$")
        message(FATAL_ERROR "TENSORRT_INCLUDE names ${folder}, which holds TensorRT ${major}.${minor}.${patch}; "
                            "this project is written for 10 and 11")
    elseif(major IN_LIST LSRT_TENSORRT_MAJORS)
        message(FATAL_ERROR "TENSORRT_INCLUDE names TensorRT ${major} twice; name one folder for each major version")
    elseif(major EQUAL 10 AND minor EQUAL 0)
        message(FATAL_ERROR "TENSORRT_INCLUDE names ${folder}, which holds TensorRT ${major}.${minor}.${patch}; "
                            "10.1 is the oldest that is supported")
    endif()
    list(APPEND LSRT_TENSORRT_MAJORS ${major})
    set(LSRT_TENSORRT_${major}_INCLUDE "${folder}")
    if(CUDA_INCLUDE)
        list(APPEND LSRT_TENSORRT_${major}_INCLUDE "${CUDA_INCLUDE}")
    else()
        list(APPEND LSRT_TENSORRT_${major}_INCLUDE "${CMAKE_CURRENT_LIST_DIR}/stubs")
    endif()
    math(EXPR LSRT_TENSORRT_${major}_VERSION "${major} * 10000 + ${minor} * 100 + ${patch}")
    message(STATUS "TensorRT ${major}.${minor}.${patch} headers in ${folder}: building latentsync_rt_trt${major}")
endforeach()

if(NOT LSRT_TENSORRT_MAJORS)
    # NOTICE, so that it is seen at --log-level=NOTICE as well: the engine runs without TensorRT then.
    message(NOTICE "No TensorRT headers: latentsync_rt_trt10 and latentsync_rt_trt11 are left out, and only the CUDA part "
                   "is built. Give -DTENSORRT_INCLUDE=FOLDER[;FOLDER] (or the environment variable), or "
                   "-DLSRT_FETCH_TENSORRT=ON where there is a network.")
endif()
