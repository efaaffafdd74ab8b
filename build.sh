#!/usr/bin/env bash
# One entry for everything that is done with this repository. Only CMake and dotnet are called; what they need and the
# machine lacks is installed where that is possible without asking, else named.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

readonly CONFIGURATION=Release
readonly RESULTS=out/test-results
# What the demo must reach: the original's own score (engines/demo/README.md) less 0.02. Options of one's own may cost more.
readonly DEMO_SCORE=0.63
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

usage() {
    cat <<'TEXT'
usage: ./build.sh VERB [options]

  demo                 build, lip-sync the embedded demo clip to out/demo.mp4, print speed, memory and score
  test                 build with warnings as errors, run every test; the last line counts them
    --goldens DIR      take the references from DIR/goldens instead of ../shared or tests/data
    --full-size        only the tests at the real networks' size: minutes, 20 GB of disk, 12 GB of memory
    --native           only the native tests
    --sanitize         only the native tests, built with AddressSanitizer and UndefinedBehaviorSanitizer
    --compiler CXX     with --native or --sanitize: build them with another compiler, clang++ for example, in a folder of their own
    --valgrind         only the native tests of devices, under valgrind: an invalid access or a definite leak fails
  bench [options]      run the benchmarks (options are handed to them; --help lists them)
    --section NAME...  only these sections (tests/LatentSync.Benchmarks/README.md)
    --with-torch       the full-size UNet's step in PyTorch as well
    --record           keep the run in tests/LatentSync.Benchmarks/results
  gpu-bundle           pack what native/gpu-check/gpu-check.sh needs on a machine with a GPU into out/gpu-bundle
  build                build the native library, the assemblies and the command line
  format [--check]     format C# and C++ sources, or fail if that would change any
  pack                 write the NuGet packages to out/packages
  clean                remove everything that was built
  help                 this text

environment:
  TENSORRT_INCLUDE     folder with TensorRT's headers, or two, for 10 and 11, with ';' between: the native library for them is built too
TEXT
}

fail() {
    printf 'build.sh: %s\n' "$*" >&2
    exit 1
}

# ---- What the machine must have ----------------------------------------------------------------------------------------

require_dotnet() {
    local fix="install it (https://dotnet.microsoft.com/download/dotnet/10.0) and put dotnet on the PATH"
    command -v dotnet >/dev/null || fail "the .NET SDK 10 is missing; $fix"
    dotnet --list-sdks | grep -q '^10\.' || fail "the .NET SDK 10 is missing ($(dotnet --version 2>&1 | head -n 1) is there); $fix"
}

# require_packages PACKAGE...: installs Debian packages, or says which ones to install.
require_packages() {
    local root=()
    if [ "$(id -u)" -ne 0 ]; then
        root=(sudo -n)
    fi

    if ! command -v apt-get >/dev/null || ! "${root[@]}" true 2>/dev/null; then
        fail "missing: $*; install with 'sudo apt-get install $*' (or your system's packages of the same tools) and run again"
    fi

    printf 'Installing %s\n' "$*"
    { "${root[@]}" apt-get update -qq && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@"; } >/dev/null \
        || fail "apt-get could not install $*; install them by hand and run again"
}

# require_tools COMMAND=PACKAGE...: the packages of those commands or files that are not there, in one go.
require_tools() {
    local missing=() entry
    for entry in "$@"; do
        if ! command -v "${entry%%=*}" >/dev/null && [ ! -e "${entry%%=*}" ]; then
            missing+=("${entry#*=}")
        fi
    done

    if [ "${#missing[@]}" -gt 0 ]; then
        require_packages "${missing[@]}"
    fi
}

# ---- Building ----------------------------------------------------------------------------------------------------------

# run_cmake FOLDER [options]: configures and builds. What TENSORRT_INCLUDE says now counts, not what it said to an earlier run.
run_cmake() {
    local folder="$1"
    shift
    cmake -S . -B "$folder" -DCMAKE_BUILD_TYPE="$CONFIGURATION" -DTENSORRT_INCLUDE="${TENSORRT_INCLUDE:-}" "$@" --log-level=NOTICE >/dev/null
    cmake --build "$folder" --config "$CONFIGURATION" --parallel
}

build_native() {
    require_tools cmake=cmake make=make c++=g++
    run_cmake build/cmake -DLSRT_BUILD_TESTS=OFF
}

# build_native_tests FOLDER [options of cmake]
build_native_tests() {
    local folder="$1"
    shift
    require_tools cmake=cmake make=make c++=g++ /usr/include/gtest/gtest.h=libgtest-dev
    run_cmake "$folder" -DLSRT_BUILD_TESTS=ON "$@"
}

build_managed() {
    require_dotnet
    # -warnaserror: what MSBuild and NuGet warn of counts too, not only the compiler.
    dotnet build "$1" --configuration "$CONFIGURATION" --verbosity quiet -warnaserror
}

build() {
    build_native
    build_managed LatentSync.sln
}

# ---- Tests -------------------------------------------------------------------------------------------------------------

# A count of 0 makes grep exit with 1.
count() { { grep -oE "$1" "$2" || true; } | wc -l; }

passed=0 failed=0 skipped=0 full_size_folder=

# add_results NAME EXIT_CODE PASSED FAILED SKIPPED: a run that failed without a failed test (a crash), or that ran no test,
# counts as a failed test.
add_results() {
    local broken=0
    if [ "$2" -ne 0 ] && [ "$4" -eq 0 ]; then
        broken=1
        printf '%s ended with exit code %s without naming a failed test\n' "$1" "$2"
    elif [ $(($3 + $4 + $5)) -eq 0 ]; then
        broken=1
        printf '%s: not one test was found\n' "$1"
    fi

    passed=$((passed + $3)) failed=$((failed + $4 + broken)) skipped=$((skipped + $5))
    printf '%s: %s passed, %s failed, %s skipped.\n' "$1" "$3" "$(($4 + broken))" "$5"
}

# run_native_tests FOLDER
run_native_tests() {
    local code=0 log="$PWD/$RESULTS/native.xml"
    ctest --test-dir "$1" --build-config "$CONFIGURATION" --output-on-failure --no-tests=error \
        --output-junit "$log" >"$RESULTS/native.log" 2>&1 || code=$?
    if [ "$code" -ne 0 ]; then
        cat "$RESULTS/native.log"
    fi

    [ -f "$log" ] || : >"$log"
    add_results native "$code" "$(count '<testcase [^>]*status="run"' "$log")" \
        "$(count '<testcase [^>]*status="fail"' "$log")" "$(count '<testcase [^>]*status="(notrun|disabled)"' "$log")"
}

# run_native_mode MODE COMPILER: the native tests alone; another compiler's build touches nothing of the usual one.
run_native_mode() {
    local folder=build/cmake compiler="$2" options=()
    if [ "$1" = --sanitize ]; then
        folder=build/sanitize
        options+=(-DLSRT_SANITIZE=ON)
    fi

    if [ -n "$compiler" ]; then
        command -v "$compiler" >/dev/null || fail "--compiler: there is no $compiler; install it or name another"
        folder=$folder-${compiler##*/}
        local c="${compiler/clang++/clang}"
        options+=(-DCMAKE_CXX_COMPILER="$compiler" -DCMAKE_C_COMPILER="${c/g++/gcc}" -DLSRT_OUTPUT_DIRECTORY="$PWD/$folder")
    fi

    build_native_tests "$folder" "${options[@]}"
    run_native_tests "$folder"
}

# Memory that is still referred to at the end is no leak: the driver, here its double, stays loaded for good.
run_valgrind_tests() {
    local code=0 tests failures skips log="$PWD/$RESULTS/valgrind.xml"
    require_tools valgrind=valgrind
    valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=99 \
        build/cmake/tests/native/lsrt_device_tests --gtest_brief=1 --gtest_output="xml:$log" || code=$?
    [ -f "$log" ] || : >"$log"
    tests=$(count '<testcase ' "$log")
    failures=$(sed -nE 's/^<testsuites [^>]*failures="([0-9]+)".*/\1/p' "$log")
    skips=$(count '<testcase [^>]*result="(skipped|suppressed)"' "$log")
    add_results valgrind "$code" "$((tests - ${failures:-0} - skips))" "${failures:-0}" "$skips"
}

# run_managed_tests PROJECT FILTER [options of dotnet test]
run_managed_tests() {
    local code=0 project="$1" filter="$2" log="$PWD/$RESULTS/$1.trx"
    shift 2
    dotnet test "tests/$project/$project.csproj" --configuration "$CONFIGURATION" --no-build --filter "$filter" \
        --logger "trx;LogFileName=$log" --logger "console;verbosity=minimal" "$@" || code=$?
    [ -f "$log" ] || : >"$log"
    add_results "$project" "$code" "$(count '<UnitTestResult [^>]*outcome="Passed"' "$log")" \
        "$(count '<UnitTestResult [^>]*outcome="(Failed|Error|Timeout|Aborted)"' "$log")" \
        "$(count '<UnitTestResult [^>]*outcome="NotExecuted"' "$log")"
}

run_tests() {
    local mode='' compiler=''
    while [ $# -gt 0 ]; do
        case "$1" in
            --goldens)
                [ $# -ge 2 ] || fail "--goldens needs a folder"
                [ -d "$2/goldens" ] || fail "--goldens: $2 has no folder 'goldens'; name the folder that contains it"
                LATENTSYNC_GOLDENS=$(cd "$2" && pwd)
                export LATENTSYNC_GOLDENS
                shift 2
                ;;
            --compiler)
                [ $# -ge 2 ] || fail "--compiler needs the name of a C++ compiler"
                compiler="$2"
                shift 2
                ;;
            --full-size | --native | --sanitize | --valgrind)
                [ -z "$mode" ] || fail "test: $mode and $1 are runs of their own; give one of them"
                mode="$1"
                shift
                ;;
            *) fail "test: unknown option $1; './build.sh help' lists them" ;;
        esac
    done

    [ -z "$compiler" ] || [ "$mode" = --native ] || [ "$mode" = --sanitize ] || fail "test: --compiler goes with --native or --sanitize"
    rm -rf "$RESULTS"
    mkdir -p "$RESULTS"
    trap 'end_tests $?' EXIT
    case "$mode" in
        --full-size) run_full_size_tests ;;
        --native | --sanitize) run_native_mode "$mode" "$compiler" ;;
        --valgrind)
            build_native_tests build/cmake
            run_valgrind_tests
            ;;
        *) run_default_tests ;;
    esac

    [ "$failed" -eq 0 ]
}

run_default_tests() {
    require_tools ffmpeg=ffmpeg
    build_native_tests build/cmake
    build_managed LatentSync.sln
    run_native_tests build/cmake
    # A test that hangs must end the run with its name, not the run's time limit.
    local hang=(--blame-hang-timeout 10m --blame-hang-dump-type none)
    run_managed_tests LatentSync.Tests 'Category!=FullSize' "${hang[@]}"
    run_managed_tests LatentSync.Gpu.Tests 'Category!=FullSize' "${hang[@]}"
}

# Whatever ends the run: what it left behind is removed, and its last line counts. A build that fails is a failed test.
end_tests() {
    if [ -n "$full_size_folder" ]; then
        rm -rf "$full_size_folder"
    fi

    if [ "$1" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1
    fi

    printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
}

# Checkpoints of the real size are made from a formula by Debian's own torch, which the distribution's python has.
run_full_size_tests() {
    require_tools /usr/bin/python3=python3 /usr/lib/python3/dist-packages/torch=python3-torch \
        /usr/lib/python3/dist-packages/numpy=python3-numpy
    build_native
    build_managed LatentSync.sln
    full_size_folder=$(mktemp -d "${TMPDIR:-/tmp}/latentsync-full-size.XXXXXX")
    export LATENTSYNC_FULL_SIZE="$full_size_folder"
    export LATENTSYNC_FULL_SIZE_REPORT="$PWD/$RESULTS/full-size.txt"
    run_managed_tests LatentSync.Tests 'Category=FullSize'
    if [ -f "$LATENTSYNC_FULL_SIZE_REPORT" ]; then
        cat "$LATENTSYNC_FULL_SIZE_REPORT"
    fi
}

# ---- Demo --------------------------------------------------------------------------------------------------------------

demo() {
    require_tools ffmpeg=ffmpeg
    build_native
    build_managed src/LatentSync.Cli/LatentSync.Cli.csproj
    local minimum=()
    if [ $# -eq 0 ]; then
        minimum=(--minimum "$DEMO_SCORE")
    fi

    local latentsync=(dotnet "src/LatentSync.Cli/bin/$CONFIGURATION/net10.0/LatentSync.Cli.dll") pack=out/packs/demo
    mkdir -p out/packs
    "${latentsync[@]}" models import --checkpoints engines/demo/checkpoints --config engines/demo/unet.yaml --out "$pack" --overwrite
    "${latentsync[@]}" sync --video engines/demo/media/presenter.mp4 --audio engines/demo/media/speech.wav \
        --models "$pack" --out out/demo.mp4 --overwrite "$@"
    "${latentsync[@]}" eval --video out/demo.mp4 --mouth engines/demo/media/speech.mouth.csv --models "$pack" "${minimum[@]}"
    printf 'Result: %s\nInput:  %s, %s\nPack:   %s\n' out/demo.mp4 engines/demo/media/presenter.mp4 engines/demo/media/speech.wav "$pack"
}

# ---- The rest ----------------------------------------------------------------------------------------------------------

format() {
    require_dotnet
    require_tools clang-format=clang-format
    local files
    mapfile -t files < <(find native tests/native -name '*.[ch]' -o -name '*.[ch]pp')
    if [ $# -eq 1 ] && [ "$1" = --check ]; then
        clang-format --dry-run -Werror "${files[@]}"
        dotnet format LatentSync.sln --verify-no-changes
    elif [ $# -eq 0 ]; then
        clang-format -i "${files[@]}"
        dotnet format LatentSync.sln
    else
        fail "format: unknown options '$*'; the only one is --check"
    fi
}

pack() {
    build_native
    require_dotnet
    dotnet pack LatentSync.sln --configuration "$CONFIGURATION" --output out/packages --verbosity quiet -warnaserror
    ls out/packages
}

bench() {
    require_tools ffmpeg=ffmpeg
    if [[ " $* " == *' --with-torch '* ]]; then
        # The distribution's own python has Debian's torch; the threaded OpenBLAS is what makes it a fair baseline.
        require_tools /usr/bin/python3=python3 /usr/lib/python3/dist-packages/torch=python3-torch \
            /usr/lib/python3/dist-packages/numpy=python3-numpy "/usr/lib/$(uname -m)-linux-gnu/openblas-pthread/libblas.so.3=libopenblas0-pthread"
    fi

    build_native
    build_managed LatentSync.sln
    dotnet "tests/LatentSync.Benchmarks/bin/$CONFIGURATION/net10.0/LatentSync.Benchmarks.dll" "$@"
}

gpu_bundle() {
    build_managed tests/LatentSync.GpuBundle/LatentSync.GpuBundle.csproj
    mkdir -p out
    dotnet "tests/LatentSync.GpuBundle/bin/$CONFIGURATION/net10.0/LatentSync.GpuBundle.dll" bundle out/gpu-bundle
}

clean() {
    rm -rf build out
    find src tests -type d \( -name bin -o -name obj \) -prune -exec rm -rf {} +
}

verb=${1:-help}
if [ $# -gt 0 ]; then
    shift
fi

case "$verb" in
    demo) demo "$@" ;;
    test) run_tests "$@" ;;
    bench) bench "$@" ;;
    gpu-bundle) gpu_bundle ;;
    build) build ;;
    format) format "$@" ;;
    pack) pack ;;
    clean) clean ;;
    help | --help | -h) usage ;;
    *)
        usage >&2
        fail "unknown verb $verb"
        ;;
esac
