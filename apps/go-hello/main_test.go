package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestWrongVariablesAreNamedOnOneLine(t *testing.T) {
	for _, each := range []struct {
		env  []string
		want string
	}{
		{[]string{"PORT=http"}, `PORT is "http", it must be a port number from 0 to 65535`},
		{[]string{"PORT=65536"}, `PORT is "65536", it must be a port number from 0 to 65535`},
		{[]string{"PORT=80 "}, `PORT is "80 ", it must be a port number from 0 to 65535`},
		{[]string{"HOST=localhost"}, `HOST is "localhost", it must be an IP address such as 127.0.0.1`},
		{[]string{"LOG_LEVEL=loud"}, `LOG_LEVEL is "loud", it must be one of fatal, error, warn, info, debug, trace`},
		{
			[]string{"PORT=-1", "VARIANT=a\nb"},
			`PORT is "-1", it must be a port number from 0 to 65535; ` +
				`VARIANT is "a\nb", it must be a word of up to 32 of a-z, 0-9 and "-"`,
		},
	} {
		s := start(t, each.env...)
		if code := s.exitCode(); code != 2 {
			t.Errorf("%v: exit code %d", each.env, code)
		}
		if len(s.lines) != 1 || s.lines[0]["level"] != "fatal" || s.lines[0]["msg"] != each.want || s.stderr.Len() > 0 {
			t.Errorf("%v: %v, stderr %s", each.env, s.lines, &s.stderr)
		}
	}
}

func TestConfig(t *testing.T) {
	env := map[string]string{}
	for range 2 {
		got, err := readConfig(func(name string) string { return env[name] })
		if want := (config{":8080", 0, "source"}); err != nil || got != want {
			t.Errorf("%+v, %v", got, err)
		}
		// An empty variable is as good as none.
		env = map[string]string{"PORT": "", "HOST": "", "LOG_LEVEL": "", "VARIANT": ""}
	}
	env = map[string]string{"PORT": "0", "HOST": "::1", "LOG_LEVEL": "trace", "VARIANT": "prod"}
	got, err := readConfig(func(name string) string { return env[name] })
	if want := (config{"[::1]:0", levelTrace, "prod"}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestATakenPortIsNamed(t *testing.T) {
	_, port, _ := net.SplitHostPort(start(t).address())
	s := start(t, "PORT="+port)
	if code := s.exitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	message := s.lines[0]["msg"].(string)
	if !strings.HasPrefix(message, "Cannot listen: ") || !strings.HasSuffix(message, "Set PORT and HOST to an address that is free here") {
		t.Errorf("logged %q", message)
	}
}

func TestUsage(t *testing.T) {
	output, err := command(t, nil, "serve").CombinedOutput()
	if err == nil || string(output) != "Usage: go-hello [health]\n" {
		t.Errorf("%v: %s", err, output)
	}
}

func TestHealth(t *testing.T) {
	_, port, _ := net.SplitHostPort(start(t).address())
	for _, host := range []string{"", "127.0.0.1", "0.0.0.0"} {
		if output, err := command(t, []string{"PORT=" + port, "HOST=" + host}, "health").CombinedOutput(); err != nil {
			t.Errorf("HOST=%s: %v: %s", host, err, output)
		}
	}

	sick := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(503) }))
	defer sick.Close()
	hanging, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hanging.Close()
	for _, address := range []net.Addr{sick.Listener.Addr(), hanging.Addr(), &net.TCPAddr{Port: 1}} {
		_, port, _ := net.SplitHostPort(address.String())
		begun := time.Now()
		if err := command(t, []string{"PORT=" + port}, "health").Run(); err == nil || time.Since(begun) > 3*time.Second {
			t.Errorf("%v is healthy, or was waited for: %v after %v", address, err, time.Since(begun))
		}
	}
}
