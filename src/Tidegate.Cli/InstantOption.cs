using System.CommandLine;
using System.Globalization;

namespace Tidegate.Cli;

/// <summary>An instant in UTC, unless it says otherwise.</summary>
internal static class InstantOption
{
    public static Option<DateTimeOffset?> Create(string name, string what) =>
        new(name)
        {
            Description = $"{what}, like 2026-12-24T18:00:00Z",
            CustomParser = argument =>
            {
                if (
                    DateTimeOffset.TryParse(
                        argument.Tokens[0].Value,
                        CultureInfo.InvariantCulture,
                        DateTimeStyles.AssumeUniversal,
                        out var instant
                    )
                )
                {
                    return instant;
                }

                argument.AddError($"\"{argument.Tokens[0].Value}\" is no instant: write 2026-12-24T18:00:00Z.");
                return null;
            },
        };
}
