using System.Globalization;
using Tidegate.Contracts.Blockers;
using Tidegate.Contracts.Fleet;

namespace Tidegate.Cli.Fleet;

/// <summary>The followed repository, for people.</summary>
internal static class SourceText
{
    private const int ShortCommit = 12;

    public static void Write(TextWriter output, SourceView source)
    {
        var folder = source.Folder.Length > 0 ? $", folder {source.Folder}" : "";
        output.WriteLine($"repository  {source.Repository}, branch {source.Branch}{folder}");
        output.WriteLine($"state       {Word(source)}");
        output.WriteLine(
            source.Good is { } good
                ? $"in force    {Short(good.Id)} of {good.Author}: {good.Subject} (taken {Instant(good.AcceptedAt)})"
                : "in force    nothing yet"
        );
        if (source.Head is { } head && head != source.Good?.Id)
        {
            output.WriteLine($"branch at   {head}");
        }

        output.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"asked       {(source.AskedAt is { } asked ? Instant(asked) : "not yet")}, every {source.IntervalSeconds:0.###} s{(source.WebhookSecret is null ? "" : ", and when the forge tells")}"
            )
        );
        foreach (var blocker in source.Blockers)
        {
            Write(output, blocker);
        }
    }

    /// <summary>3 when something is in the way, 0 otherwise.</summary>
    public static int ExitCode(SourceView source) =>
        source.Blockers.Count > 0 || source.State is "unreachable" ? ExitCodes.Blocked : ExitCodes.Done;

    private static void Write(TextWriter output, BlockerView blocker)
    {
        output.WriteLine($"blocked     {blocker.Subject}: {blocker.What} ({blocker.Code})");
        if (blocker.Origin is { } origin)
        {
            output.WriteLine($"  from      {origin}");
        }

        output.WriteLine($"  next      {blocker.Next} ({blocker.Clears})");
    }

    private static string Word(SourceView source) =>
        source.State switch
        {
            "new" => "not asked yet",
            "in_step" => "in step",
            "settling" => string.Create(
                CultureInfo.InvariantCulture,
                $"settling: {source.Unsettled} pools and tenants are not yet as git says"
            ),
            "blocked" => source.Unsettled > 0
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"blocked; {source.Unsettled} pools and tenants are not yet as git says"
                )
                : "blocked",
            var other => other,
        };

    private static string Short(string commit) => commit.Length > ShortCommit ? commit[..ShortCommit] : commit;

    private static string Instant(DateTimeOffset at) =>
        at.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);
}
