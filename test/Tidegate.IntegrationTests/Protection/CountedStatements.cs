using System.Diagnostics;

namespace Tidegate.IntegrationTests.Protection;

/// <summary>Counts the statements that go to PostgreSQL on this flow of calls, until it is disposed of.</summary>
internal sealed class CountedStatements : IDisposable
{
    private readonly Activity _flow;
    private readonly ActivityListener _listener;
    private int _count;

    public CountedStatements()
    {
        _flow = new Activity("counted statements").Start();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) =>
                options.Parent.TraceId == _flow.TraceId ? ActivitySamplingResult.AllData : ActivitySamplingResult.None,
            ActivityStarted = _ => Interlocked.Increment(ref _count),
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public int Count => Volatile.Read(ref _count);

    public void Dispose()
    {
        _listener.Dispose();
        _flow.Dispose();
    }
}
