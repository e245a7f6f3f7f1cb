using Tidegate.Contracts.Releases;

namespace Tidegate.Cli;

/// <summary>A gate's reasons for people.</summary>
internal static class GateText
{
    public static void Write(TextWriter output, GateView gate)
    {
        foreach (var reason in gate.Reasons)
        {
            output.WriteLine($"{reason.Code}: {reason.What}");
            output.WriteLine($"  next: {reason.Next} ({reason.Clears})");
        }
    }
}
