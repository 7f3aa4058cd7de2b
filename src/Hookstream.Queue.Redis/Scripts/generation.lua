-- A pass over the store begins: what it does not see, and nobody enters while it runs, waits no more.
return redis.call('INCR', base .. 'generation')
