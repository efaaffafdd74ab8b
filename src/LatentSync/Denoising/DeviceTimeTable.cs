using LatentSync.Kernels.Ilgpu.Device;
using LatentSync.Kernels.Launching;
using LatentSync.Runtime;
using LatentSync.Runtime.Cuda;

namespace LatentSync.Denoising;

/// <summary>
/// The time embedding's projections of all steps of a job, on the device. A step's row is copied to where the network reads it by the step's number in device
/// memory, so that a captured step serves every row.
/// </summary>
internal sealed class DeviceTimeTable : IDisposable
{
    private readonly DeviceWork _work;
    private readonly DeviceBuffer _timestep;
    private readonly DeviceBuffer _rows;
    private readonly DeviceBuffer _row;
    private readonly IDeviceExecution _execution;
    private readonly int _steps;

    /// <summary>Allocates the table and prepares the network that computes a row.</summary>
    /// <param name="schedule">From the timestep <c>[1]</c> to a row <c>[1,N]</c>.</param>
    /// <param name="timestep">Where it reads the timestep.</param>
    /// <param name="steps">How many rows.</param>
    /// <param name="work">Where it runs.</param>
    /// <exception cref="LatentSyncException">It is another kind of network, or there is not enough memory.</exception>
    public DeviceTimeTable(IDeviceNetwork schedule, DeviceBuffer timestep, int steps, DeviceWork work)
    {
        (_work, _timestep, _steps) = (work, timestep, steps);
        if (schedule is not { Inputs: [{ } input], Outputs: [{ Shape: [1, > 0 and <= int.MaxValue] } output] })
        {
            throw new LatentSyncException(LatentSyncError.Model, "the UNet's schedule is not a network from a timestep to one row of numbers; build its engine again with 'latentsync engines build --rebuild'");
        }

        Name = output.Name;
        try
        {
            _row = work.Stream.Allocate(output.Shape[1] * sizeof(float));
            _rows = work.Stream.Allocate(steps * _row.SizeInBytes);
            _execution = schedule.Prepare([new DeviceTensor(input.Name, [1], timestep.View<float>(0, 1)), Row], work.Stream, work.Scratch);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>The steps' input.</summary>
    public string Name { get; }

    /// <summary>The row of the step that <see cref="Take"/> was enqueued for last.</summary>
    public DeviceTensor Row => new(Name, [1, _row.SizeInBytes / sizeof(float)], _row.View<float>());

    /// <summary>Enqueues the computation of every row; scratch memory must have been provided.</summary>
    /// <param name="table">The sampler, <c>[steps,StepTableLayout.Stride]</c>.</param>
    public void Fill(DeviceBuffer table)
    {
        for (int i = 0; i < _steps; i++)
        {
            _work.Stream.Copy(table, ((long)i * StepTableLayout.Stride + StepTableLayout.Timestep) * sizeof(float), _timestep, 0, sizeof(float));
            _execution.Enqueue(_work.Stream);
            _work.Stream.Copy(_row, 0, _rows, i * _row.SizeInBytes, _row.SizeInBytes);
        }
    }

    /// <summary>Enqueues the choice of a step's row.</summary>
    /// <param name="step">int32 <c>[1]</c>, the step's number.</param>
    public void Take(DeviceView<int> step) => _work.Launcher.TakeRow(_rows.View<float>(), _row.View<float>(), step);

    /// <inheritdoc/>
    public void Dispose()
    {
        _execution?.Dispose();
        _rows?.Dispose();
        _row?.Dispose();
    }
}
