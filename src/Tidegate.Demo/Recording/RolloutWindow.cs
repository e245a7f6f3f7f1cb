using Tidegate.Demo.Traffic;

namespace Tidegate.Demo.Recording;

/// <summary>The time that belongs to one rollout: from before it began until after it ended.</summary>
internal sealed record RolloutWindow(DateTimeOffset Start, DateTimeOffset End)
{
    public bool Covers(DateTimeOffset instant) => instant >= Start && instant < End;

    public IEnumerable<SentRequest> RequestsIn(TrafficLog log) => log.Requests.Where(request => Covers(request.SentAt));
}
