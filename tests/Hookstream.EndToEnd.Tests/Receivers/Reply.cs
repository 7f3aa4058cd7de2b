namespace Hookstream.EndToEnd.Tests.Receivers;

/// <summary>What an endpoint does with one request.</summary>
internal sealed record Reply
{
    public static readonly Reply Ok = new();
    public static readonly Reply Hang = new() { Behaviour = Behaviour.Hang };
    public static readonly Reply Trickle = new() { Behaviour = Behaviour.Trickle };
    public static readonly Reply Abort = new() { Behaviour = Behaviour.Abort };

    public Behaviour Behaviour { get; init; }

    public int StatusCode { get; init; } = 200;

    public TimeSpan Delay { get; init; }

    /// <summary>Answers no sooner than this has completed.</summary>
    public Task Gate { get; init; } = Task.CompletedTask;

    public (string Name, string Value)[] Headers { get; init; } = [];

    public byte[] Body { get; init; } = [];

    public static Reply Status(int statusCode, params (string Name, string Value)[] headers) =>
        new() { StatusCode = statusCode, Headers = headers };
}
