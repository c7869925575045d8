-- wrk script: sends the requests in the files named in $REQUESTS (separated by blanks) as they are, in turn.
-- The first call of request() is wrk's own check, whose parser knows no M-POST; that one is never sent. Prints
-- one JSON line.
local requests, turn = {}, 0
for name in os.getenv("REQUESTS"):gmatch("%S+") do
  local file = io.open(name, "rb")
  requests[#requests + 1] = file:read("*a")
  file:close()
end

local is_checked = false
request = function()
  if not is_checked then
    is_checked = true
    return "GET /IGRS HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
  end
  turn = turn % #requests + 1
  return requests[turn]
end

done = function(summary, latency)
  local e = summary.errors
  io.write(string.format('JSON{"n":%d,"us":%d,"p50_us":%d,"p99_us":%d,"errors":%d}\n', summary.requests,
    summary.duration, latency:percentile(50), latency:percentile(99), e.connect + e.read + e.write + e.status + e.timeout))
end
