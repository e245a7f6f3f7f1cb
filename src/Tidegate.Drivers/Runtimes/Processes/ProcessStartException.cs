namespace Tidegate.Drivers.Runtimes.Processes;

/// <summary>A process did not start, or did not become ready; the message says which, what came back and where to read on.</summary>
public sealed class ProcessStartException : Exception
{
    public ProcessStartException() { }

    public ProcessStartException(string message)
        : base(message) { }

    public ProcessStartException(string message, Exception innerException)
        : base(message, innerException) { }
}
