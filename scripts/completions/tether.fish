# SPDX-License-Identifier: MIT
# tether.fish - completion for fish. It asks tether itself what there is ("tether help
# COMMAND", "tether targets", "tether probes"), so it fits whatever version is installed.

function __tether_words # of the command line, those before the one that is typed
    commandline -opc
end

function __tether_command # the first word, if it is one
    set -l words (__tether_words)
    if test (count $words) -gt 1; and not string match -q -- '-*' $words[2]
        echo $words[2]
    end
end

function __tether_value # what stands in capitals behind the last option in the help
    set -l words (__tether_words)
    string match -q -- '-*' $words[-1]; or return
    $words[1] help (__tether_command) 2>/dev/null | string replace -rf -- "^  (-[a-zA-Z], )?$words[-1](, --[a-z-]+)? ([A-Z]+).*" '$3'
end

function __tether_needs_command
    test (count (__tether_words)) = 1; or test "$(__tether_command)" = help
end

function __tether_values
    set -l words (__tether_words)
    switch "$(__tether_value),$words[-1]"
        case 'PROBE,*'
            $words[1] probes --json 2>/dev/null | string replace -rf '.*"serial": "([^"]+)".*' '$1'
        case NAME,--target
            $words[1] targets --json 2>/dev/null | string replace -rf '^  \{"name": "([^"]+)".*' '$1'
        case NAME,--as
            printf '%s\n' ST-LINK_gdbserver st-util
        case 'HOW,*'
            printf '%s\n' auto attach halt under-reset
        case 'SETTING,*'
            printf '%s\n' error warning info debug wire
        case 'FILE,*'
            __fish_complete_path (commandline -ct)
        case ',*'
            # Neither an option's value nor a command: a file.
            __tether_needs_command; or __fish_complete_path (commandline -ct)
    end
end

function __tether_commands
    tether help 2>/dev/null | string replace -rf '^  ([a-z]+) {3,}(.*)' '$1\t$2'
end

function __tether_options
    tether help (__tether_command) 2>/dev/null | string replace -rf -- '^  (?:-[a-zA-Z], )?(--[a-z-]+)(?: [][A-Z -]+)?(?:  +(.*))?$' '$1\t$2'
end

complete -c tether -f
complete -c tether -n 'test -n "$(__tether_value)"; or not __tether_needs_command' -a '(__tether_values)'
complete -c tether -n 'test -z "$(__tether_value)"; and __tether_needs_command' -a '(__tether_commands)'
complete -c tether -n 'test -z "$(__tether_value)"; and string match -q -- "-*" (commandline -ct)' -a '(__tether_options)'
