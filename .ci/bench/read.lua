-- wrk: the paths of a file one after the other, signed in.
local paths, at, token = {}, 0, nil

function init()
  for line in io.lines(os.getenv("PATHS")) do paths[#paths + 1] = line end
  token = io.open(os.getenv("TOKEN")):read("l") or io.open(os.getenv("TOKEN")):read("*l")
  at = math.random(#paths)
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], { ["Authorization"] = "Bearer " .. token })
end
