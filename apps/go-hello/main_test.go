package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEchoCountsCharacters(t *testing.T) {
	for _, each := range []struct {
		message string
		want    int
	}{
		{"", http.StatusUnprocessableEntity},
		{strings.Repeat("ñ", 200), http.StatusOK},
		{strings.Repeat("ñ", 201), http.StatusUnprocessableEntity},
	} {
		recorder := httptest.NewRecorder()
		body := strings.NewReader(`{"message":"` + each.message + `"}`)
		routes().ServeHTTP(recorder, httptest.NewRequest("POST", "/echo", body))
		if recorder.Code != each.want {
			t.Errorf("%d bytes: got %d, want %d", len(each.message), recorder.Code, each.want)
		}
	}
}
