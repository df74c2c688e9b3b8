-- wrk -s another_compressed_list.lua URL: the same by a client that takes gzip.

dofile("another_list.lua")

wrk.headers["Accept-Encoding"] = "gzip"
