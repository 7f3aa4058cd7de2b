namespace Hookstream.Server.Commands.Listen;

/// <summary>One request that `listen` got, and how it dealt with it.</summary>
internal sealed record ReceivedRequest
{
    public required ReceivedKind Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The envelope's type, or the header's where the body is no envelope; null when neither tells.</summary>
    public string? EventType { get; init; }

    public required SignatureCheck Signature { get; init; }

    /// <summary>The HTTP status that it was, or will be, answered with.</summary>
    public required int Answer { get; init; }

    /// <summary>How long the answer is held back.</summary>
    public TimeSpan Delay { get; init; }

    public string? Header(string name) => Headers.GetValueOrDefault(name);
}
