using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Hookstream.Server.Hosting;

/// <summary>
/// What a client may take of the web server before it has said who it is: each connection a bounded piece of memory, for a bounded
/// time. Stated here, so that a new version of the framework changes none of it.
/// </summary>
internal static class ServerLimits
{
    // A connection of its own costs little; a proxy in front keeps many for longer than it needs them.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(130);

    private static readonly TimeSpan Headers = TimeSpan.FromSeconds(10);

    // 1 KiB a second, once the first seconds are over: a phone manages that, and a body of 8 MiB cannot be kept open for ever.
    private static readonly MinDataRate Body = new(bytesPerSecond: 1_024, gracePeriod: TimeSpan.FromSeconds(5));

    public static void Apply(KestrelServerLimits limits)
    {
        // The API bounds each body itself, by what it is for.
        limits.MaxRequestBodySize = null;
        limits.MaxRequestLineSize = 8 * 1_024;
        limits.MaxRequestHeadersTotalSize = 32 * 1_024;
        limits.MaxRequestHeaderCount = 100;
        limits.RequestHeadersTimeout = Headers;
        limits.KeepAliveTimeout = KeepAlive;
        limits.MinRequestBodyDataRate = Body;
        limits.MinResponseDataRate = Body;
    }
}
