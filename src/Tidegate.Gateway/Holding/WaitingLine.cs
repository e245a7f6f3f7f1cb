namespace Tidegate.Gateway.Holding;

/// <summary>The requests that wait at a gate, first come first. Its gate's lock guards it.</summary>
internal sealed class WaitingLine
{
    private readonly LinkedList<HeldRequest> line = new();

    public int Count => line.Count;

    /// <summary>Bytes kept of the bodies of all that wait.</summary>
    public long Bytes { get; private set; }

    public HeldRequest? First => line.First?.Value;

    /// <summary>False when it would be one too many, or too many bytes.</summary>
    public bool TryAdd(HeldRequest request, long bytes, HoldLimits limits)
    {
        if (line.Count >= limits.Requests || Bytes + bytes > limits.Bytes)
        {
            return false;
        }

        request.Place = line.AddLast(request);
        request.Bytes = bytes;
        Bytes += bytes;
        return true;
    }

    /// <summary>False when the bytes would be too many.</summary>
    public bool TryKeep(HeldRequest request, long bytes, HoldLimits limits)
    {
        if (Bytes + bytes > limits.Bytes)
        {
            return false;
        }

        request.Bytes += bytes;
        Bytes += bytes;
        return true;
    }

    /// <summary>Takes a request out and decides it; one that has left already is not touched.</summary>
    public void Remove(HeldRequest request, Admission admission)
    {
        if (request.Place is { } place)
        {
            line.Remove(place);
            Bytes -= request.Bytes;
            request.Place = null;
            request.Decide(admission);
        }
    }

    public void RefuseAll()
    {
        while (First is { } request)
        {
            Remove(request, Admission.Refused);
        }
    }
}
