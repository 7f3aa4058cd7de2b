using CsCheck;
using Hookstream.Core.Circuits;

namespace Hookstream.Core.Tests.Circuits;

public class EndpointCircuitTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly CircuitOptions Options = new() { Threshold = 5, Cooldown = TimeSpan.FromMinutes(10) };

    [Fact]
    public void Endpoint_that_is_down_for_a_day_gets_one_request_in_each_cooling_period()
    {
        var circuit = EndpointCircuit.Closed;
        var sent = 0;
        for (var now = Start; now < Start.AddDays(1); now = now.AddSeconds(1))
        {
            if (circuit.StateAt(now) == CircuitState.Open)
                continue;
            sent++;
            circuit = circuit.After(CircuitSignal.Failure, circuit.Epoch, circuit.IsOpen, Options, now);
        }

        // Five that opened it, then one in every ten minutes.
        sent.ShouldBe(5 + (24 * 6) - 1);
        circuit.OpenedAt.ShouldBe(Start.AddSeconds(4));
    }

    [Fact]
    public void Probe_that_succeeds_closes_it_with_nothing_counted()
    {
        var open = Fail(EndpointCircuit.Closed, 5);
        open.StateAt(Start).ShouldBe(CircuitState.Open);
        open.StateAt(Start.AddMinutes(10)).ShouldBe(CircuitState.HalfOpen);

        var closed = open.After(CircuitSignal.Success, open.Epoch, isProbe: true, Options, Start.AddMinutes(10));

        closed.IsOpen.ShouldBeFalse();
        Fail(closed, 4).IsOpen.ShouldBeFalse();
        Fail(closed, 5).IsOpen.ShouldBeTrue();
    }

    [Theory]
    [InlineData(CircuitSignal.Failure)]
    [InlineData(CircuitSignal.None)]
    public void Probe_that_does_not_succeed_begins_another_cooling_period(CircuitSignal signal)
    {
        var open = Fail(EndpointCircuit.Closed, 5);

        var again = open.After(signal, open.Epoch, isProbe: true, Options, Start.AddMinutes(10));

        again.ProbeAt.ShouldBe(Start.AddMinutes(20));
        again.OpenedAt.ShouldBe(open.OpenedAt);
        // Another probe of the same cooling period changes nothing any more.
        again.After(CircuitSignal.Success, open.Epoch, isProbe: true, Options, Start.AddMinutes(11)).ShouldBe(again);
    }

    [Fact]
    public void Circuit_opens_exactly_when_the_threshold_is_reached_without_a_success_between() =>
        Gen.Select(Gen.Enum<CircuitSignal>().Array[1, 60], Gen.Int[1, 8]).Sample((signals, threshold) =>
        {
            var options = Options with { Threshold = threshold };
            var circuit = EndpointCircuit.Closed;
            var run = 0;
            foreach (var signal in signals)
            {
                circuit = circuit.After(signal, 0, isProbe: false, options, Start);
                run = signal switch { CircuitSignal.Failure => run + 1, CircuitSignal.Success => 0, _ => run };
                if (run < threshold)
                {
                    circuit.IsOpen.ShouldBeFalse();
                    continue;
                }

                circuit.IsOpen.ShouldBeTrue();
                circuit.Epoch.ShouldBe(1);
                // What began before it opened, changes it no more.
                circuit.After(CircuitSignal.Success, 0, isProbe: false, options, Start).ShouldBe(circuit);
                return;
            }
        });

    [Fact]
    public void Subscribers_own_settings_come_before_the_deployments()
    {
        var settings = new SubscriberSettings { Url = new Uri("https://a.example"), Events = [] };

        Options.For(settings).ShouldBe(Options);
        Options.For(settings with { CircuitThreshold = 2 }).ShouldBe(Options with { Threshold = 2 });
        Options.For(settings with { CircuitCooldown = TimeSpan.FromHours(1) }).ShouldBe(Options with { Cooldown = TimeSpan.FromHours(1) });
    }

    private static EndpointCircuit Fail(EndpointCircuit circuit, int times)
    {
        for (var i = 0; i < times; i++)
            circuit = circuit.After(CircuitSignal.Failure, circuit.Epoch, isProbe: false, Options, Start);
        return circuit;
    }
}
