namespace Tidegate.Drivers.Odoo;

/// <summary>Takes what follows a record's first line and keeps what a person wants of it: the exception, or PostgreSQL's DETAIL.</summary>
internal sealed class RecordDetail
{
    private const int Longest = 500;
    private const string Detail = "DETAIL:";

    private bool insideFrames;
    private bool insideText;
    private string? text;

    public void Add(string line)
    {
        if (line.StartsWith("Traceback (most recent call last)", StringComparison.Ordinal))
        {
            (insideFrames, insideText) = (true, false);
        }
        else if (insideFrames)
        {
            if (line.Length > 0 && !char.IsWhiteSpace(line[0]))
            {
                // A later traceback is the one that reached the top.
                (insideFrames, insideText, text) = (false, true, line.Trim());
            }
        }
        else if (insideText)
        {
            insideText = !string.IsNullOrWhiteSpace(line);
            text = insideText && text!.Length < Longest ? $"{text} {line.Trim()}" : text;
        }
        else if (line.StartsWith(Detail, StringComparison.Ordinal))
        {
            text = line[Detail.Length..].Trim();
        }
    }

    /// <summary>What was kept, forgetting it.</summary>
    public string? Take()
    {
        var taken = text is { Length: > Longest } ? text[..Longest] : text;
        (insideFrames, insideText, text) = (false, false, null);
        return taken;
    }
}
