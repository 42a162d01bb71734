# The ids of the runs on this machine, from file names.
__orafi_runs() {
  local file
  local folder=$ORAFI_STATE_DIR
  if [[ -z $folder ]]; then
    case $OSTYPE in
      darwin*) folder="$HOME/Library/Application Support/orafi" ;;
      *) folder="${XDG_DATA_HOME:-$HOME/.local/share}/orafi" ;;
    esac
  fi
  for file in "$folder"/runs/*.ndjson; do
    [[ -e $file ]] || continue
    file=${file##*/}
    echo "${file%.ndjson}"
  done
}

__orafi_offer() {
  local done=''
  case $kind in
    choice)
      COMPREPLY=($(compgen -W "$values" -- "$current"))
      if ((${#COMPREPLY[@]} == 0)); then
        COMPREPLY=($(compgen -W "$values" -- "$(echo "$current" | tr '[:lower:]' '[:upper:]')"))
      fi
      ;;
    list)
      [[ $current == *,* ]] && done="${current%,*},"
      COMPREPLY=($(compgen -P "$done" -W "$values" -- "${current##*,}"))
      compopt -o nospace 2>/dev/null
      ;;
    run) COMPREPLY=($(compgen -W "$(__orafi_runs)" -- "$current")) ;;
    file) compopt -o default 2>/dev/null || COMPREPLY=($(compgen -f -- "$current")) ;;
  esac
}

_orafi() {
  local IFS=$' \t\n' current=${COMP_WORDS[COMP_CWORD]} command='' option='' ended='' place=0 at word kind values
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=${COMP_WORDS[at]}
    # bash splits --mode=test into three words.
    [[ $word == '=' ]] && continue
    if [[ -n $option ]]; then
      option=''
    elif [[ $word == -- ]]; then
      ended=yes
    elif [[ $word == -* && -z $ended ]]; then
      __orafi_value_of "$command" "$word"
      [[ -n $kind ]] && option=$word
    elif [[ " $(__orafi_commands_of "$command") " == *" $word "* ]]; then
      command="${command:+$command }$word"
    else
      ((place += 1))
    fi
  done
  if [[ -n $option ]]; then
    [[ $current == '=' ]] && current=''
    __orafi_value_of "$command" "$option"
    __orafi_offer
  elif [[ $current == -* && -z $ended ]]; then
    COMPREPLY=($(compgen -W "$(__orafi_options_of "$command")" -- "$current"))
  elif [[ -n $(__orafi_commands_of "$command") ]]; then
    ((place == 0)) && COMPREPLY=($(compgen -W "$(__orafi_commands_of "$command")" -- "$current"))
  else
    __orafi_argument_of "$command" "$place"
    __orafi_offer
  fi
}

complete -F _orafi orafi
