namespace Hookstream.Server.Configuration;

/// <summary>The service cannot start; the message says why and what to do, for the operator.</summary>
internal sealed class StartException(string message, Exception? inner = null) : Exception(message, inner);
