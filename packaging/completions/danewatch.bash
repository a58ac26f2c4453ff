# shellcheck shell=bash
# Completion of danewatch and check_dane in bash.

_danewatch_options() {  # of a command; of danewatch itself without one
  local dns='--trust-anchor --root-hints --forwarder --stub --unbound-conf'
  case $1 in
    '') printf '%s ' -h --help -V --version --verbose ;;
    check)
      printf '%s ' -h --help --file --json --explain --remedy --format -q --quiet --no-color --save --if-present --next \
        --extra-records --views --at --jobs --timeout --attempts --servers -4 -6 --name --ip --helo --state --changes "$dns"
      ;;
    judge)
      printf '%s ' -h --help --json --explain --remedy --format -q --quiet --no-color --at --ca-file \
        --verify-signatures --trust-anchor
      ;;
    predict)
      printf '%s ' -h --help --zone --include-dir --chains --map --ca-file --json --explain --remedy --format -q --quiet \
        --no-color --junit --if-present --next --horizon --at
      ;;
    history) printf '%s ' -h --help --state --json --no-color ;;
    changes) printf '%s ' -h --help --state --since --json --no-color ;;
    rollover) printf '%s ' -h --help --next --state --all-named --wait --timeout --json --no-color --helo "$dns" ;;
    verify) printf '%s ' -h --help --chain --tlsa --name --service --ca-file --at --json --no-color ;;
    tlsa)
      printf '%s ' -h --help --cert --key --name --port --usage --selector --matching-type --ttl --format
      ;;
    serve) printf '%s ' -h --help --config.file --config.check --web.listen-address --web.config.file \
      --web.external-url "$dns" ;;
    doctor) printf '%s ' -h --help --json --no-color --at "$dns" ;;
    nagios)
      printf '%s ' -h --help -V --version -H --hostname --host -p --port -P --protocol --starttls \
        -I --ip --ip-address --IP-address --resolve --sni --servername --name -4 --ipv4 --use-ipv4 -6 --ipv6 --use-ipv6 \
        -w --warning -c --critical -C -D --min-days-valid --certificate --rrsig-warning --rrsig-critical \
        --extra-records --next --if-present --views --at -t --timeout --servers -v --verbose -F --fqdn --helo --state "$dns"
      ;;
  esac
}

# What may follow an option: words, or the name of a kind for compgen after a dash. Nothing: anything may.
_danewatch_values() {
  local services='smtp submission submissions https imap imaps pop3 pop3s sieve ldap ldaps xmpp-client xmpp-server
    ftp nntp nntps postgres mysql dot tls'
  case $1:$2 in
    predict:--include-dir | predict:--chains) echo -folder ;;
    predict:--zone | predict:--junit | *:--save) echo -file ;;
    *:--file | *:--state | *:--chain | *:--ca-file | *:--cert | *:--key | *:--config.file | *:--web.config.file) echo -file ;;
    *:--next | *:--trust-anchor | *:--root-hints | *:--unbound-conf) echo -file ;;
    nagios:-H | nagios:--host | nagios:--hostname | *:--name | *:--sni | *:--servername) echo -hostname ;;
    verify:--service | nagios:-P | nagios:--protocol | nagios:--starttls) echo "$services" ;;
    *:--extra-records) echo ok warning critical ;;
    check:--servers) echo yes no ;;
    *:--views) echo auto default all ;;
    check:--format | judge:--format | predict:--format) echo zone nsupdate ;;
    tlsa:--format) echo zone nsupdate json ;;
    tlsa:--usage) echo 0 1 2 3 ;;
    tlsa:--selector) echo 0 1 ;;
    tlsa:--matching-type) echo 0 1 2 ;;
    predict:--map | predict:--horizon) echo -nothing ;;
    *:--tlsa | *:--since | *:--at | *:--jobs | *:--timeout | *:--attempts | *:--ip | *:--helo | *:--port | *:--ttl | *:--remedy) echo -nothing ;;
    *:--web.listen-address | *:--web.external-url | *:--forwarder | *:--stub) echo -nothing ;;
    nagios:-p | nagios:-I | nagios:--ip-address | nagios:--IP-address | nagios:--resolve | nagios:-[wcCDtF]) echo -nothing ;;
    nagios:--warning | nagios:--critical | nagios:--min-days-valid | nagios:--certificate) echo -nothing ;;
    nagios:--rrsig-warning | nagios:--rrsig-critical | nagios:--fqdn) echo -nothing ;;
  esac
}

_danewatch() {
  local word=${COMP_WORDS[COMP_CWORD]} at=$((COMP_CWORD - 1)) command='' values i
  COMPREPLY=()
  # Readline makes three words of --option=value.
  if [[ $word == = ]]; then
    word=
  elif [[ ${COMP_WORDS[at]} == = ]]; then
    ((at--))
  fi
  if [[ ${COMP_WORDS[0]##*/} == check_dane ]]; then command=nagios; fi
  for ((i = 1; i < COMP_CWORD && ${#command} == 0; i++)); do
    if [[ ${COMP_WORDS[i]} != -* ]]; then command=${COMP_WORDS[i]}; fi
  done
  values=$(_danewatch_values "$command" "${COMP_WORDS[at]}")
  if [[ -z $values && $word == -* ]]; then
    values=$(_danewatch_options "$command")
  elif [[ -z $values && -z $command ]]; then
    values='check judge predict history changes rollover verify tlsa nagios serve doctor'
  elif [[ -z $values && $command =~ ^(check|history|doctor|predict)$ ]]; then
    values=-hostname
  elif [[ -z $values && $command == judge ]]; then
    values=-file
  elif [[ -z $values && $command == rollover ]]; then
    values=-hostname
    if [[ ${COMP_WORDS[at]} == rollover ]]; then values='plan status gate'; fi
    if [[ ${COMP_WORDS[at]} == gate ]]; then values='publish deploy remove'; fi
  fi
  case $values in
    '' | -nothing) ;;
    -file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -A file -- "$word")
      ;;
    -folder)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -A directory -- "$word")
      ;;
    -hostname) mapfile -t COMPREPLY < <(compgen -A hostname -- "$word") ;;
    *) mapfile -t COMPREPLY < <(compgen -W "$values" -- "$word") ;;
  esac
}

complete -F _danewatch danewatch check_dane
