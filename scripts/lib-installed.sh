# shellcheck shell=bash
# Settings and secrets of an installed photodrop, as systemd hands them to the service: for the
# command `photodrop` and for setup. Sourced after lib.sh.

readonly etc=/etc/photodrop
readonly secrets=$etc/secrets
# shellcheck disable=SC2034 # for those who source this
readonly secret_names=(DATABASE_URL AWS_SECRET_KEY AWS_SESSION_TOKEN) # as in sandbox.conf
export SETTINGS_FILE=$etc/photodrop.env

# forget_environment NAME...: keeps only these of the caller's variables: one that is called like a
# setting would win over the file.
forget_environment() {
  local name
  for name in $(compgen -e); do
    [[ " $* SETTINGS_FILE " == *" $name "* ]] || unset "$name" 2>/dev/null || true
  done
}

# installed_setting NAME [DEFAULT]: the settings file wins over the secrets.
installed_setting() {
  local secret=''
  [[ " ${secret_names[*]} " != *" $1 "* || ! -f $secrets/$1 ]] || secret=$(<"$secrets/$1")
  setting "$1" "${secret:-${2-}}"
}
