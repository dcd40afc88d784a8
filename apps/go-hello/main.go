// Command go-hello greets and echoes over HTTP.
//
//	go-hello         serves until SIGTERM or SIGINT
//	go-hello health  exits 0 when the service on PORT answers within 2 s, else 1: the probe of an image without a shell
package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"
)

const (
	name    = "go-hello"
	version = "0.1.0"
)

func main() {
	var code int
	switch {
	case len(os.Args) == 1:
		code = run()
	case len(os.Args) == 2 && os.Args[1] == "health":
		code = health()
	default:
		fmt.Fprintln(os.Stderr, "Usage: go-hello [health]")
		code = 2
	}
	os.Exit(code)
}

// run serves until a signal and answers the exit code: 2 when a variable has a wrong value, 1 when the address cannot be
// listened on or requests were cut off, else 0.
func run() int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	config, err := readConfig(os.Getenv)
	if err != nil {
		newLogger(os.Stdout, slog.LevelInfo).Log(ctx, levelFatal, err.Error())
		return 2
	}
	logger := newLogger(os.Stdout, config.level)

	listener, err := net.Listen("tcp", config.address)
	if err != nil {
		message := fmt.Sprintf("Cannot listen: %v. Set PORT and HOST to an address that is free here", err)
		logger.Log(ctx, levelFatal, message)
		return 1
	}
	context.AfterFunc(ctx, func() {
		// A second signal ends the process at once.
		stop()
		logger.Info("stopping")
	})
	logger.Info("listening", "port", listener.Addr().(*net.TCPAddr).Port, "variant", config.variant, "version", version)

	if err := serve(ctx, listener, newHandler(config.variant, ctx.Done(), logger), logger, defaultBounds); err != nil {
		logger.Error(err.Error())
		return 1
	}
	logger.Info("stopped")
	return 0
}

func health() int {
	config, err := readConfig(os.Getenv)
	if err == nil {
		err = checkHealth(config.address)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}
