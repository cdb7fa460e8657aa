-- Everything there is at one place in history, and how old that history is.
return answer(int(now - began), redis.call('HGETALL', INST), redis.call('HGETALL', OVR))
