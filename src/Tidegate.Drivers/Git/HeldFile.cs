namespace Tidegate.Drivers.Git;

/// <summary>A lock of the kernel on a file. It ends with its holder, however that ends.</summary>
internal static class HeldFile
{
    private const int WouldBlock = 11; // EWOULDBLOCK: somebody else has it

    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(10);

    /// <summary>Waits for the file and holds it until it is disposed.</summary>
    /// <param name="what">Of whom it says that they hold it, when the patience ends.</param>
    /// <exception cref="GitFailedException">Somebody else held it all the time.</exception>
    public static async Task<IDisposable> TakeAsync(
        string path,
        TimeSpan patience,
        string what,
        TimeProvider clock,
        CancellationToken cancellationToken
    )
    {
        var deadline = clock.GetUtcNow() + patience;
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException held) when (held.HResult == WouldBlock)
            {
                if (clock.GetUtcNow() > deadline)
                {
                    throw new GitFailedException($"{what}: it holds {path}", held);
                }
            }

            await Task.Delay(Glance, clock, cancellationToken);
        }
    }
}
