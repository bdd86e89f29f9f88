package main

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/jeton-dev/jeton/workers/edge/platform"
)

func TestFromFetch(t *testing.T) {
	called := false
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		called = true
		if got := r.Header.Values("Authorization"); len(got) != 1 || got[0] != "Bearer a, Bearer b,c" {
			t.Errorf("the field arrived as %q", got)
		}
	})
	request := httptest.NewRequest("GET", "/", nil)
	request.Header["Authorization"] = []string{"Bearer a", " Bearer b", "c"} // as the library gives it
	fromFetch(next).ServeHTTP(httptest.NewRecorder(), request)
	if !called {
		t.Error("the handler was not called")
	}
}

func TestRefusal(t *testing.T) {
	for cause, want := range map[error]int{platform.ErrMissingKey: 503, errors.New("settings"): 500} {
		recorder := httptest.NewRecorder()
		refusal(cause).ServeHTTP(recorder, httptest.NewRequest("GET", "/", nil))
		if recorder.Code != want || recorder.Header().Get("Content-Type") != "application/json" {
			t.Errorf("%v: got %d, %s", cause, recorder.Code, recorder.Header())
		}
	}
}
