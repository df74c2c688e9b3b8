# shellcheck shell=bash disable=SC2154 # `work` is the caller's
# The site that `photodrop setup` installs in the machine's nginx, and its certificate. Sourced by
# setup after lib.sh.
#
# The caller has value(), which prints a setting, and `work`, a folder for what is needed meanwhile.

readonly site=/etc/nginx/photodrop enabled=/etc/nginx/sites-enabled/photodrop
readonly tls=/etc/photodrop/tls # the self-signed certificate

# The new site takes the place of the old one, which comes back if nginx does not like the new one.
install_site() {
  local complaint
  "$CHECKOUT/scripts/make-certificate" "$tls" "$(value SERVER_NAME)" || exit
  complaint=$(render_site 2>&1) || fail "$complaint"
  ! site_is_current || return 0
  rm -rf -- "$work/before"
  [[ ! -e $site ]] || mv -- "$site" "$work/before"
  mv -- "$work/site" "$site"
  ln -sfn -- "$site/photodrop.conf" "$enabled"
  step 'Installing the site in nginx' take_site
}

render_site() {
  local name cert=$tls/server.pem key=$tls/server.key fetched
  fetched=/etc/letsencrypt/live/$(value SERVER_NAME)
  [[ ! -e $fetched/fullchain.pem ]] || cert=$fetched/fullchain.pem key=$fetched/privkey.pem
  for name in SERVER_NAME CORS_ORIGINS MAX_IMAGE_SIZE_BYTES MAX_UPLOADS HSTS IMAGE_CACHE \
    IMAGE_CACHE_MIB BUCKET_NAME S3_ENDPOINT_URL S3_PUBLIC_URL S3_ADDRESSING; do
    export "$name=$(value "$name")"
    [[ -n ${!name} || $name == CORS_ORIGINS ]] || unset "$name"
  done
  LISTEN_SOCKET=/run/photodrop/fcgi.sock TLS_CERT=$cert TLS_KEY=$key \
    "$CHECKOUT/scripts/render-nginx" --public "$work/site"
}

site_is_current() {
  [[ -e $enabled ]] && diff -rq -- "$work/site" "$site" >/dev/null 2>&1
}

take_site() {
  nginx -t >"$work/nginx.log" 2>&1 && nginx_goes_on && return
  rm -rf -- "$site" "$enabled"
  if [[ -e $work/before ]]; then
    mv -- "$work/before" "$site"
    ln -sfn -- "$site/photodrop.conf" "$enabled"
  fi
  fail_with_log "$work/nginx.log" 'nginx does not take the site: what was there before is back'
}

# Without systemd, as in an image that is being built, nginx reads the site when it starts.
nginx_goes_on() {
  [[ ! -d /run/systemd/system ]] || systemctl reload-or-restart nginx 2>>"$work/nginx.log"
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
    fail_with_log "$work/certbot.log" 'certbot fetched none: the certificate stays self-signed'
}
