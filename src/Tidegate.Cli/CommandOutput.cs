using System.CommandLine;
using System.Text.Json;
using Tidegate.Contracts;

namespace Tidegate.Cli;

/// <summary>Where a command writes: what was asked for to its output, all else beside it.</summary>
public static class CommandOutput
{
    public static TextWriter Output(this ParseResult parsed) => parsed.InvocationConfiguration.Output;

    public static TextWriter Error(this ParseResult parsed) => parsed.InvocationConfiguration.Error;

    /// <summary>Indented, for people and programs alike.</summary>
    public static void WriteJson<T>(this ParseResult parsed, T value) =>
        parsed.Output().WriteLine(JsonSerializer.Serialize(value, ApiJson.Indented));

    /// <summary>What may be done now, beside the output.</summary>
    public static Task WriteNextAsync(this ParseResult parsed, string next) =>
        parsed.Error().WriteLineAsync($"next: {next}");
}
