using System.Diagnostics;
using Tidegate.Drivers.Runtimes;

namespace Tidegate.Tests.Runtimes;

public sealed class SystemPythonTests
{
    [Fact]
    public async Task Bytecode_is_named_as_the_interpreter_itself_names_it()
    {
        using var python = Process.Start(
            new ProcessStartInfo("/usr/bin/python3", ["-c", "import sys; print(sys.implementation.cache_tag)"])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var tag = await python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.Equal(tag.Trim(), new SystemPython().Tag);
    }
}
