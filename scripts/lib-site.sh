# shellcheck shell=bash disable=SC2154 # `work` is the caller's
# The site that `photodrop setup` installs in the machine's nginx, and its certificate; and how what
# was there before comes back. Sourced by setup after lib.sh.
#
# The caller has value(), which prints a setting, and `work`, a folder for what is needed meanwhile.
# It calls take_back() when it ends while anything is unsettled.

readonly site=/etc/nginx/photodrop enabled=/etc/nginx/sites-enabled/photodrop
readonly tls=/etc/photodrop/tls # the self-signed certificate
unsettled=() # paths that were changed and have not proven good

require_nginx() {
  [[ -d ${enabled%/*} ]] || fail "there is no ${enabled%/*}: photodrop wants Debian's nginx"
}

# The new site takes the place of the old one, which comes back if nginx does not like the new one.
install_site() {
  local complaint
  make_certificate
  complaint=$(render_site 2>&1) || fail "$complaint"
  if ! site_is_current; then
    remember "$tls" "$site" "$enabled"
    step 'Installing the site in nginx' take_site
  fi
  unsettled=()
}

make_certificate() {
  rm -rf -- "$work/tls"
  [[ ! -e $tls ]] || cp -a -- "$tls" "$work/tls"
  "$CHECKOUT/scripts/make-certificate" "$work/tls" "$(value SERVER_NAME)" || exit
}

render_site() {
  local name cert=$tls/server.pem key=$tls/server.key fetched
  fetched=/etc/letsencrypt/live/$(value SERVER_NAME)
  [[ ! -e $fetched/fullchain.pem ]] || cert=$fetched/fullchain.pem key=$fetched/privkey.pem
  for name in "${site_settings[@]}" BUCKET_NAME S3_ENDPOINT_URL S3_PUBLIC_URL; do
    export "$name=$(value "$name")"
    [[ -n ${!name} || $name == CORS_ORIGINS ]] || unset "$name"
  done
  LISTEN_SOCKET=/run/photodrop/fcgi.sock TLS_CERT=$cert TLS_KEY=$key \
    "$CHECKOUT/scripts/render-nginx" --public "$work/site"
}

site_is_current() {
  { diff -rq -- "$work/site" "$site" && diff -rq -- "$work/tls" "$tls"; } >/dev/null 2>&1
}

# A site that was there without being linked was switched off by the administrator.
take_site() {
  local link=''
  if [[ ! -e $site ]] || is_there "$enabled"; then link=yes; fi
  rm -rf -- "$site" "$tls"
  mv -- "$work/site" "$site"
  mv -- "$work/tls" "$tls"
  [[ -n $link ]] || return 0
  ln -sfn -- "$site/photodrop.conf" "$enabled"
  { nginx -t >"$work/nginx.log" 2>&1 && nginx_goes_on; } ||
    fail_showing "$work/nginx.log" 'nginx does not take the site'
  [[ ! -d /run/systemd/system ]] ||
    wait_until 10 'nginx to show the site: has another program port 443?' nginx_shows_the_site
}

# Without systemd, as in an image that is being built, nginx reads the site when it starts.
nginx_goes_on() {
  [[ ! -d /run/systemd/system ]] || systemctl reload-or-restart nginx 2>>"$work/nginx.log"
}

# A reload succeeds even when nginx cannot have the port, and goes on as it was.
nginx_shows_the_site() {
  local name cert shown
  name=$(value SERVER_NAME)
  cert=$(sed -n 's/^ *ssl_certificate "\(.*\)";/\1/p' "$site/photodrop.conf" | head -n 1)
  shown=$(timeout 5 openssl s_client -connect 127.0.0.1:443 -servername "$name" </dev/null \
    2>/dev/null | openssl x509 2>/dev/null) && [[ $shown == "$(openssl x509 -in "$cert")" ]]
}

# fail_showing FILE SENTENCE: the end of FILE, which goes with `work`, is all that there is to see.
fail_showing() {
  end_line
  tail -n 30 -- "$1" >&2 || true
  fail "$2"
}

# fetch_certificate ADDRESS: certbot's issuer writes to it. It takes the place of the self-signed one.
fetch_certificate() {
  local email=$1 domain
  domain=$(value SERVER_NAME)
  command -v certbot >/dev/null || fail 'the certificate stays self-signed: apt install certbot'
  step "Fetching a certificate for $domain" run_certbot
  install_site
}

run_certbot() {
  certbot certonly --non-interactive --agree-tos --email "$email" --webroot \
    --webroot-path /var/lib/photodrop/acme --domain "$domain" \
    --deploy-hook 'systemctl reload nginx' >"$work/certbot.log" 2>&1 ||
    fail_showing "$work/certbot.log" 'certbot fetched none: the certificate stays self-signed'
}

# ---- What was there before -----------------------------------------------------------------------

# remember PATH...: these are going to change, and come back unless `unsettled` is emptied.
remember() {
  local path
  mkdir -p -- "$work/before"
  for path; do
    rm -rf -- "$work/before$path"
    ! is_there "$path" || cp -a --parents -- "$path" "$work/before"
  done
  unsettled+=("$@")
}

take_back() {
  local path
  for path in "${unsettled[@]}"; do
    rm -rf -- "$path"
    ! is_there "$work/before$path" || cp -a -- "$work/before$path" "$path"
  done
  [[ " ${unsettled[*]} " != *" $site "* ]] || nginx_goes_on || true
  unsettled=()
}

is_there() {
  [[ -e $1 || -L $1 ]]
}
