using LatentSync.Pipeline;

namespace LatentSync.Tests.Pipeline;

public class StageGroupTests
{
    [Fact]
    public async Task WhenAllAsync_OneStageFails_StopsTheOthersAndKeepsTheFirstError()
    {
        using StageGroup group = new(CancellationToken.None);
        TaskCompletionSource stopped = new();
        group.Start(token =>
        {
            token.WaitHandle.WaitOne();
            stopped.SetResult();
            throw new InvalidOperationException("a consequence");
        });
        group.Start(_ => throw new InvalidDataException("the cause"));

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(group.WhenAllAsync);
        Assert.Equal("the cause", exception.Message);
        Assert.True(stopped.Task.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task WhenAllAsync_CallerCancelsAfterAFailure_KeepsTheFailure()
    {
        using CancellationTokenSource caller = new();
        using StageGroup group = new(caller.Token);
        TaskCompletionSource failed = new();
        using CancellationTokenRegistration registration = group.Token.Register(failed.SetResult);
        group.Start(_ => throw new InvalidDataException("the cause"));
        await failed.Task;
        await caller.CancelAsync();

        InvalidDataException exception = await Assert.ThrowsAsync<InvalidDataException>(group.WhenAllAsync);
        Assert.Equal("the cause", exception.Message);
    }

    [Fact]
    public async Task WhenAllAsync_StageFailsBecauseOfTheCancellation_ThrowsCancelled()
    {
        using CancellationTokenSource caller = new();
        using StageGroup group = new(caller.Token);
        group.Start(token =>
        {
            token.WaitHandle.WaitOne();
            throw new InvalidOperationException("a consequence");
        });
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(group.WhenAllAsync);
    }

    [Fact]
    public async Task WhenAllAsync_CallerCancels_ThrowsCancelled()
    {
        using CancellationTokenSource caller = new();
        using StageGroup group = new(caller.Token);
        group.Start(token =>
        {
            token.WaitHandle.WaitOne();
            token.ThrowIfCancellationRequested();
        });
        await caller.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(group.WhenAllAsync);
    }

    [Fact]
    public async Task WhenAllAsync_AllSucceed_Returns()
    {
        using StageGroup group = new(CancellationToken.None);
        int done = 0;
        group.Start(_ => Interlocked.Increment(ref done));
        group.Start(_ => Interlocked.Increment(ref done));
        await group.WhenAllAsync();
        Assert.Equal(2, done);
    }
}
