using System.Buffers;

namespace Hookstream.Benchmarks.Telemetry;

/// <summary>
/// Counts the spans of one OTLP request while it arrives. Of a span it reads the length alone, so that whoever takes spans takes as
/// little of the cores as it can, and keeps nothing of them.
/// </summary>
internal sealed class SpanCounter
{
    // ExportTraceServiceRequest, ResourceSpans and ScopeSpans: in each, the field whose messages are one level deeper.
    private static readonly int[] Levels = [1, 2, 2];

    // Where the message of each level ends; the first ends with the request.
    private readonly long[] _ends = [long.MaxValue, 0, 0];

    private int _level;
    private long _position;
    private long _toSkip;

    /// <summary>How many there have been.</summary>
    public long Spans { get; private set; }

    /// <summary>How many bytes have been taken.</summary>
    public long Bytes => _position;

    /// <summary>Takes what it can; returns the rest, which begins a field that goes on in what arrives next.</summary>
    public ReadOnlySequence<byte> Take(ReadOnlySequence<byte> arrived)
    {
        var reader = new SequenceReader<byte>(arrived);
        var start = _position;
        while (true)
        {
            var skipped = Math.Min(_toSkip, reader.Remaining);
            reader.Advance(skipped);
            _toSkip -= skipped;
            _position = start + reader.Consumed;
            while (_position == _ends[_level])
                _level--;
            if (_toSkip > 0 || !TryTakeField(ref reader))
                return arrived.Slice(_position - start);
        }
    }

    private bool TryTakeField(ref SequenceReader<byte> reader)
    {
        var before = reader.Consumed;
        if (!TryReadNumber(ref reader, out var tag) || !TryReadNumber(ref reader, out var size))
            return false;
        if ((tag & 7) != 2)
            throw new BenchmarkException($"a field of wire type {tag & 7} where OTLP has messages and text only");
        if ((int)(tag >> 3) != Levels[_level])
            _toSkip = size;
        else if (_level < Levels.Length - 1)
            _ends[++_level] = _position + reader.Consumed - before + size;
        else
        {
            _toSkip = size;
            Spans++;
        }

        return true;
    }

    private static bool TryReadNumber(ref SequenceReader<byte> reader, out long number)
    {
        number = 0;
        for (var shift = 0; reader.TryRead(out var part); shift += 7)
        {
            number |= (long)(part & 0x7f) << shift;
            if (part < 0x80)
                return true;
        }

        return false;
    }
}
