# The verbs of build.sh for PowerShell. Only CMake and dotnet are called; what the machine lacks is named with its fix.
#requires -Version 5.1
param(
    [Parameter(Position = 0)]
    [ValidateSet('demo', 'test', 'bench', 'gpu-bundle', 'build', 'format', 'pack', 'clean', 'help')]
    [string] $Verb = 'help',
    [Parameter(ValueFromRemainingArguments = $true)]
    [string[]] $Rest = @()
)

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$Configuration = 'Release'

# What the demo must reach: the original's own score (engines/demo/README.md) less 0.02. Options of one's own may cost more.
$DemoScore = '0.63'
$env:DOTNET_CLI_TELEMETRY_OPTOUT = '1'
$env:DOTNET_NOLOGO = '1'
Push-Location $PSScriptRoot

function Show-Usage {
    @'
usage: ./build.ps1 VERB [options]

  demo                 build, lip-sync the embedded demo clip to out/demo.mp4, print speed, memory and score
  test                 build with warnings as errors, run every test; the last line counts them
    --goldens DIR      take the references from DIR/goldens instead of ../shared or tests/data
    --full-size        only the tests at the real networks' size (python3 with torch and numpy on the PATH)
    --native           only the native tests
    --sanitize         only the native tests, built with AddressSanitizer and UndefinedBehaviorSanitizer (gcc or clang)
    --compiler CXX     with --native or --sanitize: build them with another compiler, clang++ for example, in a folder of their own
    --valgrind         only the native tests of devices, under valgrind: an invalid access or a definite leak fails
  bench [options]      run the benchmarks (options are handed to them; --help lists them)
    --section NAME...  only these sections (tests/LatentSync.Benchmarks/README.md)
    --with-torch       the full-size UNet's step in PyTorch as well (python3 with torch and numpy on the PATH)
    --record           keep the run in tests/LatentSync.Benchmarks/results
  gpu-bundle           pack what native/gpu-check/gpu-check.sh needs on a machine with a GPU into out/gpu-bundle
  build                build the native library, the assemblies and the command line
  format [--check]     format C# and C++ sources, or fail if that would change any
  pack                 write the NuGet packages to out/packages
  clean                remove everything that was built
  help                 this text

environment:
  TENSORRT_INCLUDE     folder with TensorRT's headers, or two, for 10 and 11, with ';' between: the native library for them is built too
'@
}

# Runs a program with an argument list; a non-zero exit ends the script.
function Invoke-Program([string] $Program, [string[]] $Arguments) {
    & $Program @Arguments
    if ($LASTEXITCODE -ne 0) {
        throw "$Program $($Arguments[0]) failed with exit code $LASTEXITCODE"
    }
}

function Assert-Tool([string] $Name, [string] $Fix) {
    if (-not (Get-Command $Name -ErrorAction SilentlyContinue)) {
        throw "$Name is missing; $Fix"
    }
}

function Assert-Dotnet {
    $fix = 'install the .NET SDK 10: winget install Microsoft.DotNet.SDK.10, or https://dotnet.microsoft.com/download/dotnet/10.0'
    Assert-Tool 'dotnet' $fix
    if (-not (& dotnet --list-sdks | Where-Object { $_ -match '^10\.' })) {
        throw "the .NET SDK 10 is missing; $fix"
    }
}

function Assert-Ffmpeg {
    Assert-Tool 'ffmpeg' 'install it: winget install Gyan.FFmpeg, or your system''s package ffmpeg'
}

# What TENSORRT_INCLUDE says now counts, not what it said to an earlier run.
function Build-Native([bool] $Tests, [string] $Folder = 'build/cmake', [string[]] $Options = @()) {
    Assert-Tool 'cmake' 'install it with a C++ compiler: winget install Kitware.CMake Microsoft.VisualStudio.2022.BuildTools, or your system''s packages cmake and g++'
    $withTests = if ($Tests) { 'ON' } else { 'OFF' }
    Invoke-Program 'cmake' (@('-S', '.', '-B', $Folder, "-DCMAKE_BUILD_TYPE=$Configuration", "-DTENSORRT_INCLUDE=$env:TENSORRT_INCLUDE", "-DLSRT_BUILD_TESTS=$withTests") + $Options + @('--log-level=NOTICE'))
    Invoke-Program 'cmake' @('--build', $Folder, '--config', $Configuration, '--parallel')
}

function Build-Managed([string] $Project) {
    Assert-Dotnet
    Invoke-Program 'dotnet' @('build', $Project, '--configuration', $Configuration, '--verbosity', 'quiet', '-warnaserror')
}

# Adds one run to the counts; a run that failed without a failed test (a crash), or that ran none, counts as a failed test.
function Add-Results([hashtable] $Counts, [string] $Name, [int] $ExitCode, [int] $Passed, [int] $Failed, [int] $Skipped) {
    if (($ExitCode -ne 0 -and $Failed -eq 0) -or ($Passed + $Failed + $Skipped) -eq 0) {
        $Failed += 1
        Write-Output "${Name} ended with exit code $ExitCode without naming a failed test, or ran none"
    }

    $Counts.Passed += $Passed
    $Counts.Failed += $Failed
    $Counts.Skipped += $Skipped
    Write-Output "${Name}: $Passed passed, $Failed failed, $Skipped skipped."
}

function Test-Native([hashtable] $Counts, [string] $Results, [string] $Folder = 'build/cmake') {
    $log = Join-Path $Results 'native.xml'
    & ctest --test-dir $Folder --build-config $Configuration --output-on-failure --no-tests=error --output-junit $log
    $code = $LASTEXITCODE
    $cases = if (Test-Path $log) { @(([xml](Get-Content -Raw $log)).testsuite.testcase) } else { @() }
    Add-Results $Counts 'native' $code `
        @($cases | Where-Object { $_.status -eq 'run' }).Count `
        @($cases | Where-Object { $_.status -eq 'fail' }).Count `
        @($cases | Where-Object { $_.status -in 'notrun', 'disabled' }).Count
}

# The native tests alone; another compiler's build touches nothing of the usual one.
function Test-NativeMode([hashtable] $Counts, [string] $Results, [string] $Mode, [string] $Compiler) {
    $folder = 'build/cmake'
    $options = @()
    if ($Mode -eq '--sanitize') {
        $folder = 'build/sanitize'
        $options += '-DLSRT_SANITIZE=ON'
    }

    if ($Compiler) {
        Assert-Tool $Compiler 'install it, or name another compiler'
        $folder = "$folder-$([System.IO.Path]::GetFileNameWithoutExtension($Compiler))"
        $c = $Compiler.Replace('clang++', 'clang').Replace('g++', 'gcc')
        if ($env:OS -eq 'Windows_NT') { $options += @('-G', 'Ninja') } # Visual Studio's generator takes its own compiler
        $options += @("-DCMAKE_CXX_COMPILER=$Compiler", "-DCMAKE_C_COMPILER=$c", "-DLSRT_OUTPUT_DIRECTORY=$PSScriptRoot/$folder")
    }

    Build-Native $true $folder $options
    Test-Native $Counts $Results $folder
}

# Memory that is still referred to at the end is no leak: the driver, here its double, stays loaded for good.
function Test-Valgrind([hashtable] $Counts, [string] $Results) {
    Assert-Tool 'valgrind' 'install your system''s package valgrind; there is none for Windows'
    $log = Join-Path $Results 'valgrind.xml'
    & valgrind --quiet --leak-check=full --show-leak-kinds=definite --errors-for-leak-kinds=definite --error-exitcode=99 `
        build/cmake/tests/native/lsrt_device_tests --gtest_brief=1 "--gtest_output=xml:$log"
    $code = $LASTEXITCODE
    $cases = if (Test-Path $log) { @(Select-Xml -Path $log -XPath '//testcase' | ForEach-Object { $_.Node }) } else { @() }
    $failures = @($cases | Where-Object { $_.SelectNodes('failure').Count -gt 0 }).Count
    $skips = @($cases | Where-Object { $_.result -in 'skipped', 'suppressed' }).Count
    Add-Results $Counts 'valgrind' $code ($cases.Count - $failures - $skips) $failures $skips
}

function Test-Managed([hashtable] $Counts, [string] $Results, [string] $Project, [string] $Filter, [string[]] $Options) {
    $log = Join-Path $Results "$Project.trx"
    & dotnet test "tests/$Project/$Project.csproj" --configuration $Configuration --no-build --filter $Filter `
        --logger "trx;LogFileName=$log" --logger 'console;verbosity=minimal' @Options
    $code = $LASTEXITCODE
    $outcomes = if (Test-Path $log) {
        @(Select-Xml -Path $log -XPath '//t:UnitTestResult/@outcome' -Namespace @{ t = 'http://microsoft.com/schemas/VisualStudio/TeamTest/2010' } |
            ForEach-Object { $_.Node.Value })
    } else { @() }
    Add-Results $Counts $Project $code `
        @($outcomes | Where-Object { $_ -eq 'Passed' }).Count `
        @($outcomes | Where-Object { $_ -in 'Failed', 'Error', 'Timeout', 'Aborted' }).Count `
        @($outcomes | Where-Object { $_ -eq 'NotExecuted' }).Count
}

function Invoke-Tests([string[]] $Options) {
    $mode = ''
    $compiler = ''
    for ($i = 0; $i -lt $Options.Count; $i++) {
        switch ($Options[$i]) {
            '--goldens' {
                $i++
                if ($i -ge $Options.Count -or -not (Test-Path (Join-Path $Options[$i] 'goldens'))) {
                    throw '--goldens needs a folder that contains the folder goldens'
                }

                $env:LATENTSYNC_GOLDENS = (Resolve-Path $Options[$i]).Path
            }
            '--compiler' {
                $i++
                if ($i -ge $Options.Count) { throw '--compiler needs the name of a C++ compiler' }
                $compiler = $Options[$i]
            }
            { $_ -in '--full-size', '--native', '--sanitize', '--valgrind' } {
                if ($mode) { throw "test: $mode and $_ are runs of their own; give one of them" }
                $mode = $_
            }
            default { throw "test: unknown option $($Options[$i]); './build.ps1 help' lists them" }
        }
    }

    if ($compiler -and $mode -notin '--native', '--sanitize') { throw 'test: --compiler goes with --native or --sanitize' }
    $results = Join-Path $PSScriptRoot 'out/test-results'
    if (Test-Path $results) { Remove-Item -Recurse -Force $results }
    New-Item -ItemType Directory -Force $results | Out-Null
    $counts = @{ Passed = 0; Failed = 0; Skipped = 0 }
    if ($mode -in '--native', '--sanitize') {
        Test-NativeMode $counts $results $mode $compiler
    } elseif ($mode -eq '--valgrind') {
        Build-Native $true
        Test-Valgrind $counts $results
    } elseif ($mode -eq '--full-size') {
        Assert-Tool 'python3' 'install it with the packages torch and numpy: the checkpoints are made with them'
        Build-Native $false
        Build-Managed 'LatentSync.sln'
        $env:LATENTSYNC_FULL_SIZE = (New-Item -ItemType Directory (Join-Path ([System.IO.Path]::GetTempPath()) "latentsync-full-size-$PID")).FullName
        try {
            $env:LATENTSYNC_FULL_SIZE_REPORT = Join-Path $results 'full-size.txt'
            Test-Managed $counts $results 'LatentSync.Tests' 'Category=FullSize' @()
            if (Test-Path $env:LATENTSYNC_FULL_SIZE_REPORT) { Get-Content $env:LATENTSYNC_FULL_SIZE_REPORT }
        } finally {
            Remove-Item -Recurse -Force $env:LATENTSYNC_FULL_SIZE
        }
    } else {
        Assert-Ffmpeg
        Build-Native $true
        Build-Managed 'LatentSync.sln'
        $hang = @('--blame-hang-timeout', '10m', '--blame-hang-dump-type', 'none')
        Test-Native $counts $results
        Test-Managed $counts $results 'LatentSync.Tests' 'Category!=FullSize' $hang
        Test-Managed $counts $results 'LatentSync.Gpu.Tests' 'Category!=FullSize' $hang
    }

    Write-Output "$($counts.Passed) passed, $($counts.Failed) failed, $($counts.Skipped) skipped"
    if ($counts.Failed -ne 0) { exit 1 }
}

function Invoke-Demo([string[]] $Options) {
    Assert-Ffmpeg
    Build-Native $false
    Build-Managed 'src/LatentSync.Cli/LatentSync.Cli.csproj'
    $latentsync = "src/LatentSync.Cli/bin/$Configuration/net10.0/LatentSync.Cli.dll"
    $pack = 'out/packs/demo'
    New-Item -ItemType Directory -Force 'out/packs' | Out-Null
    Invoke-Program 'dotnet' @($latentsync, 'models', 'import', '--checkpoints', 'engines/demo/checkpoints', '--config', 'engines/demo/unet.yaml', '--out', $pack, '--overwrite')
    Invoke-Program 'dotnet' (@($latentsync, 'sync', '--video', 'engines/demo/media/presenter.mp4', '--audio', 'engines/demo/media/speech.wav', '--models', $pack, '--out', 'out/demo.mp4', '--overwrite') + $Options)
    $minimum = @()
    if ($Options.Count -eq 0) {
        $minimum = @('--minimum', $DemoScore)
    }

    Invoke-Program 'dotnet' (@($latentsync, 'eval', '--video', 'out/demo.mp4', '--mouth', 'engines/demo/media/speech.mouth.csv', '--models', $pack) + $minimum)
    Write-Output "Result: out/demo.mp4`nInput:  engines/demo/media/presenter.mp4, engines/demo/media/speech.wav`nPack:   $pack"
}

function Format-Sources([string[]] $Options) {
    $unknown = @($Options | Where-Object { $_ -ne '--check' })
    if ($unknown.Count -gt 0) {
        throw "format: unknown option $($unknown[0]); the only one is --check"
    }

    Assert-Dotnet
    Assert-Tool 'clang-format' 'install it: winget install LLVM.LLVM, or your system''s package clang-format'
    $check = $Options -contains '--check'
    $files = @(Get-ChildItem -Recurse native, tests/native -Include *.c, *.h, *.cpp, *.hpp | ForEach-Object { $_.FullName })
    if ($check) {
        Invoke-Program 'clang-format' (@('--dry-run', '-Werror') + $files)
        Invoke-Program 'dotnet' @('format', 'LatentSync.sln', '--verify-no-changes')
    } else {
        Invoke-Program 'clang-format' (@('-i') + $files)
        Invoke-Program 'dotnet' @('format', 'LatentSync.sln')
    }
}

try {
    switch ($Verb) {
        'demo' { Invoke-Demo $Rest }
        'test' { Invoke-Tests $Rest }
        'bench' {
            Assert-Ffmpeg
            if ($Rest -contains '--with-torch') { Assert-Tool 'python3' 'install it with the packages torch and numpy: the baseline runs in them' }
            Build-Native $false
            Build-Managed 'LatentSync.sln'
            Invoke-Program 'dotnet' (@("tests/LatentSync.Benchmarks/bin/$Configuration/net10.0/LatentSync.Benchmarks.dll") + $Rest)
        }
        'gpu-bundle' {
            Build-Managed 'tests/LatentSync.GpuBundle/LatentSync.GpuBundle.csproj'
            New-Item -ItemType Directory -Force 'out' | Out-Null
            Invoke-Program 'dotnet' @("tests/LatentSync.GpuBundle/bin/$Configuration/net10.0/LatentSync.GpuBundle.dll", 'bundle', 'out/gpu-bundle')
        }
        'build' {
            Build-Native $false
            Build-Managed 'LatentSync.sln'
        }
        'format' { Format-Sources $Rest }
        'pack' {
            Build-Native $false
            Assert-Dotnet
            Invoke-Program 'dotnet' @('pack', 'LatentSync.sln', '--configuration', $Configuration, '--output', 'out/packages', '--verbosity', 'quiet', '-warnaserror')
            Get-ChildItem out/packages | ForEach-Object { $_.Name }
        }
        'clean' {
            Remove-Item -Recurse -Force -ErrorAction SilentlyContinue build, out
            Get-ChildItem -Recurse -Directory src, tests | Where-Object { $_.Name -in 'bin', 'obj' } |
                ForEach-Object { if (Test-Path $_.FullName) { Remove-Item -Recurse -Force $_.FullName } }
        }
        default { Show-Usage }
    }
} catch {
    [Console]::Error.WriteLine("build.ps1: $($_.Exception.Message)")
    exit 1
} finally {
    Pop-Location
}
