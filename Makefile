.PHONY: run test test-scale bench bench-parts clean

# Restores and builds (Release), then serves on http://127.0.0.1:3000.
run:
	@HOOKSTREAM_BANNER=1 exec ./hookstream serve

test:
	@tests/run

# The long ones: millions of rows, soak, every fault.
test-scale:
	@tests/run scale

# The load benchmarks beside their ceilings; results go to benchmarks/results.
bench:
	@dotnet run --configuration Release --project benchmarks/Hookstream.Benchmarks -- $(BENCH_ARGS)

# Each trick of a hot path beside the plain way; about five minutes.
bench-parts:
	@dotnet run --configuration Release --project benchmarks/Hookstream.Benchmarks.Parts -- $(BENCH_ARGS)

clean:
	@rm -rf artifacts BenchmarkDotNet.Artifacts src/*/bin src/*/obj tests/*/bin tests/*/obj benchmarks/*/bin benchmarks/*/obj
	@rm -rf tests/Hookstream.EndToEnd.Tests/node/node_modules
