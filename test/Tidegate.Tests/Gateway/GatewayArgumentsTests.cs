using Tidegate.Gateway;

namespace Tidegate.Tests.Gateway;

public sealed class GatewayArgumentsTests
{
    [Fact]
    public void The_role_is_told_its_files_and_port()
    {
        Assert.Null(
            GatewayArguments.Parse(
                ["--state", "/tmp/s.json", "--control", "/tmp/c.sock", "--port", "8080", "--forwarded-proto", "https"],
                out var options
            )
        );

        Assert.Equal((8080, "/tmp/s.json", "https"), (options!.Port, options.StateFile, options.ForwardedProto));
    }

    [Theory]
    [InlineData("--state", "s", "--control", "c")]
    [InlineData("--state", "s", "--control", "c", "--port", "x")]
    [InlineData("--state", "s", "--control", "c", "--port", "70000")]
    [InlineData("--state", "s", "--control", "c", "--port")]
    [InlineData("--state", "s", "--control", "c", "--port", "1", "--colour", "red")]
    [InlineData("--state", "s", "--control", "c", "--port", "1", "--forwarded-proto", "gopher")]
    [InlineData("--state", "s", "--state", "t", "--control", "c", "--port", "1")]
    public void Wrong_arguments_are_refused_in_one_sentence(params string[] arguments)
    {
        var refusal = GatewayArguments.Parse(arguments, out var options);

        Assert.NotNull(refusal);
        Assert.EndsWith(".", refusal, StringComparison.Ordinal);
        Assert.Null(options);
    }
}
