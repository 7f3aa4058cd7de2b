[assembly: AssemblyFixture(typeof(SharedRedis))]
