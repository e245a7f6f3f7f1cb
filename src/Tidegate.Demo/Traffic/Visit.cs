namespace Tidegate.Demo.Traffic;

/// <summary>What a client comes for. Most are cheap, as in a real shop, and as two cores shared with everything else ask for.</summary>
internal enum Visit
{
    LookAtPage,
    LoadAsset,
    LoadImage,
    LookProductUp,
    TakeOrder,
    LogIn,
}

/// <summary>The shares of the visits.</summary>
internal static class VisitMix
{
    // At 8 visits a second: an order each 2.6 s, a page each 1.4 s, a log-in (0.45 s of CPU for its hash) each 31 s.
    private static readonly (Visit Visit, int Weight)[] Shares =
    [
        (Visit.LoadImage, 102),
        (Visit.LookProductUp, 70),
        (Visit.LoadAsset, 43),
        (Visit.LookAtPage, 22),
        (Visit.TakeOrder, 12),
        (Visit.LogIn, 1),
    ];

    private static readonly int Total = Shares.Sum(share => share.Weight);

    public static Visit Next(Random random)
    {
        var drawn = random.Next(Total);
        foreach (var (visit, weight) in Shares)
        {
            if (drawn < weight)
            {
                return visit;
            }

            drawn -= weight;
        }

        return Visit.LoadImage;
    }
}
