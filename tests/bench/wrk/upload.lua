-- wrk -s upload.lua URL -- FILE: uploads the JPEG in FILE by the same form each time.

dofile("outcome.lua")

local boundary = "----photodrop-bench-7c0f4a51"

function init(args)
  local photo = assert(io.open(args[1], "rb")):read("*a")
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "multipart/form-data; boundary=" .. boundary
  wrk.body = "--" .. boundary .. "\r\n"
    .. 'Content-Disposition: form-data; name="photo"; filename="photo.jpg"\r\n'
    .. "Content-Type: image/jpeg\r\n\r\n" .. photo .. "\r\n--" .. boundary .. "--\r\n"
end

-- Without this wrk would keep one request for all. Made anew each time it costs wrk what one of
-- direct.lua does, which leaves as much of the cores to what is measured.
function request()
  return wrk.format()
end
