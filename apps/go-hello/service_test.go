package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// TestMain runs the tests, or the service itself in the processes that they start.
func TestMain(m *testing.M) {
	if os.Getenv("GO_HELLO_MAIN") != "" {
		main()
	}
	os.Exit(m.Run())
}

func command(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0], args...)
	cmd.Env = append([]string{"GO_HELLO_MAIN=1"}, env...)
	return cmd
}

// service is the service as a process of its own.
type service struct {
	*exec.Cmd
	t      *testing.T
	stderr bytes.Buffer
	ended  chan struct{}

	mu      sync.Mutex
	changed *sync.Cond
	lines   []logLine
	done    bool
}

type logLine map[string]any

// start starts the service on a free port of 127.0.0.1. It ends with the test.
func start(t *testing.T, env ...string) *service {
	t.Helper()
	s := &service{t: t, ended: make(chan struct{})}
	s.changed = sync.NewCond(&s.mu)
	s.Cmd = command(t, append([]string{"PORT=0", "HOST=127.0.0.1"}, env...))
	s.Stderr = &s.stderr
	stdout, err := s.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(s.ended)
		for scanner := bufio.NewScanner(stdout); scanner.Scan(); {
			var line logLine
			if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
				t.Errorf("a line on stdout is no JSON object: %s", scanner.Text())
			}
			s.mu.Lock()
			s.lines = append(s.lines, line)
			s.changed.Broadcast()
			s.mu.Unlock()
		}
		_ = s.Wait()
		s.mu.Lock()
		s.done = true
		s.changed.Broadcast()
		s.mu.Unlock()
	}()
	t.Cleanup(func() {
		_ = s.Process.Kill()
		<-s.ended
	})
	return s
}

// untilLogged answers the first log line that matches, once it is there.
func (s *service) untilLogged(matches func(logLine) bool) logLine {
	s.t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		if index := slices.IndexFunc(s.lines, matches); index >= 0 {
			return s.lines[index]
		}
		if s.done {
			s.t.Fatalf("ended early: %v %s", s.lines, s.stderr.String())
		}
		s.changed.Wait()
	}
}

func (s *service) address() string {
	s.t.Helper()
	line := s.untilLogged(func(line logLine) bool { return line["msg"] == "listening" })
	return fmt.Sprintf("127.0.0.1:%v", line["port"])
}

func (s *service) stop() {
	s.t.Helper()
	if err := s.Process.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
}

// exitCode waits for the end.
func (s *service) exitCode() int {
	<-s.ended
	return s.ProcessState.ExitCode()
}

type response struct {
	*http.Response
	body []byte
}

// ask sends a request as it is. Its URL needs a path only.
func ask(t *testing.T, address string, r *http.Request) response {
	t.Helper()
	r.URL.Scheme, r.URL.Host = "http", address
	transport := &http.Transport{DisableKeepAlives: true, ExpectContinueTimeout: 10 * time.Second}
	client := http.Client{Transport: transport, Timeout: 20 * time.Second}
	answer, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response{answer, body}
}

func newRequest(t *testing.T, method, path string, body io.Reader) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, path, body)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func newPost(t *testing.T, mediaType string, body io.Reader) *http.Request {
	t.Helper()
	r := newRequest(t, "POST", "/echo", body)
	r.Header.Set("Content-Type", mediaType)
	return r
}

// expectProblem holds an answer against RFC 9457.
func expectProblem(t *testing.T, answer response, status int) problem {
	t.Helper()
	var p problem
	decoder := json.NewDecoder(bytes.NewReader(answer.body))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Fatalf("%v in %s", err, answer.body)
	}
	if answer.StatusCode != status || p.Status != status || p.Title != http.StatusText(status) ||
		p.Type != "about:blank" || p.Detail == "" || !strings.HasPrefix(p.Instance, "/") ||
		answer.Header.Get("Content-Type") != "application/problem+json" ||
		answer.Header.Get("X-Request-Id") == "" {
		t.Fatalf("%d wanted, got %s %v %s", status, answer.Status, answer.Header, answer.body)
	}
	return p
}

// rawConn can say what an HTTP client would not.
type rawConn struct {
	net.Conn
	t        *testing.T
	received []byte
}

func connect(t *testing.T, address string) *rawConn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	return &rawConn{Conn: conn, t: t}
}

func (c *rawConn) say(text string) {
	c.t.Helper()
	if _, err := io.WriteString(c, text); err != nil {
		c.t.Fatal(err)
	}
}

// until answers everything received so far, once that matches.
func (c *rawConn) until(pattern string) string {
	c.t.Helper()
	buffer := make([]byte, 4096)
	for !regexp.MustCompile(pattern).Match(c.received) {
		n, err := c.Read(buffer)
		c.received = append(c.received, buffer[:n]...)
		if err != nil {
			c.t.Fatalf("%v after %q", err, c.received)
		}
	}
	return string(c.received)
}

// closed answers everything received, once the server has closed the connection.
func (c *rawConn) closed() string {
	c.t.Helper()
	rest, err := io.ReadAll(c)
	if netErr, ok := err.(net.Error); ok && netErr.Timeout() {
		c.t.Fatal(err)
	}
	c.received = append(c.received, rest...)
	return string(c.received)
}

const (
	get      = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
	echoBody = `{"message":"in flight","repeat":2}`
)

// postHead is the head of a POST of length bytes; more are lines of further headers.
func postHead(length int, more string) string {
	return fmt.Sprintf("POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"+
		"Content-Length: %d\r\n%s\r\n", length, more)
}

// beginPost posts half of echoBody; the server has taken the request up when this returns. It answers the other half.
func (c *rawConn) beginPost() string {
	c.t.Helper()
	c.say(postHead(len(echoBody), "Expect: 100-continue\r\n"))
	c.until(`^HTTP/1\.1 100 Continue\r\n\r\n`)
	c.say(echoBody[:10])
	return echoBody[10:]
}
