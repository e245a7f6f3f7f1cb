namespace Tidegate.Demo.Screens;

/// <summary>Something that takes a while; its end is said with its duration.</summary>
/// <param name="ended">Done first, so that nothing moves on the screen when the end is said.</param>
internal sealed class Phase(string what, Func<Task> ended, Action<string> say, TimeProvider clock) : IAsyncDisposable
{
    private readonly long _began = clock.GetTimestamp();

    public async ValueTask DisposeAsync()
    {
        var took = clock.GetElapsedTime(_began);
        await ended();
        say($"{what}: {Duration.Text(took)}");
    }
}
