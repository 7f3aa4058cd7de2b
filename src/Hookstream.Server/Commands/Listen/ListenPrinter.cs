using System.Text;
using System.Text.Json;
using Hookstream.Client.Webhooks;
using Hookstream.Server.Commands.Terminal;
using Spectre.Console;

namespace Hookstream.Server.Commands.Listen;

/// <summary>Shows what arrived, to people or (`--json`) one line each to programs.</summary>
internal sealed class ListenPrinter(CommandOutput output)
{
    private const int MostLines = 120;
    private const int MostTextCharacters = 4_096;

    private static readonly string[] ShownHeaders =
    [
        WebhookHeaders.Id, WebhookHeaders.Timestamp, WebhookHeaders.Signature, WebhookHeaders.HookstreamSignature,
        WebhookHeaders.HookstreamSignatureNext, "User-Agent",
    ];

    private int _deliveries;
    private int _verified;
    private int _failed;

    /// <summary>Notes go to standard error, so that `--json` and pipes carry deliveries only.</summary>
    public async Task StartedAsync(string address, string? subscriberId, ListenOptions options)
    {
        await output.NoteAsync(subscriberId is null
            ? $"Listening on {address} (any path); nothing is registered"
            : $"Listening on {address} as {TerminalText.Clean(subscriberId)} for {string.Join(", ", options.Events)}").ConfigureAwait(false);
        if (subscriberId is null && options.Secret is null)
            await output.NoteAsync("Signatures are not verified: give --secret").ConfigureAwait(false);
        if (options.FailRate > 0)
            await output.NoteAsync(FormattableString.Invariant($"Answering {options.FailRate:P0} of deliveries with 500")).ConfigureAwait(false);
        if (options.Delay > TimeSpan.Zero)
            await output.NoteAsync($"Answering after {options.Delay.TotalMilliseconds} ms").ConfigureAwait(false);
        await output.NoteAsync("Ctrl-C ends").ConfigureAwait(false);
    }

    public Task StoppedAsync() =>
        output.NoteAsync($"\n{_deliveries} received, {_verified} verified, {_failed} answered with 500");

    public void Print(ReceivedRequest request)
    {
        if (request.Kind == ReceivedKind.Delivery)
        {
            _deliveries++;
            _verified += request.Signature.Verified == true ? 1 : 0;
            _failed += request.Answer == StatusCodes.Status500InternalServerError ? 1 : 0;
        }

        if (output.Json)
            PrintJson(request);
        else
            PrintText(request);
    }

    private void PrintText(ReceivedRequest request)
    {
        var delivery = request.Header(WebhookHeaders.Delivery);
        var time = request.At.ToLocalTime().ToString("HH:mm:ss.fff", System.Globalization.CultureInfo.InvariantCulture);
        switch (request.Kind)
        {
            case ReceivedKind.Stale:
                output.WriteLine($"[dim]{time} {delivery} is for an earlier listen that could not clean up; answered 410, which disables it[/]");
                return;
            case ReceivedKind.Abandoned:
                output.WriteLine($"[yellow]{time} {delivery} the sender gave up waiting for the answer[/]");
                return;
            case ReceivedKind.Challenge when request.Signature.Verified != false:
                output.WriteLine($"[dim]{time} challenge answered[/]");
                return;
        }

        output.WriteLine($"");
        output.Terminal.MarkupLine(
            $"[bold aqua]{TerminalText.Escape(request.EventType ?? "(no type)")}[/]  {Verdict(request.Signature)}"
            + $"  [dim]{TerminalText.Escape(delivery)} · attempt {TerminalText.Escape(request.Header(WebhookHeaders.Attempt) ?? "?")} · {time}[/]");
        foreach (var name in ShownHeaders)
        {
            if (request.Header(name) is { } value)
                output.WriteLine($"  [dim]{name}:[/] {value}");
        }

        PrintBody(request.Body.Span);
        PrintAnswer(request);
    }

    private static string Verdict(SignatureCheck signature) =>
        signature.Verified switch
        {
            true => "[green]✓ verified[/]",
            false => $"[red]✗ NOT VERIFIED: {TerminalText.Escape(signature.Problem)}[/]",
            null => "[yellow]not checked[/]",
        };

    private void PrintBody(ReadOnlySpan<byte> body)
    {
        if (JsonPainter.TryPaint(body, MostLines, out var leftOut) is { } painted)
        {
            output.Terminal.Write(painted);
            output.WriteLine($"");
        }
        else
        {
            var text = Encoding.UTF8.GetString(body[..Math.Min(body.Length, MostTextCharacters)]);
            output.Terminal.WriteLine(TerminalText.CleanLines(text));
            leftOut = 0;
            if (body.Length > MostTextCharacters)
                output.WriteLine($"[dim]… {body.Length - MostTextCharacters} more bytes[/]");
        }

        if (leftOut > 0)
            output.WriteLine($"[dim]… {leftOut} more lines; --json shows all[/]");
    }

    private void PrintAnswer(ReceivedRequest request)
    {
        FormattableString line = (request.Answer, request.Delay > TimeSpan.Zero) switch
        {
            (StatusCodes.Status200OK, false) => $"[dim]→ 200[/]",
            (StatusCodes.Status200OK, true) => $"[dim]→ 200 after {request.Delay.TotalMilliseconds} ms[/]",
            (_, false) => $"[red]→ {request.Answer} (--fail-rate)[/]",
            (_, true) => $"[red]→ {request.Answer} (--fail-rate) after {request.Delay.TotalMilliseconds} ms[/]",
        };
        output.WriteLine(line);
    }

    private void PrintJson(ReceivedRequest request) =>
        output.WriteJsonLine(new
        {
            Kind = JsonNamingPolicy.SnakeCaseLower.ConvertName(request.Kind.ToString()),
            ReceivedAt = request.At,
            request.EventType,
            DeliveryId = request.Header(WebhookHeaders.Delivery),
            Attempt = request.Header(WebhookHeaders.Attempt),
            request.Signature.Verified,
            request.Signature.Problem,
            request.Answer,
            request.Headers,
            Body = Encoding.UTF8.GetString(request.Body.Span),
        });
}
