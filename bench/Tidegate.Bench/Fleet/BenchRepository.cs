using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.DesiredState;
using Tidegate.ControlPlane.DesiredState.Reading;

namespace Tidegate.Bench.Fleet;

/// <summary>A fleet of many tenants as files in memory, with content ids as git has them.</summary>
internal sealed class BenchRepository : IFleetFiles
{
    private const int PerPool = 500;

    private readonly Dictionary<string, (FleetFile File, byte[] Content)> files = new(StringComparer.Ordinal);

    public BenchRepository(int tenants)
    {
        foreach (
            var (path, text) in ExampleFleet.Files.Where(file =>
                !file.Path.StartsWith("tenants/", StringComparison.Ordinal)
            )
        )
        {
            Put(path, text);
        }

        for (var number = 0; number < tenants; number++)
        {
            if (number % PerPool == 0)
            {
                Put(
                    $"pools/pool-{Text(number / PerPool)}.yaml",
                    "site: local\nenvironment: production\nworkers: 4\noptions:\n  limit_time_cpu: 300\n"
                );
            }

            Put($"tenants/shop-{Text(number)}.yaml", Tenant(number, "Europe/Oslo"));
        }

        Put("policies/careful.yaml", "rollout:\n  waves: [1, 10, 100]\n");
    }

    public IReadOnlyCollection<string> Paths => files.Keys;

    /// <summary>One shop moves to another time zone: one changed file.</summary>
    public void Change(int number, string timeZone) =>
        Put($"tenants/shop-{Text(number)}.yaml", Tenant(number, timeZone));

    public IReadOnlyList<FleetFile> List() => [.. files.Values.Select(each => each.File)];

    public ReadOnlyMemory<byte> Read(FleetFile file) => files[file.Path].Content;

    /// <summary>The same as a folder.</summary>
    public void Write(string folder)
    {
        foreach (var path in files.Keys)
        {
            Write(folder, path);
        }
    }

    /// <summary>One shop's file alone.</summary>
    public void WriteTenant(string folder, int number) => Write(folder, $"tenants/shop-{Text(number)}.yaml");

    private void Write(string folder, string path)
    {
        var file = Path.Join(folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllBytes(file, files[path].Content);
    }

    private void Put(string path, string text)
    {
        var content = Encoding.UTF8.GetBytes(text);
        files[path] = (
            new FleetFile(path, Convert.ToHexStringLower(SHA256.HashData(content)), content.Length),
            content
        );
    }

    private static string Tenant(int number, string timeZone)
    {
        var name = Text(number);
        return $"""
            # yaml-language-server: $schema=../schema/tenant.schema.json
            pool: pool-{Text(number / PerPool)}
            database: shop_{name}
            hosts: [{name}.shops.example, www.{name}.shops.example]
            timeZone: {timeZone}
            journeys:
              login: journeys
              secret: shop-{name}
              writing: [order]
            externalRoles: [reporting]

            """;
    }

    private static string Text(int number) => number.ToString("00000", CultureInfo.InvariantCulture);
}
