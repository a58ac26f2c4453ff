#compdef danewatch check_dane
# Completion of danewatch and check_dane in zsh.

_danewatch_dns=(
  '--trust-anchor[File with the DNSSEC root key]:file:_files'
  '--root-hints[File with the root name servers]:file:_files'
  '*--forwarder[Ask this resolver, still validating here]:address: '
  '*--stub[Ask this server about this zone]:zone=address: '
  "--unbound-conf[Further settings in unbound's own language]:file:_files"
)

_danewatch_judging=(
  '--if-present[DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are ok]'
  '*--next[A record published ahead of its key, or the PEM file it is made of]:record or file:_files'
  '--extra-records[How bad a record is that matches nothing]:severity:(ok warning critical)'
  '--views[Certificate types to look for]:views:(auto default all)'
  '--at[Judge dates as of this time]:time: '
)

_danewatch_services='(smtp submission submissions https imap imaps pop3 pop3s sieve ldap ldaps xmpp-client xmpp-server ftp nntp nntps postgres mysql dot tls)'

_danewatch_check() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--file[Read targets from a file, one a line]:file:_files' \
    '--json[One JSON object per target and line]' \
    '--explain[Every lookup with its proof, and the matrix of records and addresses]' \
    '--remedy[Print only the remedy with this number]:number: ' \
    '--format[Of --remedy]:format:(zone nsupdate)' \
    '(-q --quiet)'{-q,--quiet}'[Only targets that are not ok]' \
    '--no-color[No colour, also on a terminal]' \
    '--save[Keep the evidence in this file]:file:_files' \
    '--state[File that remembers what was seen]:file:_files' \
    '--changes[Print nothing unless something changed]' \
    $_danewatch_judging \
    '--jobs[Targets checked at the same time]:number: ' \
    '--timeout[The whole run of one target]:duration: ' \
    '--attempts[Try endpoints that failed temporarily up to N times]:number: ' \
    '--servers[Ask each name server by itself, too]:word:(yes no)' \
    '(-6)-4[Only IPv4 addresses of the hosts]' \
    '(-4)-6[Only IPv6 addresses of the hosts]' \
    '--name[The name that an address given as TARGET stands for]:name:_hosts' \
    '--ip[Connect to this address instead of those in the DNS]:address: ' \
    '--helo[Name to say in EHLO]:name: ' \
    $_danewatch_dns \
    '*:target:_hosts'
}

_danewatch_judge() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--json[One JSON object per target and line]' \
    '--explain[Every lookup with its proof, and the matrix of records and addresses]' \
    '--remedy[Print only the remedy with this number]:number: ' \
    '--format[Of --remedy]:format:(zone nsupdate)' \
    '(-q --quiet)'{-q,--quiet}'[Only targets that are not ok]' \
    '--no-color[No colour, also on a terminal]' \
    '--at[Judge as of this time]:time: ' \
    '--ca-file[Trusted CAs for usages 0 and 1]:file:_files' \
    '--verify-signatures[Check the signatures of the messages again]' \
    '--trust-anchor[File with the DNSSEC root key]:file:_files' \
    '*:file:_files'
}

_danewatch_predict() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '*--zone[A zone file]:file:_files' \
    '--include-dir[Where files may lie that a zone file includes]:folder:_files -/' \
    '*--chains[Folder with certificates]:folder:_files -/' \
    '*--map[HOST\:PORT=FILE\: what this host shows]:host and file: ' \
    '--ca-file[Trusted CAs for usages 0 and 1]:file:_files' \
    '--json[One JSON object per target and line]' \
    '--explain[Every lookup with its proof, and the matrix of records and addresses]' \
    '--remedy[Print only the remedy with this number]:number: ' \
    '--format[Of --remedy]:format:(zone nsupdate)' \
    '(-q --quiet)'{-q,--quiet}'[Only targets that are not ok]' \
    '--no-color[No colour, also on a terminal]' \
    '--junit[Results as JUnit XML in this file]:file:_files' \
    '--if-present[DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are ok]' \
    '*--next[A record published ahead of its key, or the PEM file it is made of]:record or file:_files' \
    '--horizon[Days that signatures in the zone files must last]:days: ' \
    '--at[When the zones and certificates will be live]:time: ' \
    '*:target:_hosts'
}

_danewatch_history() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--state[File that remembers]:file:_files' \
    '--json[One JSON object per target and line]' \
    '--no-color[No colour, also on a terminal]' \
    '*:target:_hosts'
}

_danewatch_changes() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--state[File that remembers]:file:_files' \
    '--since[Since when: 36h, 7d, or a time]:time: ' \
    '--json[One JSON object per event and line]' \
    '--no-color[No colour, also on a terminal]'
}

_danewatch_rollover() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '*--next[Each key that the servers show afterwards]:record or file:_files' \
    '--state[File that remembers]:file:_files' \
    '--all-named[Every port and host that uses the records is named]' \
    '--wait[Look again until it is safe]' \
    '--timeout[Of --wait: no longer than that]:duration: ' \
    '--json[One JSON object]' \
    '--no-color[No colour, also on a terminal]' \
    '--helo[Name to say in EHLO]:name: ' \
    $_danewatch_dns \
    '1:what:(plan status gate)' \
    '*:step or target:_hosts'
}

_danewatch_verify() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--chain[PEM file with the certificates as the server sends them]:file:_files' \
    '*--tlsa[A TLSA record]:record: ' \
    '*--name[A name the certificate may stand for]:name:_hosts' \
    "--service[Whose rules hold]:service:$_danewatch_services" \
    '--ca-file[Trusted CAs for usages 0 and 1]:file:_files' \
    '--at[Judge dates as of this time]:time: ' \
    '--json[One JSON object]' \
    '--no-color[No colour, also on a terminal]'
}

_danewatch_tlsa() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '(--key)--cert[PEM file; its first certificate is used]:file:_files' \
    '(--cert)--key[PEM file with a private or public key]:file:_files' \
    '--name[Host the record is for]:name:_hosts' \
    '--port[Port, or several with commas]:port: ' \
    '--usage[Usage of the record]:usage:(0 1 2 3)' \
    '--selector[0 certificate, 1 public key]:selector:(0 1)' \
    '--matching-type[0 the data itself, 1 SHA2-256, 2 SHA2-512]:matching type:(0 1 2)' \
    '--ttl[TTL in seconds, for nsupdate]:seconds: ' \
    '--format[Form of the output]:format:(zone nsupdate json)'
}

_danewatch_serve() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--config.file[Modules and targets]:file:_files' \
    '--config.check[Say what is wrong with the configuration, and stop there]' \
    '*--web.listen-address[Where to listen]:address: ' \
    "--web.config.file[TLS and users, in the format of Prometheus' exporters]:file:_files" \
    '--web.external-url[Where people reach the pages]:URL: ' \
    $_danewatch_dns
}

_danewatch_doctor() {
  _arguments -S \
    '(- *)'{-h,--help}'[Help]' \
    '--json[One JSON object]' \
    '--no-color[No colour, also on a terminal]' \
    '--at[As if it were this time]:time: ' \
    $_danewatch_dns \
    '*:host:_hosts'
}

_danewatch_nagios() {
  local ip='(-I --ip --ip-address --IP-address --resolve)' days='(-C -D --min-days-valid --certificate)'
  _arguments -s -S \
    '(- *)'{-h,--help}'[Help]' \
    '(- *)'{-V,--version}'[Version]' \
    '(-H --hostname --host)'{-H,--hostname,--host}'[Mail domain; with a port or protocol a host]:name:_hosts' \
    '(-p --port)'{-p,--port}'[TCP port of the host]:port: ' \
    '(-P --protocol --starttls)'{-P,--protocol,--starttls}"[What is spoken there]:protocol:$_danewatch_services" \
    $ip{-I,--ip,--ip-address,--IP-address,--resolve}'[Connect to this address]:address: ' \
    '(--sni --servername --name)'{--sni,--servername,--name}'[The name that an address given as host stands for]:name:_hosts' \
    '(-4 --ipv4 --use-ipv4)'{-4,--ipv4,--use-ipv4}'[Only IPv4 addresses]' \
    '(-6 --ipv6 --use-ipv6)'{-6,--ipv6,--use-ipv6}'[Only IPv6 addresses]' \
    '(-w --warning)'{-w,--warning}'[Days left of a certificate that matters]:range: ' \
    '(-c --critical)'{-c,--critical}'[Days left of a certificate that matters]:range: ' \
    $days{-C,-D,--min-days-valid,--certificate}'[Both\: W, or W,C]:days: ' \
    '--rrsig-warning[Days left of a DNSSEC signature]:range: ' \
    '--rrsig-critical[Days left of a DNSSEC signature]:range: ' \
    $_danewatch_judging \
    '(-t --timeout)'{-t,--timeout}'[Seconds for everything, and the state when they are over]:seconds: ' \
    '--servers[Ask each name server by itself, too]' \
    '*'{-v,--verbose}'[More lines]' \
    '(-F --fqdn --helo)'{-F,--fqdn,--helo}'[Name to say in EHLO]:name: ' \
    '--state[File that remembers what was seen]:file:_files' \
    $_danewatch_dns
}

_danewatch() {
  local curcontext=$curcontext state line
  if [[ $service == check_dane ]]; then
    _danewatch_nagios
    return
  fi
  _arguments -C -S \
    '(- *)'{-h,--help}'[Help]' \
    '(- *)'{-V,--version}'[Version]' \
    '--verbose[With --version\: the libraries in use too]' \
    '1:command:->command' \
    '*::option:->option' && return
  case $state in
    command)
      _values command \
        'check[Check targets and report what is wrong]' \
        'judge[Judge evidence again that check --save kept]' \
        'predict[Check zone files and certificates before they are live]' \
        'history[What is remembered of targets]' \
        'changes[What changed lately]' \
        'rollover[When is which step of a change of keys safe?]' \
        'verify[Compare certificates with TLSA records, offline]' \
        'tlsa[Make the TLSA records of a certificate or key]' \
        'nagios[A plugin of Nagios or Icinga]' \
        'serve[Watch targets for Prometheus, with a status page]' \
        'doctor[Can this machine look at all?]'
      ;;
    option) if (( $+functions[_danewatch_$line[1]] )); then _danewatch_$line[1]; fi ;;
  esac
}

_danewatch "$@"
