package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
)

// problem is an answer that is an error, RFC 9457. What is left out here follows from the status and the request.
type problem struct {
	Type     string       `json:"type"`
	Title    string       `json:"title"`
	Status   int          `json:"status"`
	Detail   string       `json:"detail"`
	Instance string       `json:"instance"`
	Errors   []fieldError `json:"errors,omitempty"`
}

// fieldError says what is wrong with a part of a body; Path is a JSON Pointer.
type fieldError struct {
	Path    string `json:"path"`
	Message string `json:"message"`
}

func (p problem) Error() string { return p.Detail }

// writeProblem answers err, which tells nothing but that it happened unless it is a problem.
func writeProblem(w http.ResponseWriter, r *http.Request, err error) {
	p, known := errors.AsType[problem](err)
	if !known {
		p = problem{Status: http.StatusInternalServerError, Detail: "Something went wrong here"}
	}
	p.Type = "about:blank"
	p.Title = http.StatusText(p.Status)
	p.Instance = r.RequestURI
	writeJSON(w, p.Status, "application/problem+json", p)
}

func writeJSON(w http.ResponseWriter, status int, mediaType string, value any) {
	var body bytes.Buffer
	encoder := json.NewEncoder(&body)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		panic(err)
	}
	w.Header().Set("Content-Type", mediaType)
	w.Header().Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	// An error here is a client that is gone.
	_, _ = body.WriteTo(w)
}
