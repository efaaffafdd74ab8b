using System.Globalization;
using LatentSync.Denoising;
using LatentSync.Models.Configuration;
using LatentSync.Tests.Support;

namespace LatentSync.Tests.Denoising;

/// <summary>One run of a diffusers scheduler: every sample, and what the network saw and said.</summary>
internal sealed class SchedulerCase : IStepNoise
{
    private readonly float[] _samples, _outputs, _inputs;
    private readonly float[]? _stepNoise;
    private readonly int _size;

    public SchedulerCase(string path)
    {
        using GoldenFile golden = new(path);
        string className = golden.Metadata("scheduler");
        Name = SchedulerNames.FromDiffusersClass(className);
        Config = SchedulerConfig.Parse(SchedulerNames.WithClass(golden.Metadata("config"), className), path);
        Timesteps = golden.ReadDoubles("timesteps");
        InitNoiseSigma = golden.OptionalMetadata("init_noise_sigma") is { } sigma ? double.Parse(sigma, CultureInfo.InvariantCulture) : 1;
        _samples = golden.Read("samples").Span.ToArray();
        _outputs = golden.Read("model_outputs").Span.ToArray();
        _inputs = golden.Read("model_inputs").Span.ToArray();
        _stepNoise = golden.Has("step_noise") ? golden.Read("step_noise").Span.ToArray() : null;
        _size = _outputs.Length / Timesteps.Length;
        Scheduler = SchedulerFactory.Create(Name, Config, int.Parse(golden.Metadata("steps"), CultureInfo.InvariantCulture), this);
    }

    public string Name { get; }

    public SchedulerConfig Config { get; }

    public IScheduler Scheduler { get; }

    public double[] Timesteps { get; }

    public double InitNoiseSigma { get; }

    public ReadOnlySpan<float> Sample(int step) => _samples.AsSpan(step * _size, _size);

    public ReadOnlySpan<float> Input(int step) => _inputs.AsSpan(step * _size, _size);

    public ReadOnlySpan<float> Output(int step) => _outputs.AsSpan(step * _size, _size);

    public void Fill(int stepIndex, Span<float> noise)
    {
        Assert.NotNull(_stepNoise);
        _stepNoise.AsSpan(stepIndex * _size, _size).CopyTo(noise);
    }
}
