package main

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"
)

// serveWith serves in this process within bounds that change sets; the function stops it and answers what serve does.
func serveWith(t *testing.T, change func(*bounds)) (address string, stop func() error) {
	t.Helper()
	bounds := bounds{
		headTimeout:   10 * time.Second,
		bodyTimeout:   10 * time.Second,
		answerTimeout: 10 * time.Second,
		idleTimeout:   10 * time.Second,
		stopTimeout:   10 * time.Second,
		headBytes:     16 << 10,
		connections:   100,
	}
	change(&bounds)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	logger := newLogger(t.Output(), levelTrace)
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, listener, newHandler("source", ctx.Done(), logger), logger, bounds) }()
	stop = func() error {
		cancel()
		err := <-ended
		ended <- err
		return err
	}
	t.Cleanup(func() { _ = stop() })
	return listener.Addr().String(), stop
}

func TestSlowClients(t *testing.T) {
	short := func(bounds *bounds) {
		bounds.headTimeout = 200 * time.Millisecond
		bounds.bodyTimeout = 400 * time.Millisecond
		bounds.answerTimeout = time.Second
		bounds.idleTimeout = 200 * time.Millisecond
	}
	for name, text := range map[string]string{"nothing": "", "half a head": "GET / HTTP/1.1\r\nHost:"} {
		t.Run(name, func(t *testing.T) {
			address, _ := serveWith(t, short)
			client := connect(t, address)
			client.say(text)
			if got := client.closed(); got != "" {
				t.Errorf("got %q", got)
			}
		})
	}
	for name, text := range map[string]string{
		"half a body":  postHead(len(echoBody), "") + echoBody[:10],
		"half a chunk": strings.Replace(postHead(0, "Transfer-Encoding: chunked\r\n"), "Content-Length: 0\r\n", "", 1) + "5\r\n{",
	} {
		t.Run(name, func(t *testing.T) {
			address, _ := serveWith(t, short)
			client := connect(t, address)
			client.say(text)
			if got := client.closed(); !strings.HasPrefix(got, "HTTP/1.1 408 ") || !strings.Contains(got, "application/problem+json") {
				t.Errorf("got %q", got)
			}
		})
	}
	t.Run("drops of a body", func(t *testing.T) {
		address, _ := serveWith(t, short)
		client := connect(t, address)
		client.say(postHead(1000, ""))
		for range 100 {
			if _, err := client.Write([]byte(" ")); err != nil {
				break
			}
			time.Sleep(20 * time.Millisecond)
		}
		if got := client.closed(); !strings.HasPrefix(got, "HTTP/1.1 408 ") {
			t.Errorf("got %q", got)
		}
	})
	t.Run("takes no answers", func(t *testing.T) {
		address, _ := serveWith(t, short)
		client := connect(t, address)
		body := `{"message":"` + strings.Repeat("😀", 200) + `","repeat":10}`
		for {
			if _, err := client.Write([]byte(postHead(len(body), "") + body)); err != nil {
				if netErr, ok := errors.AsType[net.Error](err); ok && netErr.Timeout() {
					t.Error(err)
				}
				return
			}
		}
	})
	t.Run("says nothing more", func(t *testing.T) {
		address, _ := serveWith(t, short)
		client := connect(t, address)
		client.say(get)
		if got := client.closed(); !strings.HasPrefix(got, "HTTP/1.1 200 OK") {
			t.Errorf("got %q", got)
		}
	})
}

func TestFurtherConnectionsWait(t *testing.T) {
	address, _ := serveWith(t, func(bounds *bounds) { bounds.connections = 1 })
	first, second := connect(t, address), connect(t, address)
	first.say(get)
	first.until(`\r\n\r\n\{.*\}`)
	second.say(get)
	_ = second.SetReadDeadline(time.Now().Add(300 * time.Millisecond))
	if n, err := second.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes", n)
	}
	_ = first.Close()
	_ = second.SetReadDeadline(time.Now().Add(10 * time.Second))
	second.until(`^HTTP/1.1 200 OK`)
}

func TestWhatIsNotHTTPIsRefused(t *testing.T) {
	address, _ := serveWith(t, func(*bounds) {})
	for _, each := range []struct {
		text   string
		status string
	}{
		{"hello\r\n\r\n", "400"},
		{"\x16\x03\x01\x02\x00\r\n\r\n", "400"},
		{"GET / HTTP/1.1\r\n\r\n", "400"},
		{"GET / HTTP/1.1\r\nHost: localhost\r\na: " + strings.Repeat("b", 40_000) + "\r\n\r\n", "431"},
		{"GET / HTTP/1.1\r\nHost: localhost\r\n" + strings.Repeat("a: b\r\n", 20_000) + "\r\n", "431"},
		{"GET /" + strings.Repeat("a", 40_000) + " HTTP/1.1\r\nHost: localhost\r\n\r\n", "431"},
		{postHead(2, "Content-Length: 3\r\n") + "{}", "400"},
		{postHead(2, "Expect: magic\r\n") + "{}", "417"},
	} {
		client := connect(t, address)
		// It may be refused before all of it is sent.
		_, _ = client.Write([]byte(each.text))
		if got := client.until(`^HTTP/1.1 \d{3} `); !strings.HasPrefix(got, "HTTP/1.1 "+each.status) {
			t.Errorf("%q is answered %q", shorten(each.text), got)
		}
	}
	if answer := ask(t, address, newRequest(t, "GET", "/", nil)); answer.StatusCode != http.StatusOK {
		t.Errorf("afterwards it answers %s", answer.Status)
	}
}

func TestStopFinishesWhatIsInFlight(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(signal.String(), func(t *testing.T) {
			s := start(t)
			idle, silent, half, busy := connect(t, s.address()), connect(t, s.address()), connect(t, s.address()), connect(t, s.address())
			idle.say(get)
			idle.until(`\r\n\r\n\{.*\}`)
			half.say("GET / HTTP/1.1\r\n")
			rest := busy.beginPost()
			if err := s.Process.Signal(signal); err != nil {
				t.Fatal(err)
			}
			if got := idle.closed() + silent.closed() + half.closed(); strings.Count(got, "HTTP/1.1 200 OK") != 1 {
				t.Errorf("got %q", got)
			}
			busy.say(rest)
			if got := busy.closed(); !strings.Contains(got, "in flightin flight") || !strings.Contains(got, "Connection: close") {
				t.Errorf("got %q", got)
			}
			if code := s.exitCode(); code != 0 || s.stderr.Len() > 0 {
				t.Errorf("exit code %d, stderr %s", code, &s.stderr)
			}
		})
	}
}

func TestStopCutsOffWhatDoesNotFinish(t *testing.T) {
	s := start(t)
	connect(t, s.address()).beginPost()
	begun := time.Now()
	s.stop()
	if code := s.exitCode(); code != 1 || time.Since(begun) > 5*time.Second {
		t.Errorf("exit code %d after %v", code, time.Since(begun))
	}
	s.untilLogged(func(line logLine) bool {
		return line["level"] == "error" && line["msg"] == "stopped before every request was answered"
	})
}

func TestASecondSignalEndsItAtOnce(t *testing.T) {
	s := start(t)
	connect(t, s.address()).beginPost()
	s.stop()
	s.untilLogged(func(line logLine) bool { return line["msg"] == "stopping" })
	begun := time.Now()
	s.stop()
	if code := s.exitCode(); code != -1 || time.Since(begun) > 2*time.Second {
		t.Errorf("exit code %d after %v", code, time.Since(begun))
	}
}

// Each request that the service began is answered. What was in the backlog, or whose first byte was on the way, was not
// begun: its client sees the connection closed and may ask again.
func TestStopUnderLoadDropsNothing(t *testing.T) {
	s := start(t)
	address := s.address()
	answered := make(chan int)
	for range 4 {
		go func() {
			count := 0
			defer func() { answered <- count }()
			for {
				conn, err := net.Dial("tcp", address)
				if err != nil {
					return
				}
				_, _ = conn.Write([]byte(get))
				answer := make([]byte, len("HTTP/1.1 200"))
				if _, err := io.ReadFull(conn, answer); err == nil && string(answer) == "HTTP/1.1 200" {
					count++
				}
				_ = conn.Close()
			}
		}()
	}
	time.Sleep(500 * time.Millisecond)
	s.stop()
	if code := s.exitCode(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	total := 0
	for range 4 {
		count := <-answered
		if count == 0 {
			t.Error("a client without an answer")
		}
		total += count
	}
	begun := 0
	for _, line := range s.lines {
		if line["req"] != nil {
			begun++
		}
	}
	if total != begun {
		t.Errorf("%d of %d requests answered", total, begun)
	}
}
