using System.Text;

namespace Hookstream.Benchmarks.ServerUnderTest;

/// <summary>
/// Takes what the server writes through a pipe, as a container's runtime does: counts its lines, keeps the last of them and discards the
/// rest. A file would cost the cores several times as much, in pages that the kernel has to find for it and to write out.
/// </summary>
internal sealed class ServerLog
{
    private const int KeptBytes = 8 * 1024;
    private const int LargestRead = 64 * 1024;
    private static readonly TimeSpan EndDeadline = TimeSpan.FromSeconds(1);

    private readonly Stream _output;
    private readonly Thread _reading;
    private readonly Lock _keeping = new();
    private readonly byte[] _kept = new byte[KeptBytes];
    private int _keptBytes;
    private long _lines;

    public ServerLog(Stream output)
    {
        _output = output;
        _reading = new Thread(Read) { IsBackground = true, Name = nameof(ServerLog) };
        _reading.Start();
    }

    /// <summary>How many have ended so far.</summary>
    public long Lines => Interlocked.Read(ref _lines);

    /// <summary>Of a server that has ended: until all that it wrote is read.</summary>
    public void WaitForEnd() => _reading.Join(EndDeadline);

    /// <summary>The last that were written. Of a server that has ended, all that it wrote is looked at.</summary>
    public string Tail()
    {
        WaitForEnd();
        lock (_keeping)
            return Encoding.UTF8.GetString(_kept, 0, _keptBytes);
    }

    private void Read()
    {
        var buffer = new byte[LargestRead];
        for (int read; (read = _output.Read(buffer)) > 0;)
        {
            var arrived = buffer.AsSpan(0, read);
            Interlocked.Add(ref _lines, arrived.Count((byte)'\n'));
            Keep(arrived);
        }
    }

    private void Keep(ReadOnlySpan<byte> arrived)
    {
        lock (_keeping)
        {
            var last = arrived[Math.Max(0, arrived.Length - KeptBytes)..];
            var room = KeptBytes - last.Length;
            var before = Math.Min(room, _keptBytes);
            _kept.AsSpan(_keptBytes - before, before).CopyTo(_kept);
            last.CopyTo(_kept.AsSpan(before));
            _keptBytes = before + last.Length;
        }
    }
}
