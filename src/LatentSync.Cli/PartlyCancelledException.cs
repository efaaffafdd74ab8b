namespace LatentSync.Cli;

/// <summary>A command was cancelled after it had made something that stays.</summary>
/// <param name="message">What stays.</param>
internal sealed class PartlyCancelledException(string message) : OperationCanceledException(message);
