using System.Globalization;
using Tidegate.Contracts.Blockers;

namespace Tidegate.Cli.Blockers;

/// <summary>A blocker as people read it.</summary>
internal static class BlockerText
{
    public static void Write(TextWriter output, BlockerView blocker, string indent = "")
    {
        var until = blocker.Until is { } end ? $", until {Instant(end)}" : "";
        output.WriteLine($"{indent}{blocker.Subject}: {blocker.What} ({blocker.Code})");
        output.WriteLine($"{indent}  since  {Instant(blocker.Since)}{until}");
        if (blocker.Rule is { } rule)
        {
            output.WriteLine($"{indent}  rule   {rule}");
        }

        if (blocker.Origin is { } origin)
        {
            output.WriteLine($"{indent}  from   {origin}");
        }

        output.WriteLine($"{indent}  next   {blocker.Next} ({blocker.Clears})");
    }

    private static string Instant(DateTimeOffset instant) =>
        instant.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}
