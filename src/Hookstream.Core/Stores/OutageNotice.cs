namespace Hookstream.Core.Stores;

/// <summary>Tells what is asked again and again, by several at once, whether that it fails has been said since it last worked.</summary>
public sealed class OutageNotice
{
    private int _given;

    /// <summary>It fails. True for the first who says so.</summary>
    public bool IsNews() => Interlocked.Exchange(ref _given, 1) == 0;

    /// <summary>It works.</summary>
    public void Over() => Volatile.Write(ref _given, 0);
}
