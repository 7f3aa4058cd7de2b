namespace Hookstream.Core.Catalogs;

/// <summary>A live key in the authentication cache.</summary>
internal sealed class KeyEntry(Principal principal)
{
    private long _usedMinute = -1;

    /// <summary>Who it speaks for; replaced when the tenant changes.</summary>
    public Principal Principal { get; set; } = principal;

    /// <summary>Notes a use; true for the first one of a minute, which is then written.</summary>
    public bool Use(DateTimeOffset now)
    {
        var minute = now.ToUnixTimeSeconds() / 60;
        return Interlocked.Exchange(ref _usedMinute, minute) != minute;
    }
}
