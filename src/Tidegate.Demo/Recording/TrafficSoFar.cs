namespace Tidegate.Demo.Recording;

/// <summary>A window's requests while it lasts.</summary>
internal sealed record TrafficSoFar(int Sent, int Failed, int Held);
