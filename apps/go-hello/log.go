package main

import (
	"io"
	"log/slog"
)

const (
	levelTrace = slog.LevelDebug - 4
	levelFatal = slog.LevelError + 4
)

var (
	levelNames = []string{"fatal", "error", "warn", "info", "debug", "trace"}
	levels     = map[string]slog.Level{
		"fatal": levelFatal,
		"error": slog.LevelError,
		"warn":  slog.LevelWarn,
		"info":  slog.LevelInfo,
		"debug": slog.LevelDebug,
		"trace": levelTrace,
	}
)

// newLogger logs one JSON object a line.
func newLogger(out io.Writer, level slog.Leveler) *slog.Logger {
	handler := slog.NewJSONHandler(out, &slog.HandlerOptions{Level: level, ReplaceAttr: replaceAttr})
	return slog.New(handler).With("app", name)
}

func replaceAttr(groups []string, attr slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return attr
	}
	switch attr.Key {
	case slog.LevelKey:
		return slog.String(attr.Key, levelName(attr.Value.Any().(slog.Level)))
	case slog.TimeKey:
		return slog.String(attr.Key, attr.Value.Time().UTC().Format("2006-01-02T15:04:05.000Z"))
	}
	return attr
}

func levelName(level slog.Level) string {
	for _, name := range levelNames {
		if level >= levels[name] {
			return name
		}
	}
	return "trace"
}
