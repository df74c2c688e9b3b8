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

# The length is sockaddr_un's, 107 bytes (unix(7)), less those that the longest name of a pool adds.
require_socket_path() {
  require_path "$1"
  ((${#values[$1]} <= 97)) || faults+=("$1 must be at most 97 bytes long")
}

present() {
  [[ -z ${values[$1]} ]] || return 0
  faults+=("$1 is missing")
  return 1
}

# split_list NAME: what stands between the setting's commas, without blanks around it, in `items`.
split_list() {
  local item
  local -a parts=()
  items=()
  readarray -d , -t parts < <(printf '%s' "${values[$1]}")
  for item in "${parts[@]}"; do
    item=${item#"${item%%[! ]*}"}
    item=${item%"${item##*[! ]}"}
    [[ -z $item ]] || items+=("$item")
  done
}

# networks NAME LINE: the setting's networks, each as `LINE NETWORK;`, in `lines`. What is let through
# here but is no network, nginx refuses, and photodrop.
networks() {
  local byte='(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])'
  local form="^($byte(\.$byte){3}(/(3[0-2]|[12]?[0-9]))?|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+(/(12[0-8]|1[01][0-9]|[1-9]?[0-9]))?)$"
  local network bad=''
  lines=
  split_list "$1"
  for network in "${items[@]}"; do
    [[ $network =~ $form ]] || bad+=", ${network@Q}"
    lines+="$2 $network;"$'\n'
  done
  lines=${lines%$'\n'}
  [[ -z $bad ]] || faults+=("$1 must list networks like 10.0.0.0/8 or 2001:db8::/32, not ${bad#, }")
}

metrics_allow() {
  networks METRICS_ALLOW '        allow'
  values[METRICS_ALLOW]=$'        allow 127.0.0.0/8;\n        allow ::1;'${lines:+$'\n'}$lines
}

# The client's address, where a proxy that is trusted tells it: the last one of X-Forwarded-For that is
# no such proxy's. From anyone else the header means nothing.
real_ip() {
  local header=X-Forwarded-For
  networks TRUSTED_PROXIES '    set_real_ip_from'
  [[ ${values[PROXY_PROTOCOL]} != on ]] || header=proxy_protocol
  [[ -n $lines || $header == X-Forwarded-For ]] ||
    faults+=('PROXY_PROTOCOL=on needs TRUSTED_PROXIES')
  values[REAL_IP]=$lines
  [[ -z $lines ]] ||
    values[REAL_IP]+=$'\n'"    real_ip_header $header;"$'\n    real_ip_recursive on;'
}
