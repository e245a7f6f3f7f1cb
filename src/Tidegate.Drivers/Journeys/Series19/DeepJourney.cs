using System.Globalization;
using System.Text.Json;
using Tidegate.Drivers.Odoo;
using Tidegate.Drivers.Sites;

namespace Tidegate.Drivers.Journeys.Series19;

/// <summary>A flow through Odoo's own code in a child of the generation's fork server, undone at its end: nothing is stored or sent, so it may run on a live database.</summary>
/// <param name="name">The fork server's name for it.</param>
/// <param name="asked">For people.</param>
/// <param name="parameters">What the fork server needs to know.</param>
/// <param name="read">Makes a short answer of what came back, and keeps what has to be compared.</param>
internal sealed class DeepJourney(
    SiteLayout layout,
    string name,
    string asked,
    Func<JourneyTarget, PriceBook, object> parameters,
    Func<JsonElement, PriceBook, string> read
) : IJourneyGroup
{
    public static DeepJourney Prices(SiteLayout layout) =>
        new(
            layout,
            "prices",
            "prices of products by pricelist, quantity and date",
            (_, prices) => prices.Questions,
            ReadPrices
        );

    public static DeepJourney Order(SiteLayout layout) =>
        new(layout, "order", "an order of two products, confirmed", AsUser, (answer, _) => Plain(answer));

    public static DeepJourney Stock(SiteLayout layout) =>
        new(layout, "stock", "a delivery, reserved", AsUser, (answer, _) => Plain(answer));

    public static DeepJourney Till(SiteLayout layout) =>
        new(layout, "pos", "a till's session with all its data", AsUser, (answer, _) => ReadTill(answer));

    public Task MakeAsync(
        JourneyTarget target,
        JourneyLog log,
        PriceBook prices,
        CancellationToken cancellationToken
    ) => log.MakeAsync(name, asked, token => AskAsync(target, prices, token), cancellationToken);

    private async Task<string> AskAsync(JourneyTarget target, PriceBook prices, CancellationToken cancellationToken)
    {
        var context = target.Context;
        // One id per attempt: a journey leaves no trace, so it is simply made again.
        var id = $"{context.Upgrade}-{context.StepId.Kind}-{name}-{context.Epoch}";
        var files = JobFiles.Of(layout, target.Tenant.Pool, target.Release.Digest, id);
        files.ForgetResult();
        var result = await new ForkServerClient(
            layout.ForkServerSocket(target.Tenant.Pool, target.Release.Digest)
        ).RunAsync(
            new
            {
                op = "journey",
                id,
                name,
                tenant = target.Tenant.Tenant.Value,
                target.Tenant.Database,
                context.Epoch,
                @params = parameters(target, prices),
                files.Log,
                files.Result,
            },
            id,
            files.Result,
            cancellationToken
        );
        return Read(result, prices);
    }

    private string Read(JobResult result, PriceBook prices) =>
        result switch
        {
            { IsLost: true } => throw new MigratorUnreachableException("the fork server ended while it was asked"),
            { Value: { } value } when result.IsClean && value.TryGetProperty("came_back", out var answer) => read(
                answer,
                prices
            ),
            { Value: { } value } when value.TryGetProperty("error", out var error) => throw new JourneyException(
                error.GetString() ?? "an error without a text"
            ),
            _ => throw new JourneyException(
                $"the flow ended with exit code {result.Exit}, signal {result.Signal} and no answer"
            ),
        };

    private static object AsUser(JourneyTarget target, PriceBook prices) => new { login = target.Login };

    private static string Plain(JsonElement answer) => answer.GetRawText();

    private static string ReadPrices(JsonElement answer, PriceBook prices)
    {
        var table = new PriceTable(
            prices.Questions,
            [.. answer.GetProperty("rows").Deserialize<Price[]>(Evidence.Json)!]
        );
        if (table.Rows.IsEmpty)
        {
            throw new JourneyException("there is no product or no pricelist to ask about");
        }

        prices.Answer = table;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{table.Rows.Length} prices of {answer.GetProperty("products").GetInt32()} products"
        );
    }

    private static string ReadTill(JsonElement answer) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{answer.GetProperty("till").GetString()} is {answer.GetProperty("state").GetString()}, {answer.GetProperty("records").EnumerateObject().Sum(model => model.Value.GetInt32())} records of {answer.GetProperty("records").EnumerateObject().Count()} models"
        );
}
