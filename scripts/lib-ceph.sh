# shellcheck shell=bash
# How local-s3's Ceph store is described, configured and made. Sourced by local-s3 after lib.sh;
# `dir` is the store's folder.
#
# A store is described by DIR/store, four lines of shell: FSID, its id; OSDS, the number of disks;
# MON_PORT, where its monitor listens; PORT, where S3 answers.
#
# https://docs.ceph.com/en/pacific/install/manual-deployment/ has the steps one by one.

readonly monitor=mon.a gateway=client.rgw.a
readonly conf=${dir:?}/ceph.conf
readonly disk_bytes=$((16 << 30)) # sparse: a disk takes up what is written to it

# Describes the store that was made, or a new one where an earlier start did not get as far as the
# credentials: nobody can have kept a thing there.
describe_store() {
  local port=$1 disks=$2
  if [[ -e $dir/credentials ]]; then
    read_description
    [[ ${disks:-$OSDS} == "$OSDS" ]] || fail "the S3 store in $dir was made with --osds $OSDS"
  else
    rm -rf -- "$dir"/{store,mon,monmap,run,osd.*}
    FSID=$(</proc/sys/kernel/random/uuid) OSDS=${disks:-1} MON_PORT=$(free_port)
  fi
  PORT=$port
  if ! port_is_free "$MON_PORT"; then
    MON_PORT=$(free_port)
    rm -f -- "$dir/monmap"
  fi
  printf '%s\n' "FSID=$FSID" "OSDS=$OSDS" "MON_PORT=$MON_PORT" "PORT=$PORT" >"$dir/store"
  mkdir -p -- "$dir"/{run,log,crash}
}

read_description() {
  # shellcheck source=/dev/null
  source "$dir/store"
}

# Written anew at each start: the folder may have moved, and the ports changed. A manager daemon
# and its statistics are not needed. Two things make a start quick: the gateway looks anew for a
# disk that is silent for a second, not for ten; a disk's database is in one piece, which is read
# back sooner after a stop. Heartbeats are quick, so that a lost disk delays little. Without
# tcp_nodelay each object that is read over a kept connection comes 40 ms late.
write_conf() {
  local copies=1 copies_needed=1
  ((OSDS < 3)) || copies=3 copies_needed=2
  cat >"$conf" <<CONF
[global]
fsid = $FSID
mon host = [v2:127.0.0.1:$MON_PORT]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind msgr1 = false
keyring = $dir/keyring
run dir = $dir/run
crash dir = $dir/crash
admin socket =
log file = $dir/log/\$name.log
mon cluster log file = $dir/log/cluster.log
debug mon = 0
debug osd = 0
debug bluestore = 0
debug bluefs = 0
debug bdev = 0
debug rocksdb = 0
debug rgw = 0
auth allow insecure global id reclaim = false
osd pool default size = $copies
osd pool default min size = $copies_needed
osd pool default pg num = 8
osd pool default pgp num = 8
osd pool default pg autoscale mode = off
osd crush chooseleaf type = 0
osd heartbeat interval = 1
osd heartbeat grace = 4
mon osd min down reporters = 1
mon osd adjust heartbeat grace = false

[mon]
mon data = $dir/mon
mon data avail crit = 1
mon allow pool size one = true
mon max pg per osd = 1000
paxos propose interval = 0.05
paxos min wait = 0.01

[osd]
osd data = $dir/osd.\$id
keyring = $dir/osd.\$id/keyring
osd fast shutdown notify mon = true
bluestore block size = $disk_bytes
bluestore cache autotune = false
bluestore cache size = $((64 << 20))
bdev aio poll ms = 20
bluestore rocksdb cf = false
osd op queue = wpq

[$gateway]
rgw data = $dir/rgw
objecter tick interval = 0.5
objecter timeout = 1
rgw frontends = beast endpoint=127.0.0.1:$PORT tcp_nodelay=1
rgw enable apis = s3
rgw thread pool size = 64
rgw run sync thread = false
rgw exit timeout secs = 10
CONF
}

make_monitor() {
  write_keyring >"$dir/keyring"
  make_address_book
  logged ceph-mon --conf "$conf" --name "$monitor" --mkfs --monmap "$dir/monmap" \
    --keyring "$dir/keyring"
}

make_address_book() {
  logged monmaptool --create --clobber --fsid "$FSID" --enable-all-features \
    --addv "${monitor#mon.}" "[v2:127.0.0.1:$MON_PORT]" "$dir/monmap"
}

write_keyring() {
  cat <<KEYRING
[mon.]
key = $(new_key)
caps mon = "allow *"
[client.admin]
key = $(new_key)
caps mon = "allow *"
caps osd = "allow *"
[$gateway]
key = $(new_key)
caps mon = "allow rw"
caps osd = "allow rwx"
KEYRING
}

new_key() {
  ceph-authtool --gen-print-key
}

make_disk() {
  local id=$1 uuid key
  uuid=$(</proc/sys/kernel/random/uuid)
  key=$(new_key)
  mkdir -- "$dir/osd.$id"
  printf '[osd.%d]\nkey = %s\n' "$id" "$key" >"$dir/osd.$id/keyring"
  logged timeout 60 ceph --conf "$conf" osd new "$uuid" "$id" -i - <<<"{\"cephx_secret\": \"$key\"}"
  logged ceph-osd --conf "$conf" --name "osd.$id" --mkfs --osd-uuid "$uuid"
}

# The gateway makes the keys itself, so that they appear on no command line.
make_user() {
  local user
  user=$(timeout 60 radosgw-admin --conf "$conf" user create --uid photodrop \
    --display-name photodrop 2>>"$dir/log/make.log") ||
    fail_with_log "$dir/log/make.log" 'could not make the S3 user'
  {
    shell_line AWS_ACCESS_KEY "$(member access_key <<<"$user")"
    shell_line AWS_SECRET_KEY "$(member secret_key <<<"$user")"
  } >"$dir/credentials.new"
  mv -- "$dir/credentials.new" "$dir/credentials"
}

# member NAME: prints the string called NAME in the JSON on stdin.
member() {
  sed -n "s/.*\"$1\": \"\([^\"]*\)\".*/\1/p"
}

logged() {
  "$@" >>"$dir/log/make.log" 2>&1 || fail_with_log "$dir/log/make.log" "${1##*/} failed"
}
