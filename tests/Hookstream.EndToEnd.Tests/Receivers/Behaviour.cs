namespace Hookstream.EndToEnd.Tests.Receivers;

internal enum Behaviour
{
    /// <summary>Answers.</summary>
    Answer,

    /// <summary>Reads the request and never answers.</summary>
    Hang,

    /// <summary>Sends the headers, then a byte at a time without end.</summary>
    Trickle,

    /// <summary>Closes the connection without an answer.</summary>
    Abort,
}
