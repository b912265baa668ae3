-- Replays prepared requests, round and round, and prints one line of JSON in the end.
--
-- REPLAY_REQUESTS names a file of requests, each as its length in decimal, a line feed, and the whole HTTP message. In a message
-- {recent} stands for the Location of the newest answer that had one; until there is such an answer the message is passed over.
local requests, turn, recent = {}, 0, nil

function init()
  local file = assert(io.open(os.getenv("REPLAY_REQUESTS"), "rb"))
  local length = file:read("*n")

  while length do
    file:read(1)
    local message = file:read(length)
    local first, last = message:find("{recent}", 1, true)

    if first then
      -- wrk hands over answers only when asked to, because it costs: so only these runs pay for it.
      requests[#requests + 1] = { message:sub(1, first - 1), message:sub(last + 1) }
      response = function(_, headers) recent = headers["Location"] or headers["location"] or recent end
    else
      requests[#requests + 1] = message
    end

    length = file:read("*n")
  end

  file:close()
end

function request()
  local message

  repeat
    turn = turn % #requests + 1
    message = requests[turn]
  until type(message) == "string" or recent

  return type(message) == "string" and message or message[1] .. recent .. message[2]
end

function done(summary, latency)
  local errors = summary.errors

  print(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"max":%d,"refused":%d,"broken":%d}',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
