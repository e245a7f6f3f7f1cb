using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Tidegate.ControlPlane.Fleet;

namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>A system user without a shell, with a group of the same name. Only root can act for one.</summary>
public sealed record OsUser(string Name, int UserId, int GroupId)
{
    private const int LongestName = 31; // useradd(8) refuses 33 and more, ps cuts before
    private const int NameInUse = 9;

    /// <summary>The user that runs a site's PostgreSQL.</summary>
    public const string Postgres = "tidegate-pg";

    /// <summary>The user of a pool's processes: <c>tidegate-&lt;pool&gt;</c>, shortened when it would be too long.</summary>
    public static string OfPool(PoolName pool)
    {
        var name = $"tidegate-{pool}";
        return name.Length <= LongestName
            ? name
            : $"{name[..(LongestName - 9)]}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8]}";
    }

    /// <summary>The user of this name, made when missing; null when we are not root and everything runs as ourselves.</summary>
    public static async Task<OsUser?> EnsureAsync(string name, CancellationToken cancellationToken)
    {
        if (!Native.IsRoot)
        {
            return null;
        }

        if (await FindAsync(name, cancellationToken) is { } existing)
        {
            return existing;
        }

        string[] options =
        [
            "--system",
            "--user-group",
            "--no-create-home",
            "--home-dir",
            "/nonexistent",
            "--shell",
            "/usr/sbin/nologin",
        ];
        var made = await Tool.RunAsync("/usr/sbin/useradd", [.. options, name], cancellationToken);
        return made.ExitCode is not (0 or NameInUse)
            ? throw new InvalidOperationException($"The system user {name} could not be made: {made.Complaint}")
            : await FindAsync(name, cancellationToken)
                ?? throw new InvalidOperationException($"The system user {name} was made and is not there.");
    }

    /// <summary>Makes the user own a file or folder.</summary>
    internal void Give(string path) => Native.GiveTo(path, UserId, GroupId);

    /// <summary>Lets the user read a file that stays ours.</summary>
    internal void LetRead(string path)
    {
        Native.GiveTo(path, Native.Unchanged, GroupId);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
    }

    /// <summary>Lets the user add to a folder that stays ours. What others put there the user can neither rename nor remove.</summary>
    internal void LetAdd(string path)
    {
        Native.GiveTo(path, Native.Unchanged, GroupId);
        const UnixFileMode full = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        const UnixFileMode group = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;
        File.SetUnixFileMode(path, full | group | UnixFileMode.StickyBit);
    }

    private static async Task<OsUser?> FindAsync(string name, CancellationToken cancellationToken)
    {
        var found = await Tool.RunAsync("/usr/bin/getent", ["passwd", name], cancellationToken);
        return found.ExitCode == 0 && found.Output.Split(':') is [_, _, var user, var group, ..]
            ? new(name, int.Parse(user, CultureInfo.InvariantCulture), int.Parse(group, CultureInfo.InvariantCulture))
            : null;
    }
}
