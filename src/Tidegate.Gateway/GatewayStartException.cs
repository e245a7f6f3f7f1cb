namespace Tidegate.Gateway;

/// <summary>The gateway cannot start. The message says what is in the way and what to do.</summary>
public sealed class GatewayStartException(string message, int exitCode = GatewayStartException.Configuration)
    : Exception(message)
{
    /// <summary>The state cannot be used (EX_CONFIG).</summary>
    public const int Configuration = 78;

    /// <summary>A port or socket is taken (EX_UNAVAILABLE).</summary>
    public const int Unavailable = 69;

    /// <summary>What the process ends with.</summary>
    public int ExitCode => exitCode;
}
