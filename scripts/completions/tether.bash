# SPDX-License-Identifier: MIT
# shellcheck shell=bash
# tether.bash - completion for bash. It asks tether itself what there is ("tether help
# COMMAND", "tether targets", "tether probes"), so it fits whatever version is installed.

# What stands in capitals behind OPTION in the help of COMMAND: PORT, FILE...
_tether_value_of() { # OPTION [COMMAND]
	"$_tether" help ${2:+"$2"} 2>/dev/null |
		sed -nE "s/^  (-[a-zA-Z], )?$1(, --[a-z-]+)? ([A-Z]+).*/\\3/p"
}

_tether_values() { # VALUE OPTION: one a line, as far as they can be listed
	case $1,$2 in
	PROBE,*)
		"$_tether" probes --json 2>/dev/null | sed -nE 's/.*"serial": "([^"]+)".*/\1/p'
		;;
	NAME,--target)
		"$_tether" targets --json 2>/dev/null | sed -nE 's/^  \{"name": "([^"]+)".*/\1/p'
		;;
	NAME,--as) printf '%s\n' ST-LINK_gdbserver st-util ;;
	HOW,*) printf '%s\n' auto attach halt under-reset ;;
	SETTING,*) printf '%s\n' error warning info debug wire ;;
	esac
}

_tether_commands() {
	"$_tether" help 2>/dev/null | sed -nE '/^Commands/,/^$/s/^  ([a-z]+) .*/\1/p'
}

_tether_options() { # [COMMAND]
	"$_tether" help ${1:+"$1"} 2>/dev/null |
		sed -nE 's/^  (-[a-zA-Z], )?(--[a-z-]+).*/\2/p'
}

_tether_complete() {
	local _tether=${COMP_WORDS[0]} word=${COMP_WORDS[COMP_CWORD]} command='' value=''
	local before=${COMP_WORDS[COMP_CWORD - 1]} words

	[[ $COMP_CWORD == 1 || ${COMP_WORDS[1]} == -* ]] || command=${COMP_WORDS[1]}
	[[ $before != -* ]] || value=$(_tether_value_of "$before" "$command")
	if [[ -n $value && $value != FILE ]]; then
		words=$(_tether_values "$value" "$before")
	elif [[ $word == -* && -z $value ]]; then
		words=$(_tether_options "$command")
	elif [[ ($COMP_CWORD == 1 || $command == help) && -z $value ]]; then
		words=$(_tether_commands)
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$word")
		return
	fi
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}
complete -o filenames -F _tether_complete tether
