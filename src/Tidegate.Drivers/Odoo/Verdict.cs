using System.Text.Json.Serialization;

namespace Tidegate.Drivers.Odoo;

/// <summary>What a judgement came to. Only <see cref="Pass"/> lets work through; missing proof is never <see cref="Pass"/>.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>Asked, answered, and right.</summary>
    Pass,

    /// <summary>Asked, answered, and wrong.</summary>
    Fail,

    /// <summary>The proof is missing or incomplete.</summary>
    Inconclusive,

    /// <summary>It could not be asked.</summary>
    Error,
}
