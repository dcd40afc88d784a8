package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"os"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	maxBodyBytes = 64 << 10
	maxMessage   = 200
	maxRepeat    = 10
)

// echo answers the message of the request's body, repeated.
func echo(r *http.Request) (any, error) {
	body, err := readBody(r)
	if err != nil {
		return nil, err
	}
	message, repeat, err := parseEcho(body)
	if err != nil {
		return nil, err
	}
	message = strings.Repeat(message, repeat)
	return struct {
		Message string `json:"message"`
		Length  int    `json:"length"`
	}{message, utf8.RuneCountInString(message)}, nil
}

// readBody reads a JSON body that may still be anything but is within bounds.
func readBody(r *http.Request) ([]byte, error) {
	mediaType, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	charset, given := params["charset"]
	if err != nil || mediaType != "application/json" || given && !strings.EqualFold(charset, "utf-8") {
		return nil, problem{
			Status: http.StatusUnsupportedMediaType,
			Detail: "The body must be application/json in UTF-8",
		}
	}

	tooLarge := problem{
		Status: http.StatusRequestEntityTooLarge,
		Detail: fmt.Sprintf("The body is larger than %d bytes", maxBodyBytes),
	}
	if r.ContentLength > maxBodyBytes && r.Header.Get("Expect") != "" {
		// Reading asks a client that waits for 100 Continue to send it all.
		return nil, tooLarge
	}
	body, err := io.ReadAll(r.Body)
	switch _, tooMany := errors.AsType[*http.MaxBytesError](err); {
	case tooMany:
		return nil, tooLarge
	case errors.Is(err, os.ErrDeadlineExceeded):
		return nil, problem{Status: http.StatusRequestTimeout, Detail: "The body took too long to arrive"}
	case err != nil:
		return nil, problem{Status: http.StatusBadRequest, Detail: "The body did not arrive whole"}
	case !utf8.Valid(body):
		// encoding/json would replace what is not.
		return nil, problem{Status: http.StatusBadRequest, Detail: "The body is not valid UTF-8"}
	}
	return body, nil
}

// parseEcho finds everything that is wrong with a body. [json.Unmarshal] into a struct would stop at the first, and take
// null for a number and "MESSAGE" for "message".
func parseEcho(body []byte) (message string, repeat int, err error) {
	var fields map[string]json.RawMessage
	err = json.Unmarshal(body, &fields)
	if _, wrongType := errors.AsType[*json.UnmarshalTypeError](err); err != nil && !wrongType {
		return "", 0, problem{Status: http.StatusBadRequest, Detail: fmt.Sprintf("The body is not JSON: %v", err)}
	}
	if fields == nil {
		return "", 0, invalid(fieldError{"", "must be an object"})
	}

	var wrong []fieldError
	message, err = decode[string](fields["message"])
	if length := utf8.RuneCountInString(message); err != nil || length < 1 || length > maxMessage {
		wrong = append(wrong, fieldError{"/message", fmt.Sprintf("must be a string of 1 to %d characters", maxMessage)})
	}
	repeat = 1
	if text, given := fields["repeat"]; given {
		repeat, err = decode[int](text)
		if err != nil || repeat < 1 || repeat > maxRepeat {
			wrong = append(wrong, fieldError{"/repeat", fmt.Sprintf("must be an integer from 1 to %d", maxRepeat)})
		}
	}
	delete(fields, "message")
	delete(fields, "repeat")
	for name := range fields {
		wrong = append(wrong, fieldError{"/" + pointer.Replace(name), "is not known"})
	}
	if wrong != nil {
		slices.SortFunc(wrong, func(a, b fieldError) int { return strings.Compare(a.Path, b.Path) })
		return "", 0, invalid(wrong...)
	}
	return message, repeat, nil
}

// decode decodes one value; null and no value at all are the zero value.
func decode[T any](text json.RawMessage) (value T, err error) {
	if text != nil {
		err = json.Unmarshal(text, &value)
	}
	return value, err
}

// maxErrors bounds what a hostile document can have answered.
const maxErrors = 50

func invalid(wrong ...fieldError) problem {
	return problem{
		Status: http.StatusUnprocessableEntity,
		Detail: "The body does not keep its schema",
		Errors: wrong[:min(len(wrong), maxErrors)],
	}
}

// pointer escapes a name for a JSON Pointer, RFC 6901.
var pointer = strings.NewReplacer("~", "~0", "/", "~1")
