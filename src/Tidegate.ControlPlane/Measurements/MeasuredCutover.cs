namespace Tidegate.ControlPlane.Measurements;

/// <summary>What a cutover of a site really took.</summary>
/// <param name="Bytes">Size of the database that was copied.</param>
/// <param name="Copy">What the step that copies it took.</param>
/// <param name="Hold">From the begin of the hold to the end of opening.</param>
public sealed record MeasuredCutover(long Bytes, TimeSpan Copy, TimeSpan Hold);
