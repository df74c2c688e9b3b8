# From .env.example to the settings of photodrop.env(5): what is said of each, its name and default.
# What is above the first empty line speaks of the file itself, the last part of scripts/run.

function escaped(text) {
  gsub(/\\/, "\\e", text)
  gsub(/-/, "\\-", text)
  return text
}

/^# For scripts\/run alone/ { exit }
/^$/ { begun = 1; prose = ""; next }
!begun { next }
/^# / { prose = prose escaped(substr($0, 3)) "\n"; next }
{
  sub(/^#/, "")
  at = index($0, "=")
  standard = substr($0, at + 1)
  printf ".TP\n.B %s\n", substr($0, 1, at - 1)
  printf "%s", prose
  if (standard != "") printf "Default: %s\n", escaped(standard)
  prose = ""
}
