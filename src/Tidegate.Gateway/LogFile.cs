using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Tidegate.Gateway;

/// <summary>Appends warnings and errors to <c>gateway.log</c>, or to standard error. They are few, so a lock and a write will do.</summary>
internal sealed class LogFile : ILoggerProvider
{
    private readonly TextWriter writer;

    public LogFile(string? folder)
    {
        if (folder is null)
        {
            writer = Console.Error;
            return;
        }

        Directory.CreateDirectory(folder);
        var file = new FileStream(
            Path.Combine(folder, "gateway.log"),
            FileMode.Append,
            FileAccess.Write,
            FileShare.ReadWrite
        );
        writer = TextWriter.Synchronized(new StreamWriter(file) { AutoFlush = true });
    }

    public ILogger CreateLogger(string categoryName) => new Logger(writer, categoryName);

    public void Dispose()
    {
        if (writer != Console.Error)
        {
            writer.Dispose();
        }
    }

    private sealed class Logger(TextWriter writer, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            if (IsEnabled(logLevel))
            {
                var at = TimeProvider
                    .System.GetUtcNow()
                    .ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
                writer.WriteLine($"{at} {logLevel} {category}: {formatter(state, exception)} {exception}".TrimEnd());
            }
        }
    }
}
