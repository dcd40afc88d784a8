package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"golang.org/x/net/netutil"
)

// bounds is what clients may cost the service.
type bounds struct {
	// headTimeout is for the head of a request, bodyTimeout for all of it, answerTimeout for both it and its answer.
	headTimeout, bodyTimeout, answerTimeout time.Duration
	// idleTimeout is between two requests on one connection.
	idleTimeout time.Duration
	// stopTimeout is for the requests in flight when the service stops.
	stopTimeout time.Duration
	headBytes   int
	// connections are served at once. Further ones wait in the kernel's backlog.
	connections int
}

var defaultBounds = bounds{
	headTimeout:   10 * time.Second,
	bodyTimeout:   20 * time.Second,
	answerTimeout: 40 * time.Second,
	// Longer than the 60 s of nginx's upstream connections: the proxy closes first and never sends into a closed socket.
	idleTimeout: 65 * time.Second,
	// Below the 5 s within which a container is expected to stop.
	stopTimeout: 4 * time.Second,
	headBytes:   16 << 10,
	connections: 512,
}

// serve serves until ctx is done, then lets the requests in flight finish and closes every other connection. The error is
// not nil when some did not finish in time.
func serve(ctx context.Context, listener net.Listener, handler http.Handler, logger *slog.Logger, bounds bounds) error {
	silent := silentConns{conns: map[net.Conn]bool{}}
	server := &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: bounds.headTimeout,
		ReadTimeout:       bounds.bodyTimeout,
		WriteTimeout:      bounds.answerTimeout,
		IdleTimeout:       bounds.idleTimeout,
		MaxHeaderBytes:    bounds.headBytes,
		ConnState:         silent.track,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(netutil.LimitListener(listener, bounds.connections)) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}

	silent.close()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), bounds.stopTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		// Their clients see that there is no answer.
		return errors.Join(errors.New("stopped before every request was answered"), server.Close())
	}
	return nil
}

// silentConns are the connections that have not sent a whole request yet. [http.Server.Shutdown] waits for them as for
// requests in flight.
type silentConns struct {
	mu       sync.Mutex
	conns    map[net.Conn]bool
	stopping bool
}

func (s *silentConns) track(conn net.Conn, state http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case state != http.StateNew:
		delete(s.conns, conn)
	case s.stopping:
		_ = conn.Close()
	default:
		s.conns[conn] = true
	}
}

func (s *silentConns) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopping = true
	for conn := range s.conns {
		_ = conn.Close()
	}
}
