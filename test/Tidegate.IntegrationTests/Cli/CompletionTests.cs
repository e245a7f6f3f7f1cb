using System.Diagnostics;

namespace Tidegate.IntegrationTests.Cli;

/// <summary>The scripts of <c>tidegate completion</c>, run by the shells that they are for.</summary>
public sealed class CompletionTests
{
    [Theory]
    [InlineData("tidegate rollout ab", "abort")]
    [InlineData("tidegate checkpoint drop --ye", "--yes")]
    [InlineData("tidegate completion z", "zsh")]
    [InlineData("tidegate rollou", "rollout")]
    public async Task Bash_completes(string line, string expected) =>
        Assert.Equal(
            [expected],
            await RunAsync(
                "bash",
                "--norc",
                "-c",
                $$"""
                source <(tidegate completion bash)
                COMP_LINE='{{line}}'; COMP_POINT={{line.Length}}; COMP_WORDS=($COMP_LINE); COMP_CWORD=$(({{line.Split(
                    ' '
                ).Length}} - 1))
                _tidegate
                printf '%s\n' "${COMPREPLY[@]}"
                """
            )
        );

    [Fact]
    public async Task Zsh_completes()
    {
        var suggested = await RunAsync(
            "zsh",
            "-f",
            "-c",
            """
            compdef() { :; }
            source <(tidegate completion zsh)
            compadd() { print -l -- "${@:2}"; }
            BUFFER='tidegate rollout ab' LBUFFER=$BUFFER words=(tidegate rollout ab)
            _tidegate
            """
        );

        Assert.Equal(["abort"], suggested);
    }

    [Fact]
    public async Task Fish_completes() =>
        Assert.Equal(
            ["abort"],
            await RunAsync(
                "fish",
                "--no-config",
                "-c",
                "tidegate completion fish | source; complete -C 'tidegate rollout ab'"
            )
        );

    /// <summary>The lines that a shell prints, with tidegate in its path.</summary>
    private static async Task<string[]> RunAsync(string shell, params string[] arguments)
    {
        var path = Environment.GetEnvironmentVariable("PATH")!;
        Assert.SkipUnless(
            path.Split(':').Any(folder => File.Exists(Path.Combine(folder, shell))),
            $"{shell} is not installed"
        );
        using var process = Process.Start(
            new ProcessStartInfo(shell, arguments)
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                UseShellExecute = false,
                Environment = { ["PATH"] = $"{AppContext.BaseDirectory}:{path}" },
            }
        )!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await error);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
