package rest

import (
	"strconv"
	"time"
)

// Failure is an answer that ends a request before its view could.
type Failure struct {
	Status int
	Body   any
	// Header holds further fields of the response, under canonical names.
	Header map[string][]string
}

// Refuse returns a failure that is told in one sentence.
func Refuse(status int, detail string) *Failure {
	return &Failure{Status: status, Body: NewObject("detail", detail)}
}

// RefuseData returns the 400 of request data that is wrong as a whole.
func RefuseData(problem string) *Failure {
	return &Failure{Status: 400, Body: NewObject("non_field_errors", []string{problem})}
}

// RefuseThrottled returns the 429 for a request that comes too soon. Zero means that nobody knows how long to wait.
func RefuseThrottled(wait time.Duration) *Failure {
	detail := "Request was throttled."
	if wait <= 0 {
		return Refuse(429, detail)
	}
	seconds := strconv.FormatInt(int64((wait+time.Second-1)/time.Second), 10)
	unit := "seconds"
	if seconds == "1" {
		unit = "second"
	}
	failed := Refuse(429, detail+" Expected available in "+seconds+" "+unit+".")
	failed.Header = map[string][]string{"Retry-After": {seconds}}
	return failed
}
