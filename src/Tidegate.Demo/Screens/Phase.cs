namespace Tidegate.Demo.Screens;

/// <summary>Something that takes a while; its end is said with its duration.</summary>
internal sealed class Phase(string what, Action<string> say, TimeProvider clock) : IDisposable
{
    private readonly long _began = clock.GetTimestamp();

    public void Dispose() => say($"{what}: {Duration.Text(clock.GetElapsedTime(_began))}");
}
