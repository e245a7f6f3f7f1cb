using System.Text;
using Tidegate.Gateway.Metering;

namespace Tidegate.Tests.Gateway;

public sealed class RpcErrorReaderTests
{
    private const string UserError =
        """{"jsonrpc": "2.0", "id": {"a": [1]}, "error": {"code": 0, "message": "Odoo Server Error", "data": {"name": "odoo.exceptions.UserError", "debug": "…"}}}""";

    [Fact]
    public void An_error_is_told_from_its_beginning_and_never_wrongly_from_less()
    {
        var bytes = Encoding.UTF8.GetBytes(UserError);
        var known = bytes.AsSpan().IndexOf("\", \"debug"u8) + 1;
        for (var length = 0; length <= bytes.Length; length++)
        {
            var (finding, kind) = RpcErrorReader.Read(bytes.AsSpan(0, length));

            Assert.NotEqual(RpcErrorReader.Finding.NoError, finding);
            if (length >= known)
            {
                Assert.Equal((RpcErrorReader.Finding.Error, RpcErrorClass.User), (finding, kind));
            }
        }
    }

    [Theory]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "result": {"error": {"code": 100}}}""")]
    [InlineData("""{"jsonrpc": "2.0", "id": 1, "error": null}""")]
    [InlineData("""{"data": {"error": {"code": 100}}}""")]
    [InlineData("""[{"error": {"code": 100}}]""")]
    [InlineData("<html>")]
    public void What_is_no_error_is_not_counted(string answer) =>
        Assert.Equal(RpcErrorReader.Finding.NoError, RpcErrorReader.Read(Encoding.UTF8.GetBytes(answer)).Finding);

    [Theory]
    [InlineData("""{"error": {"code": 404, "message": "404: Not Found"}}""", "NotFound")]
    [InlineData("""{"error": {"code": 100, "message": "Odoo Session Expired"}}""", "Session")]
    [InlineData("""{"error": {"code": 200, "data": {"name": "psycopg2.InterfaceError"}}}""", "Server")]
    [InlineData("""{"error": {"code": "x"}}""", "Server")]
    public void Errors_have_a_class(string answer, string expected) =>
        Assert.Equal(expected, RpcErrorReader.Read(Encoding.UTF8.GetBytes(answer)).Class.ToString());
}
