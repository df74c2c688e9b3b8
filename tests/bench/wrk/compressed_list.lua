-- wrk -s compressed_list.lua URL: GETs by a client that takes gzip, as every browser does.

dofile("outcome.lua")

wrk.headers["Accept-Encoding"] = "gzip"
