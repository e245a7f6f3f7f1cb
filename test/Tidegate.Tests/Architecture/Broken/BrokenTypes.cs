using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Tidegate.Tests.Architecture.Broken.Sample;

/// <summary>Breaks the rule that only stores speak to PostgreSQL.</summary>
internal sealed class Counter(NpgsqlDataSource database)
{
    public NpgsqlDataSource Database { get; } = database;
}

/// <summary>Breaks the rule that only endpoints speak HTTP.</summary>
internal static class Greeter
{
    public static string Greet(HttpContext context) => context.Request.Path;
}

/// <summary>Breaks the rule that what decides touches no clock.</summary>
internal static class HastyDecider
{
    public static bool IsLate(TimeProvider clock, DateTimeOffset due) => clock.GetUtcNow() > due;
}
