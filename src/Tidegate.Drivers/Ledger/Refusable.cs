using System.Diagnostics.CodeAnalysis;

namespace Tidegate.Drivers.Ledger;

/// <summary>What is asked of somebody who may be away.</summary>
internal static class Refusable
{
    /// <summary>Does it within a bound.</summary>
    /// <exception cref="IOException">It did not succeed, for whatever reason of theirs.</exception>
    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "Each client has exceptions of its own; all mean that it is not kept."
    )]
    public static async Task AsIoAsync(
        Func<CancellationToken, Task> act,
        TimeSpan patience,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        using var bound = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await act(either.Token);
        }
        catch (OperationCanceledException late) when (bound.IsCancellationRequested)
        {
            throw new IOException(
                FormattableString.Invariant($"it did not answer within {patience.TotalSeconds:0} s"),
                late
            );
        }
        catch (Exception failed) when (failed is not (IOException or OperationCanceledException))
        {
            throw new IOException(failed.Message, failed);
        }
    }
}
