namespace Hookstream.Delivery.Tests.Hostile;

/// <summary>What a hostile receiver does, and what has to come of a request to it.</summary>
internal sealed record HostileCase(string Name, Func<HostileConnection, Task> Script, AttemptOutcome Outcome, int? Status = null)
{
    /// <summary>True: only the deadline ends it, which is short then.</summary>
    public bool Hangs => Outcome == AttemptOutcome.Timeout;

    /// <summary>True: the next request goes over the same connection.</summary>
    public bool Reused { get; init; }

    /// <summary>Scheme and host of the URL; the name leads to the receiver.</summary>
    public string Origin { get; init; } = "http://127.0.0.1";

    public string Payload { get; init; } = """{"amount":1}""";

    /// <summary>What else the attempt has to show.</summary>
    public Action<Attempt>? Check { get; init; }

    /// <summary>Answers every request with this, and keeps the connection open.</summary>
    public static Func<HostileConnection, Task> Answering(string answer) => Each(connection => connection.WriteAsync(answer));

    /// <summary>Answers the first request with this, and closes.</summary>
    public static Func<HostileConnection, Task> Closing(string answer) => Once(connection => connection.WriteAsync(answer));

    /// <summary>Answers the first request with this, and resets the connection.</summary>
    public static Func<HostileConnection, Task> Resetting(string answer) => Once(async connection =>
    {
        await connection.WriteAsync(answer);
        connection.Reset();
    });

    /// <summary>Answers the first request with this, and then does nothing.</summary>
    public static Func<HostileConnection, Task> Hanging(string answer) => Once(async connection =>
    {
        await connection.WriteAsync(answer);
        await connection.HangAsync();
    });

    /// <summary>Does this to every request.</summary>
    public static Func<HostileConnection, Task> Each(Func<HostileConnection, Task> answer) => async connection =>
    {
        while (await connection.ReadRequestAsync() is not null)
            await answer(connection);
    };

    /// <summary>Does this to the first request, and closes.</summary>
    public static Func<HostileConnection, Task> Once(Func<HostileConnection, Task> answer) => async connection =>
    {
        if (await connection.ReadRequestAsync() is not null)
            await answer(connection);
    };
}
