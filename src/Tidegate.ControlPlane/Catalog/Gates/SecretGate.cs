using Tidegate.ControlPlane.Catalog.Facts;

namespace Tidegate.ControlPlane.Catalog.Gates;

/// <summary>Nothing secret lies in the tree.</summary>
internal static class SecretGate
{
    private static readonly GateRule Secret = new(
        "secret-in-tree",
        Severity.Error,
        "A private key, a token or a password in a file of the release",
        "A release is copied to every site and kept for years; whoever can read one has the secret.",
        "Take it out, replace the secret where it is used, and give it to the shop as a configuration."
    );

    public static StaticGate Gate { get; } = new("secrets", [Secret], Judge);

    private static IEnumerable<Finding> Judge(GateInput input) =>
        from module in input.Release.Modules.Values
        from secret in module.Facts.Secrets
        select Secret.In(
            module,
            secret.File,
            secret.Line,
            $"it holds {Noun(secret.Kind)}",
            Weight(module, secret.File)
        );

    // What a core brings the whole world has; what only tests use opens nothing, one hopes.
    private static Severity Weight(ModuleView module, string file) =>
        !module.IsAddon ? Severity.Info
        : file.Split('/').Any(folder => folder is "tests" or "demo") ? Severity.Warning
        : Severity.Error;

    private static string Noun(string kind) =>
        kind switch
        {
            "private_key" => "a private key",
            "key_store" => "a store of keys",
            "password_in_address" => "an address with its password",
            "password_in_data" => "a record with a password",
            "aws_access_key" => "an access key of AWS",
            _ => $"a {kind.Replace('_', ' ')}",
        };
}
