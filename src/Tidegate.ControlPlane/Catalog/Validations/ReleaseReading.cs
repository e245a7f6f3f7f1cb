using Tidegate.Contracts.Releases;
using Tidegate.ControlPlane.Catalog.Differences;
using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Validations;

/// <param name="Cache">A folder for facts of modules and hashes of files.</param>
public sealed record CatalogOptions(string Cache);

/// <summary>Reads whole releases for a server that has other things to do: one at a time, and a short queue for it.</summary>
public sealed class ReleaseReading(IModuleInspector inspector, CatalogOptions options, TimeProvider clock) : IDisposable
{
    private const int LongestQueue = 4;

    private readonly SemaphoreSlim turn = new(1, 1);
    private int waiting;

    /// <summary>Whether somebody more would be let wait for a comparison.</summary>
    public bool IsCrowded => Volatile.Read(ref waiting) >= LongestQueue;

    /// <inheritdoc cref="ReleaseValidator.ValidateAsync"/>
    public Task<Validation> ValidateAsync(
        ReleasePlace place,
        ReleasePlace? before,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            reader => new ReleaseValidator(reader).ValidateAsync(place, before, _ => { }, cancellationToken),
            cancellationToken
        );

    /// <inheritdoc cref="ReleaseComparer.CompareAsync"/>
    public Task<ReleaseDiff> CompareAsync(
        ComparedRelease from,
        ComparedRelease to,
        CancellationToken cancellationToken
    ) =>
        InTurnAsync(
            reader => new ReleaseComparer(reader).CompareAsync(from, to, _ => { }, cancellationToken),
            cancellationToken
        );

    public void Dispose() => turn.Dispose();

    private async Task<T> InTurnAsync<T>(Func<ReleaseFactsReader, Task<T>> read, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref waiting);
        try
        {
            await turn.WaitAsync(cancellationToken);
        }
        finally
        {
            Interlocked.Decrement(ref waiting);
        }

        try
        {
            // A reader keeps the facts that it read: one for each piece of work, not one for ever. On a thread of the
            // pool, since it reads files and hashes for seconds.
            return await Task.Run(
                () => read(new ReleaseFactsReader(inspector, options.Cache, clock)),
                cancellationToken
            );
        }
        finally
        {
            turn.Release();
        }
    }
}
