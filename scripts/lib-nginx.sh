# shellcheck shell=bash
# Settings on their way into nginx's language, in which some values would be more than a value. Sourced
# by render-nginx.

declare -A values=() # by the settings' names
faults=()            # what is wrong with them

# NAME DEFAULT: the setting, in `values`.
take() {
  values[$1]=${!1-$2}
}

# NAME PATTERN MEANING
require_match() {
  present "$1" || return 0
  [[ ${values[$1]} =~ ^($2)$ ]] || faults+=("$1 must be $3")
}

# NAME LOWEST HIGHEST
require_number() {
  present "$1" || return 0
  local value=${values[$1]}
  if [[ ! $value =~ ^(0|[1-9][0-9]{0,9})$ ]] || ((value < $2 || value > $3)); then
    faults+=("$1 must be a number from $2 to $3")
  fi
}

# NAME: an absolute path that is safe between double quotes.
require_path() {
  present "$1" || return 0
  local value=${values[$1]}
  if [[ $value != /* || $value == *[[:cntrl:]]* || $value == *[\"\'\\\;{}\$]* ]]; then
    faults+=("$1 must be an absolute path without quotes, backslashes, line breaks or ; { } \$")
  fi
}

require_url() {
  require_match "$1" 'https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?' \
    'an address like https://s3.example:9000'
}

# The length is sockaddr_un's: unix(7).
require_socket_path() {
  require_path "$1"
  ((${#values[$1]} <= 107)) || faults+=("$1 must be at most 107 bytes long")
}

present() {
  [[ -z ${values[$1]} ]] || return 0
  faults+=("$1 is missing")
  return 1
}
