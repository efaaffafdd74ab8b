#!/usr/bin/env bash
# Builds the runtime and the check with this machine's compiler, and runs the check on this machine's GPU. See README.md.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

usage() {
    cat <<'TEXT'
usage: gpu-check.sh [--build-only] [options of gpu-check]

  --build-only   only build; print the program's path
  Everything else goes to the program; gpu-check.sh --help lists it.

Environment:
  CXX                g++ or clang++ with C++20 (g++)
  CXXFLAGS           more options for it
  GPU_CHECK_BUILD    where to build (a folder 'build' beside the bundle's cases)
  TENSORRT_INCLUDE   folder of TensorRT's headers: builds the runtime with TensorRT, so that an engine is built and timed, of
                     the bundle's network or of --onnx FILE
  CUDA_INCLUDE       folder of CUDA's cuda_runtime_api.h, which those headers include (a stub of ours, which is enough)
TEXT
}

fail() {
    printf 'gpu-check.sh: %s\n' "$*" >&2
    exit 1
}

# In a bundle this folder is BUNDLE/native/gpu-check, with BUNDLE/cases and BUNDLE/ptx; in the repository the bundle is
# what ./build.sh gpu-bundle writes.
native=$(dirname "$here")
bundle=$(dirname "$native")
if [ ! -d "$bundle/cases" ] && [ -d "$bundle/out/gpu-bundle" ]; then
    bundle=$bundle/out/gpu-bundle
fi

build_only=0
case "${1:-}" in
    --build-only)
        build_only=1
        shift
        ;;
    --help | -h)
        usage
        ;;
esac

cxx=${CXX:-g++}
command -v "$cxx" >/dev/null || fail "the compiler $cxx is missing; install g++ 11 or newer, or set CXX"
build=${GPU_CHECK_BUILD:-$bundle/build}
mkdir -p "$build"

# ---- The runtime -------------------------------------------------------------------------------------------------------

sources=()
for source in "$native"/src/*.cpp; do
    case "$(basename "$source")" in
        shared_library_windows.cpp) ;;
        no_tensorrt.cpp) [ -n "${TENSORRT_INCLUDE:-}" ] || sources+=("$source") ;;
        *) sources+=("$source") ;;
    esac
done

version=$(sed -n 's/^project(latentsync_rt VERSION \([0-9]*\)\.\([0-9]*\)\.\([0-9]*\).*/-DLSRT_VERSION_MAJOR=\1 -DLSRT_VERSION_MINOR=\2 -DLSRT_VERSION_PATCH=\3/p' \
    "$(dirname "$native")/CMakeLists.txt")
read -ra version_flags <<<"$version"
read -ra chosen_flags <<<"${CXXFLAGS:-}"
flags=(-std=c++20 -O2 -Wall -Wextra "${chosen_flags[@]}" -I"$native/include" -I"$native/src")
library_flags=(-fPIC -fvisibility=hidden -DLSRT_BUILDING "${version_flags[@]}")
if [ -n "${TENSORRT_INCLUDE:-}" ]; then
    [ -f "$TENSORRT_INCLUDE/NvInfer.h" ] || fail "TENSORRT_INCLUDE: $TENSORRT_INCLUDE has no NvInfer.h"
    [ -d "$native/src/tensorrt" ] || fail "TENSORRT_INCLUDE: this bundle has no sources for TensorRT"
    library_flags+=(-isystem "$TENSORRT_INCLUDE" -isystem "${CUDA_INCLUDE:-$native/stubs}")
    sources+=("$native"/src/tensorrt/*.cpp)
fi

# compile_all FLAG... -- SOURCE...: objects in $build, as many at a time as there are processors.
compile_all() {
    local options=() pids=() source object pid
    while [ "$1" != -- ]; do
        options+=("$1")
        shift
    done
    shift

    objects=()
    for source in "$@"; do
        object=$build/$(basename "$(dirname "$source")")-$(basename "$source" .cpp).o
        objects+=("$object")
        "$cxx" "${options[@]}" -c "$source" -o "$object" &
        pids+=($!)
        if [ "${#pids[@]}" -ge "$(nproc)" ]; then
            wait "${pids[0]}" || fail "the compiler refuses a source"
            pids=("${pids[@]:1}")
        fi
    done

    for pid in "${pids[@]}"; do
        wait "$pid" || fail "the compiler refuses a source"
    done
}

printf 'Building with %s\n' "$("$cxx" --version | head -n 1)" >&2
compile_all "${flags[@]}" "${library_flags[@]}" -- "${sources[@]}"
"$cxx" -shared "${objects[@]}" -o "$build/liblatentsync_rt.so" -Wl,--version-script="$native/src/exports.map" -ldl -pthread

# ---- The check ---------------------------------------------------------------------------------------------------------

compile_all "${flags[@]}" -- "$here"/*.cpp
"$cxx" "${objects[@]}" -o "$build/gpu-check" -L"$build" -llatentsync_rt -Wl,-rpath,"$build" -ldl -pthread
if [ "$build_only" -eq 1 ]; then
    printf '%s\n' "$build/gpu-check"
    exit 0
fi

if [ "${1:-}" = --help ] || [ "${1:-}" = -h ]; then
    exec "$build/gpu-check" --help
fi

[ -d "$bundle/cases" ] || fail "$bundle/cases is missing; pack a bundle first: ./build.sh gpu-bundle"
network=()
if [ -f "$bundle/network/vae_decoder.onnx" ] && [[ " $* " != *' --onnx '* ]]; then
    network=(--onnx "$bundle/network/vae_decoder.onnx" --shape latent_sample=1x4x64x64)
fi

exec "$build/gpu-check" --ptx "$bundle/ptx" --cases "$bundle/cases" "${network[@]}" "$@"
