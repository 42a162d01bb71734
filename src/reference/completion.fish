# Whether the line is about a command: __orafi_in customers list
function __orafi_in
    set -l words (__orafi_words)
    set -l depth (count $argv)
    test (count $words) -ge $depth
    and test "$words[1..$depth]" = "$argv"
end

# Whether exactly this many words follow a command: __orafi_at 0 customers
function __orafi_at
    set -l place $argv[1]
    set -l command $argv[2..-1]
    set -l words (__orafi_words)
    set -l depth (count $command)
    test (count $words) -eq (math $depth + $place)
    or return 1
    test $depth -eq 0
    or test "$words[1..$depth]" = "$command"
end

# Completes a comma-separated list, without the values it already has.
function __orafi_list
    set -l typed (commandline -ct | string replace -r '^--[a-z-]+=' '')
    set -l before (string match -r '^.*,' -- $typed)
    for value in $argv
        contains -- $value (string split , -- $typed)
        or echo $before$value
    end
end

# The ids of the runs on this machine, newest first, from file names.
function __orafi_runs
    set -l folder $ORAFI_STATE_DIR
    if test -z "$folder"
        if test (uname) = Darwin
            set folder "$HOME/Library/Application Support/orafi"
        else if set -q XDG_DATA_HOME
            set folder $XDG_DATA_HOME/orafi
        else
            set folder $HOME/.local/share/orafi
        end
    end
    set -l files $folder/runs/*.ndjson
    string replace -r '.*/(.*)\.ndjson$' '$1' -- $files[-1..1]
end
