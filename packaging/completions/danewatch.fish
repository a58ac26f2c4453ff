# Completion of danewatch and check_dane in fish.

function __danewatch_command -a command
    set -l words (commandline -opc)
    set -e words[1]
    for word in $words
        string match -q -- '-*' $word; and continue
        test "$word" = "$command"
        return
    end
    test -z "$command"
end

# Options that several commands share: complete the program `$argv[1]` under the condition `$argv[2]`.
function __danewatch_dns -a program condition
    complete -c $program -n "$condition" -l trust-anchor -r -F -d 'File with the DNSSEC root key'
    complete -c $program -n "$condition" -l root-hints -r -F -d 'File with the root name servers'
    complete -c $program -n "$condition" -l forwarder -x -d 'Ask this resolver, still validating here'
    complete -c $program -n "$condition" -l stub -x -d 'Ask this server about this zone'
    complete -c $program -n "$condition" -l unbound-conf -r -F -d 'Further settings in the language of unbound'
end

function __danewatch_judging -a program condition
    complete -c $program -n "$condition" -l if-present -d 'DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are ok'
    complete -c $program -n "$condition" -l next -r -F -d 'A record published ahead of its key, or its PEM file'
    complete -c $program -n "$condition" -l extra-records -x -a 'ok warning critical' -d 'How bad a record is that matches nothing'
    complete -c $program -n "$condition" -l views -x -a 'auto default all' -d 'Certificate types to look for'
    complete -c $program -n "$condition" -l at -x -d 'Judge dates as of this time'
end

function __danewatch_plugin -a program condition
    set -l services smtp submission submissions https imap imaps pop3 pop3s sieve ldap ldaps xmpp-client xmpp-server \
        ftp nntp nntps postgres mysql dot tls
    complete -c $program -n "$condition" -f
    complete -c $program -n "$condition" -s h -l help -d 'Help'
    complete -c $program -n "$condition" -s V -l version -d 'Version'
    complete -c $program -n "$condition" -s H -l hostname -l host -x -a '(__fish_print_hostnames)' -d 'Mail domain; with a port or protocol a host'
    complete -c $program -n "$condition" -s p -l port -x -d 'TCP port of the host'
    complete -c $program -n "$condition" -s P -l protocol -l starttls -x -a "$services" -d 'What is spoken there'
    complete -c $program -n "$condition" -s I -l ip -l ip-address -l IP-address -l resolve -x -d 'Connect to this address'
    complete -c $program -n "$condition" -l sni -l servername -l name -x -a '(__fish_print_hostnames)' -d 'The name that an address given as host stands for'
    complete -c $program -n "$condition" -s 4 -l ipv4 -l use-ipv4 -d 'Only IPv4 addresses'
    complete -c $program -n "$condition" -s 6 -l ipv6 -l use-ipv6 -d 'Only IPv6 addresses'
    complete -c $program -n "$condition" -s w -l warning -x -d 'Days left of a certificate that matters'
    complete -c $program -n "$condition" -s c -l critical -x -d 'Days left of a certificate that matters'
    complete -c $program -n "$condition" -s C -s D -l min-days-valid -l certificate -x -d 'Both: W, or W,C'
    complete -c $program -n "$condition" -l rrsig-warning -x -d 'Days left of a DNSSEC signature'
    complete -c $program -n "$condition" -l rrsig-critical -x -d 'Days left of a DNSSEC signature'
    complete -c $program -n "$condition" -s t -l timeout -x -d 'Seconds for everything, and the state when they are over'
    complete -c $program -n "$condition" -l servers -d 'Ask each name server by itself, too'
    complete -c $program -n "$condition" -s v -l verbose -d 'More lines'
    complete -c $program -n "$condition" -s F -l fqdn -l helo -x -d 'Name to say in EHLO'
    complete -c $program -n "$condition" -l state -r -F -d 'File that remembers what was seen'
    __danewatch_judging $program $condition
    __danewatch_dns $program $condition
end

complete -c danewatch -n '__danewatch_command ""' -f -s h -l help -d 'Help'
complete -c danewatch -n '__danewatch_command ""' -f -s V -l version -d 'Version'
complete -c danewatch -n '__danewatch_command ""' -f -l verbose -d 'With --version: the libraries in use too'
complete -c danewatch -n '__danewatch_command ""' -f -a check -d 'Check targets and report what is wrong'
complete -c danewatch -n '__danewatch_command ""' -f -a judge -d 'Judge evidence again that check --save kept'
complete -c danewatch -n '__danewatch_command ""' -f -a predict -d 'Check zone files and certificates before they are live'
complete -c danewatch -n '__danewatch_command ""' -f -a history -d 'What is remembered of targets'
complete -c danewatch -n '__danewatch_command ""' -f -a changes -d 'What changed lately'
complete -c danewatch -n '__danewatch_command ""' -f -a rollover -d 'When is which step of a change of keys safe?'
complete -c danewatch -n '__danewatch_command ""' -f -a verify -d 'Compare certificates with TLSA records, offline'
complete -c danewatch -n '__danewatch_command ""' -f -a tlsa -d 'Make the TLSA records of a certificate or key'
complete -c danewatch -n '__danewatch_command ""' -f -a nagios -d 'A plugin of Nagios or Icinga'
complete -c danewatch -n '__danewatch_command ""' -f -a serve -d 'Watch targets for Prometheus, with a status page'
complete -c danewatch -n '__danewatch_command ""' -f -a doctor -d 'Can this machine look at all?'

set -l condition '__danewatch_command check'
complete -c danewatch -n $condition -f -a '(__fish_print_hostnames)'
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l file -r -F -d 'Read targets from a file, one a line'
complete -c danewatch -n $condition -l json -d 'One JSON object per target and line'
complete -c danewatch -n $condition -l explain -d 'Every lookup with its proof, and the matrix of records and addresses'
complete -c danewatch -n $condition -l remedy -x -d 'Print only the remedy with this number'
complete -c danewatch -n $condition -l format -x -a 'zone nsupdate' -d 'Of --remedy'
complete -c danewatch -n $condition -s q -l quiet -d 'Only targets that are not ok'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'
complete -c danewatch -n $condition -l save -r -F -d 'Keep the evidence in this file'
complete -c danewatch -n $condition -l state -r -F -d 'File that remembers what was seen'
complete -c danewatch -n $condition -l changes -d 'Print nothing unless something changed'
complete -c danewatch -n $condition -l jobs -x -d 'Targets checked at the same time'
complete -c danewatch -n $condition -l timeout -x -d 'The whole run of one target'
complete -c danewatch -n $condition -l attempts -x -d 'Try endpoints that failed temporarily up to N times'
complete -c danewatch -n $condition -l servers -x -a 'yes no' -d 'Ask each name server by itself, too'
complete -c danewatch -n $condition -s 4 -d 'Only IPv4 addresses of the hosts'
complete -c danewatch -n $condition -s 6 -d 'Only IPv6 addresses of the hosts'
complete -c danewatch -n $condition -l name -x -a '(__fish_print_hostnames)' -d 'The name that an address given as TARGET stands for'
complete -c danewatch -n $condition -l ip -x -d 'Connect to this address instead of those in the DNS'
complete -c danewatch -n $condition -l helo -x -d 'Name to say in EHLO'
__danewatch_judging danewatch $condition
__danewatch_dns danewatch $condition

set -l condition '__danewatch_command judge'
complete -c danewatch -n $condition -F
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l json -d 'One JSON object per target and line'
complete -c danewatch -n $condition -l explain -d 'Every lookup with its proof, and the matrix of records and addresses'
complete -c danewatch -n $condition -l remedy -x -d 'Print only the remedy with this number'
complete -c danewatch -n $condition -l format -x -a 'zone nsupdate' -d 'Of --remedy'
complete -c danewatch -n $condition -s q -l quiet -d 'Only targets that are not ok'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'
complete -c danewatch -n $condition -l at -x -d 'Judge as of this time'
complete -c danewatch -n $condition -l ca-file -r -F -d 'Trusted CAs for usages 0 and 1'
complete -c danewatch -n $condition -l verify-signatures -d 'Check the signatures of the messages again'
complete -c danewatch -n $condition -l trust-anchor -r -F -d 'File with the DNSSEC root key'

set -l condition '__danewatch_command predict'
complete -c danewatch -n $condition -f -a '(__fish_print_hostnames)'
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l zone -r -F -d 'A zone file'
complete -c danewatch -n $condition -l include-dir -x -a '(__fish_complete_directories)' -d 'Where included files may lie'
complete -c danewatch -n $condition -l chains -x -a '(__fish_complete_directories)' -d 'Folder with certificates'
complete -c danewatch -n $condition -l map -x -d 'HOST:PORT=FILE: what this host shows'
complete -c danewatch -n $condition -l ca-file -r -F -d 'Trusted CAs for usages 0 and 1'
complete -c danewatch -n $condition -l json -d 'One JSON object per target and line'
complete -c danewatch -n $condition -l explain -d 'Every lookup with its proof, and the matrix of records and addresses'
complete -c danewatch -n $condition -l remedy -x -d 'Print only the remedy with this number'
complete -c danewatch -n $condition -l format -x -a 'zone nsupdate' -d 'Of --remedy'
complete -c danewatch -n $condition -s q -l quiet -d 'Only targets that are not ok'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'
complete -c danewatch -n $condition -l junit -r -F -d 'Results as JUnit XML in this file'
complete -c danewatch -n $condition -l if-present -d 'DANE that does not apply (no TLSA record, unsigned DNS) and no mail service are ok'
complete -c danewatch -n $condition -l next -r -F -d 'A record published ahead of its key, or its PEM file'
complete -c danewatch -n $condition -l horizon -x -d 'Days that signatures in the zone files must last'
complete -c danewatch -n $condition -l at -x -d 'When the zones and certificates will be live'

set -l condition '__danewatch_command history'
complete -c danewatch -n $condition -f -a '(__fish_print_hostnames)'
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l state -r -F -d 'File that remembers'
complete -c danewatch -n $condition -l json -d 'One JSON object per target and line'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'

set -l condition '__danewatch_command changes'
complete -c danewatch -n $condition -f
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l state -r -F -d 'File that remembers'
complete -c danewatch -n $condition -l since -x -d 'Since when: 36h, 7d, or a time'
complete -c danewatch -n $condition -l json -d 'One JSON object per event and line'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'

set -l condition '__danewatch_command rollover'
complete -c danewatch -n $condition -f -a '(__fish_print_hostnames)'
complete -c danewatch -n $condition -f -a 'plan status gate publish deploy remove'
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l next -r -F -d 'Each key that the servers show afterwards'
complete -c danewatch -n $condition -l state -r -F -d 'File that remembers'
complete -c danewatch -n $condition -l all-named -d 'Every port and host that uses the records is named'
complete -c danewatch -n $condition -l wait -d 'Look again until it is safe'
complete -c danewatch -n $condition -l timeout -x -d 'Of --wait: no longer than that'
complete -c danewatch -n $condition -l json -d 'One JSON object'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'
complete -c danewatch -n $condition -l helo -x -d 'Name to say in EHLO'
__danewatch_dns danewatch $condition

set -l condition '__danewatch_command doctor'
complete -c danewatch -n $condition -f -a '(__fish_print_hostnames)'
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l json -d 'One JSON object'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'
complete -c danewatch -n $condition -l at -x -d 'As if it were this time'
__danewatch_dns danewatch $condition

set -l condition '__danewatch_command verify'
complete -c danewatch -n $condition -f
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l chain -r -F -d 'PEM file with the certificates as the server sends them'
complete -c danewatch -n $condition -l tlsa -x -d 'A TLSA record'
complete -c danewatch -n $condition -l name -x -a '(__fish_print_hostnames)' -d 'A name the certificate may stand for'
complete -c danewatch -n $condition -l service -x -d 'Whose rules hold' \
    -a 'smtp submission submissions https imap imaps pop3 pop3s sieve ldap ldaps xmpp-client xmpp-server ftp nntp nntps postgres mysql dot tls'
complete -c danewatch -n $condition -l ca-file -r -F -d 'Trusted CAs for usages 0 and 1'
complete -c danewatch -n $condition -l at -x -d 'Judge dates as of this time'
complete -c danewatch -n $condition -l json -d 'One JSON object'
complete -c danewatch -n $condition -l no-color -d 'No colour, also on a terminal'

set -l condition '__danewatch_command tlsa'
complete -c danewatch -n $condition -f
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l cert -r -F -d 'PEM file; its first certificate is used'
complete -c danewatch -n $condition -l key -r -F -d 'PEM file with a private or public key'
complete -c danewatch -n $condition -l name -x -a '(__fish_print_hostnames)' -d 'Host the record is for'
complete -c danewatch -n $condition -l port -x -d 'Port, or several with commas'
complete -c danewatch -n $condition -l usage -x -a '0 1 2 3' -d 'Usage of the record'
complete -c danewatch -n $condition -l selector -x -a '0 1' -d '0 certificate, 1 public key'
complete -c danewatch -n $condition -l matching-type -x -a '0 1 2' -d '0 the data itself, 1 SHA2-256, 2 SHA2-512'
complete -c danewatch -n $condition -l ttl -x -d 'TTL in seconds, for nsupdate'
complete -c danewatch -n $condition -l format -x -a 'zone nsupdate json' -d 'Form of the output'

set -l condition '__danewatch_command serve'
complete -c danewatch -n $condition -f
complete -c danewatch -n $condition -s h -l help -d 'Help'
complete -c danewatch -n $condition -l config.file -r -F -d 'Modules and targets'
complete -c danewatch -n $condition -l config.check -d 'Say what is wrong with the configuration, and stop there'
complete -c danewatch -n $condition -l web.listen-address -x -d 'Where to listen'
complete -c danewatch -n $condition -l web.config.file -r -F -d 'TLS and users, in the format of Prometheus exporters'
complete -c danewatch -n $condition -l web.external-url -x -d 'Where people reach the pages'
__danewatch_dns danewatch $condition

__danewatch_plugin danewatch '__danewatch_command nagios'
__danewatch_plugin check_dane true
