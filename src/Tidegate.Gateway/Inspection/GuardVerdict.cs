namespace Tidegate.Gateway.Inspection;

/// <summary>Whether a request stays inside its tenant.</summary>
internal abstract record GuardVerdict
{
    private GuardVerdict() { }

    internal sealed record Pass : GuardVerdict
    {
        public static readonly Pass Instance = new();
    }

    /// <summary>The body names the database: it is to be read whole and given to the inspector.</summary>
    internal sealed record ReadBody(IBodyInspector Inspector) : GuardVerdict;

    /// <summary>The request is answered so and goes no further.</summary>
    /// <param name="Reason">For the client. It never says whether the database exists.</param>
    internal sealed record Refuse(int Status, string Reason) : GuardVerdict;
}

/// <summary>Finds the databases that a body names.</summary>
internal interface IBodyInspector
{
    /// <summary>Null when the body names no database but <paramref name="database"/>; otherwise why it is refused.</summary>
    string? Refusal(ReadOnlyMemory<byte> body, string database);
}
