package main

import (
	"crypto/rand"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"runtime/debug"
	"time"
)

// newHandler answers every path. Once stopping is closed it is no longer ready.
func newHandler(variant string, stopping <-chan struct{}, logger *slog.Logger) http.Handler {
	mux := http.NewServeMux()
	route := func(method, path, allow string, answer func(*http.Request) (any, error)) {
		mux.HandleFunc(method+" "+path, func(w http.ResponseWriter, r *http.Request) {
			value, err := answer(r)
			if err != nil {
				writeProblem(w, r, err)
				return
			}
			writeJSON(w, http.StatusOK, "application/json", value)
		})
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Allow", allow)
			writeProblem(w, r, problem{
				Status: http.StatusMethodNotAllowed,
				Detail: fmt.Sprintf("%s answers only %s", r.URL.Path, allow),
			})
		})
	}

	route("GET", "/{$}", "GET, HEAD", func(*http.Request) (any, error) {
		return map[string]string{
			"message": "¡Hola desde Go en Docker Multi-stage!",
			"name":    name,
			"variant": variant,
			"version": version,
		}, nil
	})
	route("GET", "/healthz", "GET, HEAD", func(*http.Request) (any, error) {
		return map[string]string{"status": "live"}, nil
	})
	route("GET", "/readyz", "GET, HEAD", func(*http.Request) (any, error) {
		select {
		case <-stopping:
			return nil, problem{Status: http.StatusServiceUnavailable, Detail: "Stopping"}
		default:
			return map[string]string{"status": "ready"}, nil
		}
	})
	route("POST", "/echo", "POST", echo)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, problem{Status: http.StatusNotFound, Detail: "There is nothing at " + r.URL.Path})
	})
	// Outermost, for only the server's own ResponseWriter can keep a connection open until the client has read why its
	// body was not.
	return http.MaxBytesHandler(logRequests(mux, logger), maxBodyBytes)
}

var plainID = regexp.MustCompile(`^[\w.:-]{1,128}$`)

// logRequests logs each request once it is answered: failures as errors, health probes at debug. The id comes from the
// request's X-Request-Id where that is plain, is made here otherwise, and goes back with the answer.
func logRequests(next http.Handler, logger *slog.Logger) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begun := time.Now()
		id := r.Header.Get("X-Request-Id")
		if !plainID.MatchString(id) {
			id = rand.Text()
		}
		w.Header().Set("X-Request-Id", id)
		answer := &answer{ResponseWriter: w}

		defer func() {
			if cause := recover(); cause != nil {
				logger.Error("panic", "cause", fmt.Sprint(cause), "stack", string(debug.Stack()))
				if answer.status == 0 {
					writeProblem(answer, r, problem{
						Status: http.StatusInternalServerError,
						Detail: "Something went wrong here",
					})
				}
			}
			logger.LogAttrs(r.Context(), requestLevel(r.URL.Path, answer.status), "request completed",
				slog.Group("req", "id", id, "method", r.Method, "url", r.RequestURI),
				slog.Group("res", "statusCode", answer.status),
				slog.Float64("responseTime", float64(time.Since(begun).Microseconds())/1000),
			)
		}()
		next.ServeHTTP(answer, r)
	})
}

func requestLevel(path string, status int) slog.Level {
	switch isProbe := path == "/healthz" || path == "/readyz"; {
	case isProbe && status < 400:
		return slog.LevelDebug
	case isProbe:
		return slog.LevelWarn
	case status >= 500:
		return slog.LevelError
	default:
		return slog.LevelInfo
	}
}

// answer is a response that knows its status, 0 before there is any.
type answer struct {
	http.ResponseWriter
	status int
}

func (a *answer) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

func (a *answer) Unwrap() http.ResponseWriter { return a.ResponseWriter }
