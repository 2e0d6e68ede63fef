# Completion of decroche for bash. Its words are those of `decroche help` (test/tools/test_package.py).
_decroche() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
    local commands='serve agent message queue reload init check doctor prompts status trace recording sms callbacks unreached texts never user call load verify replay sim demo backup restore version help'
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "$commands" -- "$word")
        return
    fi
    case $before in
    -c | --config | --socket | --profile | --answers | --pcap | --wav) compopt -o default 2>/dev/null && return ;;
    prompts) mapfile -t COMPREPLY < <(compgen -W 'check list sheet' -- "$word") && return ;;
    recording) mapfile -t COMPREPLY < <(compgen -W 'list export purge audit' -- "$word") && return ;;
    texts) mapfile -t COMPREPLY < <(compgen -W 'list next show answer close back' -- "$word") && return ;;
    unreached) mapfile -t COMPREPLY < <(compgen -W 'list callback' -- "$word") && return ;;
    callbacks) mapfile -t COMPREPLY < <(compgen -W 'list show later number cancel' -- "$word") && return ;;
    never) mapfile -t COMPREPLY < <(compgen -W 'add remove check count' -- "$word") && return ;;
    user) mapfile -t COMPREPLY < <(compgen -W 'list add role scope name agent password disable enable sessions end subject mail unlink audit' -- "$word") && return ;;
    sms) mapfile -t COMPREPLY < <(compgen -W 'list status test' -- "$word") && return ;;
    demo) mapfile -t COMPREPLY < <(compgen -W 'monday remove' -- "$word") && return ;;
    esac
    if [[ $word == -* ]]; then
        local usage
        usage=$(decroche "${COMP_WORDS[1]}" --help 2>/dev/null | sed '/^$/q' | grep -oE -- '--[a-z][a-z-]*')
        mapfile -t COMPREPLY < <(compgen -W "-c $usage --help" -- "$word")
        return
    fi
    compopt -o default 2>/dev/null
}
complete -F _decroche decroche
