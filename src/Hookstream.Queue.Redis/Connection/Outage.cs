using Microsoft.Extensions.Logging;

namespace Hookstream.Queue.Redis.Connection;

/// <summary>
/// Whether Redis is away. While it is, calls fail at once, but for one now and then that tries; the log has a line when an
/// outage begins and one when it ends.
/// </summary>
internal sealed class Outage(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan FirstBackoff = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestBackoff = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private bool _away;
    private long _since;
    private long _lastTry;
    private TimeSpan _backoff;

    /// <summary>When a call begins.</summary>
    /// <exception cref="StoreUnavailableException">It must not.</exception>
    public long BeginCall()
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            if (_away)
            {
                if (time.GetElapsedTime(_lastTry, now) < _backoff)
                    throw new StoreUnavailableException("Redis is away");
                _lastTry = now;
            }
        }

        return now;
    }

    public void Failed(Exception exception)
    {
        lock (_gate)
        {
            _lastTry = time.GetTimestamp();
            if (_away)
            {
                _backoff = _backoff * 2 < LongestBackoff ? _backoff * 2 : LongestBackoff;
                return;
            }

            _away = true;
            _since = _lastTry;
            _backoff = FirstBackoff;
        }

        Log.Away(logger, exception.Message);
    }

    /// <summary>A call has succeeded; one that began before the outage says nothing about its end.</summary>
    public void Succeeded(long begun)
    {
        TimeSpan lasted;
        lock (_gate)
        {
            if (!_away || begun < _since)
                return;
            _away = false;
            lasted = time.GetElapsedTime(_since);
        }

        Log.Back(logger, lasted.TotalSeconds);
    }
}
