# shellcheck shell=bash
# What the scripts share: messages, settings, packages, ports and processes. Sourced, never run.
#
# The caller has set -euo pipefail. Nothing here writes outside the checkout and the caller's run
# folder, but for the packages that apt installs.

CHECKOUT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
PATH=$PATH:/usr/sbin:/sbin # where Debian keeps nginx, which is not on an ordinary user's path
step_open=''

# The Debian packages that a build takes, and those that the tests take besides.
# shellcheck disable=SC2034 # for those who source this
readonly build_packages=(build-essential cmake ninja-build pkg-config
  libcurl4-openssl-dev libfcgi-dev libssl-dev libpqxx-dev libpugixml-dev libsystemd-dev
  libseccomp-dev libvips-dev rapidjson-dev zlib1g-dev)
# shellcheck disable=SC2034
readonly test_packages=(libgtest-dev libbenchmark-dev)

# shellcheck disable=SC2034 # for those who run a build with sanitizers
readonly known_leaks=suppressions=$CHECKOUT/tests/support/known-leaks.supp:print_suppressions=0

# The settings that nginx's configuration is made of, beside the store's addresses.
# shellcheck disable=SC2034 # for those who render it
readonly site_settings=(SERVER_NAME CORS_ORIGINS MAX_IMAGE_SIZE_BYTES MAX_UPLOADS METRICS_ALLOW HSTS
  IMAGE_CACHE IMAGE_CACHE_MIB LIST_CACHE_MIB S3_ADDRESSING UPLOADS_PER_MINUTE
  UPLOADS_PER_MINUTE_PER_TOKEN UPLOADS_PER_ADDRESS CONNECTIONS_PER_ADDRESS MAX_CONNECTIONS
  TRUSTED_PROXIES PROXY_PROTOCOL)

# A command that fails where nobody looked is a bug in the scripts; say so rather than just end.
set -E
trap '((BASH_SUBSHELL)) || echo "${0##*/}: line $LINENO failed unexpectedly" >&2' ERR

# usage: prints the comment at the head of the running script.
usage() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

say() {
  printf '%s\n' "$*"
}

# fail SENTENCE: ends the script with one sentence on stderr.
fail() {
  end_line
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit 1
}

# fail_with_log FILE SENTENCE: the same, after the last lines of FILE.
fail_with_log() {
  end_line
  tail -n 30 -- "$1" >&2 || true
  fail "$2; the whole log is $1"
}

# Ends the line of a step that has not ended.
end_line() {
  [[ -z $step_open ]] || echo
  step_open=''
}

# at_end FUNCTION: calls `FUNCTION STATUS` when the script ends, in whatever way; a second Ctrl-C
# does not interrupt that. When the terminal or the reader of our output is gone there is nobody to
# tell.
at_end() {
  # shellcheck disable=SC2064 # the function's name is meant now
  trap "leave \$? $1" EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exec >/dev/null 2>&1; exit 129' HUP PIPE
}

leave() {
  trap '' INT TERM HUP PIPE
  end_line
  "$2" "$1"
}

# make_folder DIR: makes sure that DIR exists and that we may write to it.
make_folder() {
  mkdir -p -- "$1" 2>/dev/null || fail "cannot make the folder $1"
  [[ -w $1 ]] || fail "$(id -un) may not write to $1, which belongs to $(stat -c %U -- "$1")"
}

# step WHAT COMMAND...: runs COMMAND in this shell, says WHAT and how long it took.
step() {
  local what=$1 began=${EPOCHREALTIME//[!0-9]/} took
  shift
  end_line
  printf '%s ... ' "$what"
  step_open=yes
  "$@"
  step_open=''
  took=$(((${EPOCHREALTIME//[!0-9]/} - began) / 100000))
  printf '%d.%d s\n' $((took / 10)) $((took % 10))
}

# wait_until SECONDS WHAT COMMAND...: polls COMMAND; after SECONDS it fails, naming WHAT.
wait_until() {
  local limit=$1 what=$2 deadline=$((SECONDS + $1))
  shift 2
  until "$@"; do
    ((SECONDS < deadline)) || fail "waited $limit s in vain for $what"
    sleep 0.1
  done
}

# setting NAME [DEFAULT]: prints a setting: the environment wins, then the file SETTINGS_FILE, or .env
# in the checkout when there is none. DEFAULT stands in for an empty value as for none, so that
# `NAME= scripts/run` overrules .env with it. A line of the file is NAME=value: `export` before it and
# quotes around the value are optional, the last line of a name counts; blank lines and lines that
# start with # are skipped.
setting() {
  local line value='' file=${SETTINGS_FILE:-$CHECKOUT/.env}
  local form="^[[:space:]]*(export +)?$1[[:space:]]*=[[:space:]]*(.*)$"
  if [[ -v $1 ]]; then
    value=${!1}
  elif [[ -r $file ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      [[ ! $line =~ $form ]] || value=$(unquoted "${BASH_REMATCH[2]}")
    done <"$file"
  fi
  printf '%s\n' "${value:-${2-}}"
}

# unquoted TEXT: TEXT without blanks at its end, then without one pair of quotes around it.
unquoted() {
  local text=${1%"${1##*[![:space:]]}"}
  if [[ ${#text} -ge 2 && $text == [\"\']* && ${text: -1} == "${text:0:1}" ]]; then
    text=${text:1:-1}
  fi
  printf '%s\n' "$text"
}

# shell_line NAME VALUE: prints NAME='VALUE' for a file that any shell can read.
shell_line() {
  printf "%s='%s'\n" "$1" "${2//\'/\'\\\'\'}"
}

# require_packages LOG NAME...: installs the Debian packages that are not there yet. The output of
# apt goes to LOG.
require_packages() {
  local log=$1 name present missing=()
  shift
  (($#)) || return 0
  command -v dpkg-query >/dev/null || fail 'this needs Debian or Ubuntu: there is no dpkg here'
  # shellcheck disable=SC2016 # the fields are dpkg-query's
  present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null) || true
  for name; do
    [[ $'\n'$present$'\n' == *$'\n'"$name installed"$'\n'* ]] || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  become_root_for "${missing[*]}"
  step "Installing ${missing[*]}" install_packages "$log" "${missing[@]}"
}

# become_root_for PACKAGES: makes sure that we may install, asking for sudo's password if need be.
become_root_for() {
  ((EUID)) || return 0
  command -v sudo >/dev/null ||
    fail "these packages are missing, and there is no sudo to install them with: $1"
  say "These packages are missing and sudo will install them: $1"
  sudo -v || fail "these packages are missing, and sudo did not let us install them: $1"
}

install_packages() {
  local log=$1 root=()
  shift
  ((EUID == 0)) || root=(sudo)
  "${root[@]}" bash -c "$(declare -f apt_install); apt_install \"\$@\"" apt_install "$@" \
    </dev/null >>"$log" 2>&1 || fail_with_log "$log" "apt could not install: $*"
}

# apt_install NAME...: runs as root, in a shell of its own, one at a time. Debian's packages start
# their services when they are installed; policy-rc.d is Debian's way to forbid that, and an
# administrator's own is left as it is.
apt_install() {
  local policy=/usr/sbin/policy-rc.d
  exec 9>/run/lock/photodrop-install
  flock 9
  if [[ ! -e $policy && ! -L $policy ]]; then
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    trap 'exit 1' INT TERM HUP
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  export DEBIAN_FRONTEND=noninteractive
  # Stale lists may still name all we want, so that only the install itself decides.
  apt-get -q -o DPkg::Lock::Timeout=120 update || true
  apt-get -q -y -o DPkg::Lock::Timeout=120 install --no-install-recommends "$@"
}

# port_is_free PORT: nothing listens on that TCP port, on whatever address.
port_is_free() {
  local hex
  printf -v hex '%04X' "$1"
  ! grep -qsE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:0000 0A " /proc/net/tcp /proc/net/tcp6
}

# free_port: prints a port that nothing listens on. It stays below the range (32768 and up) from
# which the kernel serves outgoing connections, lest one of them takes it before the listener does.
free_port() {
  local port
  for _ in {1..100}; do
    port=$((20000 + RANDOM % 12768))
    if port_is_free "$port"; then
      echo "$port"
      return
    fi
  done
  fail 'found no free TCP port'
}

# spawn PIDFILE LOG COMMAND...: starts COMMAND in a session of its own, out of reach of a
# terminal's Ctrl-C, with its output appended to LOG. On return it has, or had, its own command
# line and no longer this script's.
spawn() {
  local pidfile=$1 log=$2
  shift 2
  setsid -- "$@" </dev/null >>"$log" 2>&1 &
  echo $! >"$pidfile"
  while cmp -s "/proc/$$/cmdline" "/proc/$!/cmdline"; do sleep 0.01; done
}

# running PIDFILE WORDS: prints the pid in PIDFILE if that process lives and its command line holds
# WORDS. After a crash or a reboot the number may belong to a stranger.
running() {
  local pid='' command
  { read -r pid <"$1" || [[ -n $pid ]]; } 2>/dev/null || return 1
  [[ $pid =~ ^[0-9]+$ ]] || return 1
  command=$(command_line "$pid")
  [[ $command == *"$2"* ]] && echo "$pid"
}

# command_line PID: prints it; nothing when there is no such process. For a moment within exec(2) a
# process has none, so that an empty one is looked at again.
command_line() {
  local text=''
  for _ in {1..50}; do
    { text=$(tr '\0' ' ' <"/proc/$1/cmdline"); } 2>/dev/null || return 0
    if [[ -n $text ]] || is_gone "$1"; then break; fi
    sleep 0.01
  done
  printf '%s' "$text"
}

# stop_process PIDFILE WORDS SIGNAL:SECONDS...: ends that process, if it runs, with the first signal
# that gets it gone within its seconds, and removes PIDFILE.
stop_process() {
  local pidfile=$1 words=$2 pid attempt
  shift 2
  if pid=$(running "$pidfile" "$words"); then
    for attempt; do
      send "${attempt%:*}" "$pid"
      if is_gone_within "${attempt#*:}" "$pid"; then break; fi
    done
    is_gone "$pid" || fail "process $pid does not end: $(command_line "$pid")"
  fi
  rm -f -- "$pidfile"
}

# SIGKILL leaves a daemon no time to end its children, so that it goes to the whole group.
send() {
  [[ $1 == KILL ]] && kill -KILL -- "-$2" 2>/dev/null && return
  kill "-$1" "$2" 2>/dev/null || true
}

is_gone_within() {
  local deadline=$((SECONDS + $1))
  until is_gone "$2"; do
    ((SECONDS < deadline)) || return 1
    sleep 0.05
  done
}

# is_gone PID: a zombie counts as gone once its last thread, and so its last open file, is: its
# parent may be slow to fetch it, or do so between two looks at it.
is_gone() {
  local threads=("/proc/$1/task/"*) state
  [[ -e ${threads[0]} ]] || return 0
  state=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null) || return 0
  ((${#threads[@]} == 1)) && [[ $state == [ZX]* ]]
}

# build_preset PRESET LOG TARGET: builds one of CMake's presets; `all` is a target too.
build_preset() {
  {
    cmake --preset "$1" && cmake --build --preset "$1" --target "$3"
  } >"$2" 2>&1 || fail_with_log "$2" 'the build failed'
}
