# The ids of the runs on this machine, newest first, from file names.
__orafi_runs() {
  local folder=$ORAFI_STATE_DIR
  if [[ -z $folder ]]; then
    case $OSTYPE in
      darwin*) folder="$HOME/Library/Application Support/orafi" ;;
      *) folder="${XDG_DATA_HOME:-$HOME/.local/share}/orafi" ;;
    esac
  fi
  local -a ids=($folder/runs/*.ndjson(N:t:r))
  compadd -V runs - ${(O)ids}
}

# Values in upper case, ignoring the case of what was typed.
__orafi_capitals() {
  compadd -M 'm:{[:lower:]}={[:upper:]}' "$@"
}
