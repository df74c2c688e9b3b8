# shellcheck shell=bash
# The local stack: where its parts keep their files, whether it runs and how all of it ends. Sourced
# by run and stop after lib.sh.
#
# RUN_DIR holds everything: postgres/ and s3/ (the data), nginx/, tls/, log/, the workers' sockets
# and the pid files. run.pid names the scripts/run that is starting the stack or follows its log.

RUN_DIR=$(cd -- "$CHECKOUT" && realpath -m -- "$(setting RUN_DIR .run)")
readonly RUN_DIR
readonly workers_pid=$RUN_DIR/photodrop.pid workers_words='photodrop serve'
readonly reaper_pid=$RUN_DIR/reaper.pid reaper_words='photodrop reap'
readonly nginx_pid=$RUN_DIR/nginx/nginx.pid nginx_words=$RUN_DIR/nginx/nginx.conf

# runner: prints the pid of the living scripts/run of this folder.
runner() {
  local pid='' began
  { read -r pid began <"$RUN_DIR/run.pid"; } 2>/dev/null || return 1
  [[ -n $pid && $(birth_of "$pid") == "$began" ]] && echo "$pid"
}

# Fails when the stack runs. Two that start at once take turns, so that one of them does.
become_runner() {
  (
    flock 9
    ! stack_runs || fail "photodrop is already running; $(stop_command) ends it"
    echo "$$ $(birth_of $$)" >"$RUN_DIR/run.pid"
  ) 9>"$RUN_DIR/run.lock" || exit
}

# birth_of PID: prints when the process began, in clock ticks since the machine did: two processes
# with one number do not share it. See proc(5), stat.
birth_of() {
  sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

stack_runs() {
  runner >/dev/null || running "$workers_pid" "$workers_words" >/dev/null
}

stop_command() {
  [[ $RUN_DIR == "$CHECKOUT/.run" ]] || printf 'RUN_DIR=%q ' "$RUN_DIR"
  echo scripts/stop
}

# stop_stack: stops what runs, the users of a thing before the thing. Status 1: some of it is left;
# the rest is stopped all the same.
stop_stack() {
  local left=0
  (stop_part nginx "$nginx_pid" "$nginx_words" QUIT:5 TERM:5 KILL:5) || left=1
  (stop_part 'the workers' "$workers_pid" "$workers_words" TERM:60 KILL:5) || left=1
  (stop_part 'the reaper' "$reaper_pid" "$reaper_words" TERM:10 KILL:5) || left=1
  "$CHECKOUT/scripts/local-s3" stop "$RUN_DIR/s3" || left=1
  "$CHECKOUT/scripts/local-postgres" stop "$RUN_DIR/postgres" || left=1
  return "$left"
}

stop_part() {
  local name=$1
  shift
  ! running "$1" "$2" >/dev/null || step "Stopping $name" stop_process "$@"
}
