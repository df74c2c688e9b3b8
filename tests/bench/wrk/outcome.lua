-- What a run came to, as the last line of wrk's output, in JSON. By itself it is a load of GETs.

function done(summary)
  local errors, failed = summary.errors, 0
  for _, count in pairs(errors) do failed = failed + count end
  io.write(string.format('{"requests": %d, "seconds": %.6f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, failed))
end
