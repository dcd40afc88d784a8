package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"unicode/utf16"
)

func TestRoutes(t *testing.T) {
	s := start(t, "VARIANT=prod")

	t.Run("the greeting", func(t *testing.T) {
		answer := ask(t, s.address(), newRequest(t, "GET", "/", nil))
		expectJSON(t, answer, map[string]any{
			"message": "¡Hola desde Go en Docker Multi-stage!",
			"name":    "go-hello",
			"variant": "prod",
			"version": "0.1.0",
		})
		if !strings.Contains(string(answer.body), "¡Hola") {
			t.Errorf("%s is not UTF-8 as it is", answer.body)
		}
	})
	t.Run("a HEAD", func(t *testing.T) {
		answer := ask(t, s.address(), newRequest(t, "HEAD", "/", nil))
		if answer.StatusCode != 200 || answer.ContentLength < 1 || len(answer.body) != 0 {
			t.Errorf("got %s, %d bytes", answer.Status, len(answer.body))
		}
	})
	for path, status := range map[string]string{"/healthz": "live", "/readyz": "ready"} {
		t.Run("a probe of "+path, func(t *testing.T) {
			expectJSON(t, ask(t, s.address(), newRequest(t, "GET", path, nil)), map[string]any{"status": status})
		})
	}

	for body, want := range map[string]map[string]any{
		`{"message":"a"}`:                {"message": "a", "length": 1.0},
		`{"message":"¡Olé!","repeat":2}`: {"message": "¡Olé!¡Olé!", "length": 10.0},
		`{"message":"<&\u0000\u2028"}`:   {"message": "<&\x00\u2028", "length": 4.0},
		`{"message":"` + strings.Repeat("😀", 200) + `","repeat":10}`: {
			"message": strings.Repeat("😀", 2000), "length": 2000.0,
		},
	} {
		t.Run("an echo of "+shorten(body), func(t *testing.T) {
			for _, mediaType := range []string{"application/json", "Application/JSON; charset=UTF-8"} {
				expectJSON(t, ask(t, s.address(), newPost(t, mediaType, strings.NewReader(body))), want)
			}
		})
	}

	for body, paths := range map[string][]string{
		`1`:                             {""},
		`null`:                          {""},
		`[]`:                            {""},
		`"a"`:                           {""},
		`{}`:                            {"/message"},
		`{"MESSAGE":"a"}`:               {"/MESSAGE", "/message"},
		`{"message":null}`:              {"/message"},
		`{"message":1,"repeat":0}`:      {"/message", "/repeat"},
		`{"message":""}`:                {"/message"},
		`{"message":"a","repeat":11}`:   {"/repeat"},
		`{"message":"a","repeat":1e30}`: {"/repeat"},
		`{"message":"a","repeat":2.0}`:  {"/repeat"},
		`{"message":"a","repeat":"2"}`:  {"/repeat"},
		`{"message":"a","repeat":true}`: {"/repeat"},
		`{"message":"a","repeat":null}`: {"/repeat"},
		`{"message":"a","~/":1}`:        {"/~0~1"},
		`{"message":"` + strings.Repeat("😀", 201) + `"}`: {"/message"},
	} {
		t.Run("a wrong "+shorten(body), func(t *testing.T) {
			p := expectProblem(t, ask(t, s.address(), newPost(t, "application/json", strings.NewReader(body))), 422)
			var got []string
			for _, each := range p.Errors {
				got = append(got, each.Path)
			}
			if !reflect.DeepEqual(got, paths) {
				t.Errorf("wrong are %q, not %q", got, paths)
			}
		})
	}
	t.Run("a flood of unknown names", func(t *testing.T) {
		body := strings.Builder{}
		body.WriteString(`{"message":"a"`)
		for index := range 5000 {
			fmt.Fprintf(&body, `,"%d":0`, index)
		}
		p := expectProblem(t, ask(t, s.address(), newPost(t, "application/json", strings.NewReader(body.String()+"}"))), 422)
		if len(p.Errors) != maxErrors {
			t.Errorf("%d errors", len(p.Errors))
		}
	})

	for name, body := range map[string]string{
		"nothing":        "",
		"half":           `{"message":`,
		"more":           `{"message":"a"} more`,
		"NaN":            "NaN",
		"invalid UTF-8":  "{\"message\":\"\xff\"}",
		"UTF-16":         utf16LE(`{"message":"a"}`),
		"a byte order":   "\ufeff{}",
		"deep arrays":    strings.Repeat("[", 60_000),
		"deep objects":   strings.Repeat(`{"message":`, 5000),
		"closed nesting": strings.Repeat("[", 30_000) + strings.Repeat("]", 30_000),
	} {
		t.Run("no JSON: "+name, func(t *testing.T) {
			expectProblem(t, ask(t, s.address(), newPost(t, "application/json", strings.NewReader(body))), 400)
		})
	}

	for _, mediaType := range []string{"text/plain", "application/jsonp", "", ";;", "application/json; charset=latin1"} {
		t.Run("the media type "+mediaType, func(t *testing.T) {
			expectProblem(t, ask(t, s.address(), newPost(t, mediaType, strings.NewReader(`{"message":"a"}`))), 415)
		})
	}

	for length, status := range map[int]int{maxBodyBytes: 200, maxBodyBytes + 1: 413, 3 * maxBodyBytes: 413} {
		body := `{"message":"a"}` + strings.Repeat(" ", length-len(`{"message":"a"}`))
		t.Run(fmt.Sprintf("a body of %d bytes", length), func(t *testing.T) {
			answer := ask(t, s.address(), newPost(t, "application/json", strings.NewReader(body)))
			if status != 200 {
				expectProblem(t, answer, status)
			} else if answer.StatusCode != status {
				t.Errorf("got %s", answer.Status)
			}
		})
		t.Run(fmt.Sprintf("a body of %d bytes in chunks", length), func(t *testing.T) {
			chunked := newPost(t, "application/json", io.MultiReader(strings.NewReader(body)))
			answer := ask(t, s.address(), chunked)
			if answer.StatusCode != status {
				t.Errorf("got %s", answer.Status)
			}
		})
	}

	t.Run("a huge body that nobody wants to send in vain", func(t *testing.T) {
		r := newPost(t, "application/json", strings.NewReader(strings.Repeat(" ", 10<<20)))
		r.Header.Set("Expect", "100-continue")
		expectProblem(t, ask(t, s.address(), r), 413)
	})

	for _, path := range []string{"/nope", "/healthz/", "/%C2%A1?a=b", "/..%2f..%2fetc/passwd"} {
		t.Run("an unknown path "+path, func(t *testing.T) {
			p := expectProblem(t, ask(t, s.address(), newRequest(t, "GET", path, nil)), 404)
			if p.Instance != path {
				t.Errorf("the instance is %s", p.Instance)
			}
		})
	}

	for _, each := range []struct{ method, path, allow string }{
		{"POST", "/", "GET, HEAD"},
		{"DELETE", "/healthz", "GET, HEAD"},
		{"GET", "/echo", "POST"},
		{"BREW", "/echo", "POST"},
	} {
		t.Run(each.method+" "+each.path, func(t *testing.T) {
			answer := ask(t, s.address(), newRequest(t, each.method, each.path, nil))
			expectProblem(t, answer, 405)
			if allow := answer.Header.Get("Allow"); allow != each.allow {
				t.Errorf("Allow is %q", allow)
			}
		})
	}
}

func TestLog(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/healthz", "/readyz", "/nope?a=b"} {
		r := newRequest(t, "GET", path, nil)
		r.Header.Set("X-Request-Id", "abc-1.2:3_4")
		if id := ask(t, s.address(), r).Header.Get("X-Request-Id"); id != "abc-1.2:3_4" {
			t.Errorf("the id is %q", id)
		}
	}
	// The probes came before, and would be found first.
	line := s.untilLogged(func(line logLine) bool { return line["req"] != nil })
	want := logLine{
		"level": "info",
		"app":   "go-hello",
		"req":   map[string]any{"id": "abc-1.2:3_4", "method": "GET", "url": "/nope?a=b"},
		"res":   map[string]any{"statusCode": 404.0},
		"msg":   "request completed",
	}
	if time := line["time"].(string); !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$`).MatchString(time) {
		t.Errorf("the time is %q", time)
	}
	if took := line["responseTime"].(float64); took < 0 || took > 1000 {
		t.Errorf("it took %v ms", took)
	}
	delete(line, "time")
	delete(line, "responseTime")
	if !reflect.DeepEqual(line, want) {
		t.Errorf("logged %v", line)
	}
}

func TestProbesAreLoggedAtDebug(t *testing.T) {
	s := start(t, "LOG_LEVEL=debug")
	ask(t, s.address(), newRequest(t, "GET", "/healthz", nil))
	if line := s.untilLogged(func(line logLine) bool { return line["req"] != nil }); line["level"] != "debug" {
		t.Errorf("logged %v", line)
	}
}

func TestAnIDThatIsNotPlainIsReplaced(t *testing.T) {
	s := start(t)
	for _, given := range []string{"", "a b", `"}`, strings.Repeat("a", 129), "é"} {
		r := newRequest(t, "GET", "/", nil)
		r.Header.Set("X-Request-Id", given)
		if id := ask(t, s.address(), r).Header.Get("X-Request-Id"); !regexp.MustCompile(`^[A-Z2-7]{26}$`).MatchString(id) {
			t.Errorf("the id %q became %q", given, id)
		}
	}
}

func TestAPanicIsAnswered500AndLogged(t *testing.T) {
	var log strings.Builder
	handler := logRequests(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("a bug") }), newLogger(&log, levelTrace))
	w := httptest.NewRecorder()
	handler.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	expectProblem(t, response{w.Result(), w.Body.Bytes()}, 500)
	if strings.Contains(w.Body.String(), "a bug") || !strings.Contains(log.String(), `"cause":"a bug"`) {
		t.Errorf("answered %s, logged %s", w.Body, &log)
	}
}

func TestReadyNoMoreOnceStopping(t *testing.T) {
	stopping := make(chan struct{})
	close(stopping)
	w := httptest.NewRecorder()
	newHandler("source", stopping, newLogger(io.Discard, levelFatal)).ServeHTTP(w, httptest.NewRequest("GET", "/readyz", nil))
	expectProblem(t, response{w.Result(), w.Body.Bytes()}, 503)
}

func FuzzEcho(f *testing.F) {
	f.Add([]byte(`{"message":"a","repeat":2}`))
	f.Add([]byte(`{"message":"\ud800"}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		message, repeat, err := parseEcho(body)
		if p, ok := err.(problem); err != nil && (!ok || p.Status != 400 && p.Status != 422) {
			t.Fatal(err)
		}
		if length := len([]rune(message)); err == nil && (length < 1 || length > maxMessage || repeat < 1 || repeat > maxRepeat) {
			t.Fatalf("%d times %q is taken", repeat, message)
		}
	})
}

func expectJSON(t *testing.T, answer response, want map[string]any) {
	t.Helper()
	var got map[string]any
	if err := json.Unmarshal(answer.body, &got); err != nil {
		t.Fatalf("%v in %s", err, answer.body)
	}
	if answer.StatusCode != 200 || answer.Header.Get("Content-Type") != "application/json" || !reflect.DeepEqual(got, want) {
		t.Errorf("got %s %s", answer.Status, answer.body)
	}
}

func shorten(text string) string { return text[:min(len(text), 40)] }

func utf16LE(text string) string {
	var out strings.Builder
	for _, unit := range utf16.Encode([]rune(text)) {
		out.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	return out.String()
}
