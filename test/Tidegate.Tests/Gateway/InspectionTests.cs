using System.Text;
using Tidegate.Gateway.Inspection;

namespace Tidegate.Tests.Gateway;

/// <summary>Bodies that name a database, honest and hostile. Only what names the host's own database, in one way alone, passes.</summary>
public sealed class InspectionTests
{
    [Theory]
    [InlineData(
        """{"params":{"service":"object","method":"execute_kw","args":["oslo",2,"k","res.partner","read",[[1]]]}}"""
    )]
    [InlineData("""{"params":{"service":"common","method":"login","args":["oslo","admin","pw"]}}""")]
    [InlineData("""{"params":{"service":"common","method":"version","args":[]}}""")]
    [InlineData("""{"params":{"service":"object","method":"execute_kw","args":["\u006fslo",2,"k"]}}""")]
    public void A_json_call_to_the_own_database_passes(string body) =>
        Assert.Null(Refusal(JsonRpcInspector.Instance, body));

    [Theory]
    [InlineData("""{"params":{"service":"object","method":"execute_kw","args":["lima",2,"k"]}}""")]
    [InlineData("""{"params":{"service":"object","method":"execute_kw","args":["\u006cima",2,"k"]}}""")]
    [InlineData("""{"params":{"service":"common","method":"login","args":["lima","admin","pw"]}}""")]
    [InlineData("""{"params":{"service":"db","method":"list","args":[]}}""")]
    [InlineData("""{"params":{"service":"object","method":"execute_kw","args":["oslo"],"args":["lima"]}}""")]
    [InlineData("""{"params":{"service":"common","service":"db","method":"drop","args":["x","lima"]}}""")]
    [InlineData("""{"params":{"service":"object","\u0061rgs":["lima"],"args":["oslo"]}}""")]
    [InlineData("""{"params":{"service":"object","args":["oslo"]},"params":{"service":"object","args":["lima"]}}""")]
    [InlineData("""{"params":{"service":"object","args":{"lima":1,"2":2,"k":3}}}""")]
    [InlineData("""{"params":{"service":"object","args":"lima"}}""")]
    [InlineData("""{"params":{"service":"object","args":[["lima"],2,"k"]}}""")]
    [InlineData("""{"params":{"service":"object","args":[]}}""")]
    [InlineData("""{"params":{"service":["db"],"args":["oslo"]}}""")]
    [InlineData("""[{"params":{"service":"object","args":["lima"]}}]""")]
    [InlineData("""{"params":["object","execute","lima"]}""")]
    [InlineData("""{"service":"object","args":["lima"]}""")]
    [InlineData("""{"params":{"service":"object","args":["oslo"]}} {"params":{"service":"db"}}""")]
    [InlineData("""{"params":{"service":"object","args":["\ud800"]}}""")]
    [InlineData("""{"params":{"service":"object","args":["oslo",}""")]
    [InlineData("\ufeff{}")]
    [InlineData("")]
    public void Any_other_json_call_is_refused(string body) => Assert.NotNull(Refusal(JsonRpcInspector.Instance, body));

    [Fact]
    public void A_json_call_nested_without_end_is_refused() =>
        Assert.NotNull(Refusal(JsonRpcInspector.Instance, new string('[', 1_000_000)));

    [Theory]
    [InlineData("""{"params":{"db":"oslo","login":"a","password":"b"}}""", true)]
    [InlineData("""{"params":{"login":"a","password":"b"}}""", true)]
    [InlineData("""{"params":{"db":"lima","login":"a","password":"b"}}""", false)]
    [InlineData("""{"params":{"db":["lima"],"login":"a"}}""", false)]
    [InlineData("""{"params":{"db":"oslo","db":"lima"}}""", false)]
    public void Authentication_may_name_the_own_database_alone(string body, bool passes) =>
        Assert.Equal(passes, Refusal(JsonParamsInspector.Instance, body) is null);

    [Theory]
    [InlineData("<methodCall><methodName>version</methodName></methodCall>")]
    [InlineData("<methodCall><methodName>version</methodName><params/></methodCall>")]
    [InlineData(
        "<?xml version='1.0'?>\n<methodCall>\n<methodName>execute_kw</methodName>\n<params>\n<param>\n<value><string>oslo</string></value>\n</param>\n<param><value><int>2</int></value></param></params>\n</methodCall>\n"
    )]
    [InlineData(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?><methodCall><methodName>login</methodName><params><param><value>oslo</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value><string>oslo</string></value></param><param><value><array><data><value><struct><member><name>a</name><value><nil/></value></member></struct></value></data></array></value></param></params></methodCall>"
    )]
    public void An_xml_call_to_the_own_database_passes(string body) =>
        Assert.Null(Refusal(XmlRpcInspector.Instance, body));

    [Theory]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value><string>lima</string></value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value>lima</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><value><string>lima</string></value><methodName>x</methodName><params><param><value>oslo</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x<value>lima</value></methodName><params><param><value>oslo</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><value>lima</value><param><value>oslo</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value>lima</value><value>oslo</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value>oslo<string>lima</string></value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value><string>lima</string><string>oslo</string></value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value><base64>bGltYQ==</base64></value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params><param><value>oslo</value></param><param><value><methodName>drop</methodName></value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall><methodName>x</methodName><params/><params><param><value>lima</value></param></params></methodCall>"
    )]
    [InlineData(
        "<methodCall xmlns='urn:x'><methodName>x</methodName><params><param><value>lima</value></param></params></methodCall>"
    )]
    [InlineData(
        "<!DOCTYPE m [<!ENTITY d 'lima'>]><methodCall><methodName>x</methodName><params><param><value>&d;</value></param></params></methodCall>"
    )]
    [InlineData(
        "<?xml version='1.0' encoding='utf-7'?><methodCall><methodName>x</methodName><params><param><value>oslo</value></param></params></methodCall>"
    )]
    [InlineData("<methodResponse/>")]
    [InlineData("<methodCall>")]
    [InlineData("{}")]
    [InlineData("")]
    public void Any_other_xml_call_is_refused(string body) => Assert.NotNull(Refusal(XmlRpcInspector.Instance, body));

    [Fact]
    public void An_xml_call_that_is_not_utf8_is_refused() =>
        Assert.NotNull(XmlRpcInspector.Instance.Refusal(new byte[] { 0xFF, 0xFE, (byte)'<', 0 }, "oslo"));

    [Theory]
    [InlineData("db=oslo", false)]
    [InlineData("login=a&db=", false)]
    [InlineData("adb=lima&db_name=lima", false)]
    [InlineData("db=lima", true)]
    [InlineData("d%62=lima", true)]
    [InlineData("db=oslo&db=lima", true)]
    [InlineData("a=1;db=lima", true)]
    [InlineData("db=+lima", true)]
    [InlineData("?db=lima", true)]
    public void A_parameter_db_may_name_the_own_database_alone(string pairs, bool refused) =>
        Assert.Equal(refused, DatabaseParameter.NamesAnother(pairs, "oslo"));

    [Theory]
    [InlineData("/web%2Fdatabase%2Fmanager")]
    [InlineData("/web%252Fdatabase/x")]
    [InlineData("//web///database//")]
    [InlineData("/fr/web/database/manager")]
    [InlineData("/WEB/Database")]
    public void The_manager_is_found_however_it_is_written(string path) =>
        Assert.True(RequestPath.IsUnder(RequestPath.Canonical(path), "/web/database"));

    [Theory]
    [InlineData("/web/databases")]
    [InlineData("/web")]
    [InlineData("/shop/web-database")]
    [InlineData("/a/b/web/database")]
    public void Other_paths_are_not_the_manager(string path) =>
        Assert.False(RequestPath.IsUnder(RequestPath.Canonical(path), "/web/database"));

    private static string? Refusal(IBodyInspector inspector, string body) =>
        inspector.Refusal(Encoding.UTF8.GetBytes(body), "oslo");
}
