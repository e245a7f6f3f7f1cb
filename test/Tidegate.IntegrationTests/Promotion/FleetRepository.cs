using System.Diagnostics;
using System.Text;

namespace Tidegate.IntegrationTests.Promotion;

/// <summary>A fleet in a real git repository of its own, on branch main, with staging and production on 2026.11.1.</summary>
internal sealed class FleetRepository : IDisposable
{
    public const string Production = """
        # A commit that changes this line sends a release out.
        release: 2026.11.1   # since the audit
        policy: careful

        """;

    private readonly string root = Directory.CreateTempSubdirectory("tg-promote-fleet-").FullName;

    /// <param name="folder">Where in the repository the fleet is.</param>
    public FleetRepository(string folder = "")
    {
        Folder = Path.Combine(root, "work", folder).TrimEnd('/');
        Directory.CreateDirectory(Folder);
        Root = Path.Combine(root, "work");
        Git("init", "--quiet", "--initial-branch=main");
        Git("config", "user.name", "Ann Lee");
        Git("config", "user.email", "ann@example.com");
        Git("config", "commit.gpgsign", "false");
        Git("config", "core.hooksPath", ".git/hooks");
        Put("tidegate.yaml", "organisation: Example Shops\n");
        Put("sites/local.yaml", "{}\n");
        Put("policies/careful.yaml", "start: manual\n");
        Put("environments/staging.yaml", "release: 2026.11.1\n");
        Put("environments/production.yaml", Production);
        Put("pools/staging.yaml", "site: local\nenvironment: staging\n");
        Put("pools/shared.yaml", "site: local\nenvironment: production\n");
        Put("releases/2026.11.1.yaml", $"digest: sha256:{new string('1', 64)}\n");
        Git("add", ".");
        Git("commit", "--quiet", "-m", "The fleet");
    }

    /// <summary>The fleet's folder.</summary>
    public string Folder { get; }

    /// <summary>The working tree's.</summary>
    public string Root { get; }

    public string Head => Git("rev-parse", "HEAD").Trim();

    /// <summary>What git status has to say; empty where nothing has changed.</summary>
    public string Status => Git("status", "--porcelain", "--untracked-files=all");

    public string Read(string path) => File.ReadAllText(Path.Combine(Folder, path));

    public bool Has(string path) => File.Exists(Path.Combine(Folder, path));

    public void Put(string path, string text)
    {
        var file = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }

    /// <summary>A bare repository that main is pushed to.</summary>
    public string AddOrigin()
    {
        var origin = Path.Combine(root, "origin.git");
        Git("init", "--quiet", "--bare", "--initial-branch=main", origin);
        Git("remote", "add", "origin", origin);
        Git("push", "--quiet", "--set-upstream", "origin", "main");
        return origin;
    }

    /// <summary>Another person's clone of it that pushes a commit.</summary>
    public void PushElsewhere(string origin)
    {
        var clone = Path.Combine(root, "clone");
        Git("clone", "--quiet", origin, clone);
        Git(
            "-C",
            clone,
            "-c",
            "user.name=Bo",
            "-c",
            "user.email=bo@example.com",
            "commit",
            "--quiet",
            "--allow-empty",
            "-m",
            "x"
        );
        Git("-C", clone, "push", "--quiet");
    }

    public string Git(params string[] arguments) => Ask("", arguments);

    public string Ask(string input, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", Root, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        using var process = Process.Start(start)!;
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        var complaint = new StringBuilder();
        process.ErrorDataReceived += (_, line) => complaint.AppendLine(line.Data);
        process.BeginErrorReadLine();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"git {string.Join(' ', arguments)}: {complaint}");
        return output;
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
