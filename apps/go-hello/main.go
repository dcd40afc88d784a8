// Command go-hello greets and echoes over HTTP, on PORT or 8080, until SIGTERM or SIGINT.
// go-hello health exits 0 if the server on this host is up: a HEALTHCHECK that needs no shell.
package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"
)

func main() {
	slog.SetDefault(slog.New(slog.NewJSONHandler(os.Stdout, nil)))
	run := serve
	if len(os.Args) == 2 && os.Args[1] == "health" {
		run = checkHealth
	}
	if err := run(cmp.Or(os.Getenv("PORT"), "8080")); err != nil {
		slog.Error(err.Error())
		os.Exit(1)
	}
}

func serve(port string) error {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	server := &http.Server{
		Addr:              ":" + port, // every address, IPv4 and IPv6
		Handler:           http.MaxBytesHandler(logRequests(routes()), 64<<10),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       20 * time.Second,
		WriteTimeout:      40 * time.Second,
		IdleTimeout:       65 * time.Second, // a proxy must close its connections first: nginx does after 60 s
	}
	failed := make(chan error, 1)
	go func() { failed <- server.ListenAndServe() }()
	slog.Info("starting", "address", server.Addr)
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
		slog.Info("stopping")
	}

	ctx, cancel := context.WithTimeout(context.Background(), 4*time.Second)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		slog.Warn("connections were cut off", "error", err)
	}
	return nil
}

func checkHealth(port string) error {
	client := http.Client{Timeout: 2 * time.Second}
	response, err := client.Get("http://127.0.0.1:" + port + "/healthz")
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET /healthz returned %s", response.Status)
	}
	return err
}

func routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /{$}", reply{"message": "¡Hola desde Go en Docker Multi-stage!"})
	mux.Handle("GET /healthz", reply{"status": "live"})
	mux.Handle("GET /readyz", reply{"status": "ready"})
	mux.HandleFunc("POST /echo", echo)
	return mux
}

func logRequests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		slog.Info("request", "method", r.Method, "path", r.URL.Path)
	})
}

// reply is a JSON object that answers any request.
type reply map[string]any

func (body reply) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(body) // an error here is a client that is gone
}

func echo(w http.ResponseWriter, r *http.Request) {
	request := struct {
		Message string
		Repeat  int
	}{Repeat: 1}
	decoder := json.NewDecoder(r.Body)
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&request)
	_, tooLarge := errors.AsType[*http.MaxBytesError](err)
	length := utf8.RuneCountInString(request.Message)
	switch {
	case tooLarge:
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case length < 1 || length > 200 || request.Repeat < 1 || request.Repeat > 10:
		http.Error(w, "message must have 1 to 200 characters, repeat must be 1 to 10", http.StatusUnprocessableEntity)
	default:
		message := strings.Repeat(request.Message, request.Repeat)
		reply{"message": message, "length": length * request.Repeat}.ServeHTTP(w, r)
	}
}
