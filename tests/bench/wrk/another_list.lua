-- wrk -s another_list.lua URL: GETs of lists that each begin behind the next id, so that none is
-- asked for twice.

dofile("outcome.lua")

local after = 0

function request()
  after = after + 1
  return wrk.format(nil, wrk.path .. "?after=" .. after)
end
