-- wrk -s direct.lua STORE -- FILE URLS: PUTs the bytes in FILE, each time to the next of the
-- presigned paths in URLS, one a line. After the last of them the store refuses, and the run fails.

dofile("outcome.lua")

local paths, next_path = {}, 0

function init(args)
  wrk.method = "PUT"
  wrk.body = assert(io.open(args[1], "rb")):read("*a")
  for path in io.lines(args[2]) do paths[#paths + 1] = path end
end

function request()
  next_path = next_path + 1
  return wrk.format(nil, paths[next_path] or "/")
end
