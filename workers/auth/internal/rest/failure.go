package rest

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
