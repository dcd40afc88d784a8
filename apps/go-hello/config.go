package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"regexp"
	"strconv"
	"strings"
)

type config struct {
	// address is what [net.Listen] takes. Without a host it is every address, IPv6 included where there is any.
	address string
	level   slog.Level
	variant string
}

var plainWord = regexp.MustCompile(`^[a-z0-9-]{1,32}$`)

// readConfig reads the configuration from an environment; a variable that is unset or empty has its default. The error
// names every variable with a wrong value, the value and what is allowed.
func readConfig(getenv func(string) string) (config, error) {
	var problems []string
	read := func(name, fallback, allowed string, isAllowed func(string) bool) string {
		value := getenv(name)
		if value == "" {
			return fallback
		}
		if !isAllowed(value) {
			problems = append(problems, fmt.Sprintf("%s is %q, it must be %s", name, value, allowed))
		}
		return value
	}

	host := read("HOST", "", "an IP address such as 127.0.0.1", func(text string) bool {
		_, err := netip.ParseAddr(text)
		return err == nil
	})
	port := read("PORT", "8080", "a port number from 0 to 65535", func(text string) bool {
		_, err := strconv.ParseUint(text, 10, 16)
		return err == nil
	})
	level := read("LOG_LEVEL", "info", "one of "+strings.Join(levelNames, ", "), func(text string) bool {
		_, ok := levels[text]
		return ok
	})
	variant := read("VARIANT", "source", `a word of up to 32 of a-z, 0-9 and "-"`, plainWord.MatchString)

	if problems != nil {
		return config{}, errors.New(strings.Join(problems, "; "))
	}
	return config{net.JoinHostPort(host, port), levels[level], variant}, nil
}
