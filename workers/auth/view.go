package auth

import (
	"context"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// view is one endpoint. All of them are served the same way, by Service.serveView.
type view struct {
	// route is the name that the package's documentation gives the route, by which URLS finds the view. path is where it is unless URLS
	// moves it; without one only URLS can bring it up.
	route, path       string
	name, description string
	// method is the one method answered beside OPTIONS; a GET view answers HEAD too.
	method string
	// protected views ask for a good access token before anything else, and superusers for that of a superuser.
	protected, superusers bool
	// counts is what a request by the view's method is throttled as, before its data is read.
	counts func(c *call) event
	fields []rest.Field
	answer func(ctx context.Context, c *call) (answer, *rest.Failure)
}

// call is what a view's answer is made from.
type call struct {
	request  *Request
	values   map[string]string // of the view's fields
	identity *Identity         // of a protected view
	user     *store.User       // whom the answer is about, once known
}

// answer is what a view says when all went well.
type answer struct {
	status int
	body   any
	header Header // further fields of the response
}

// ok is the plain 200.
func ok(body any) answer { return answer{status: 200, body: body} }

// allow is the value of the Allow header.
func (v *view) allow() string {
	if v.method == "GET" {
		return "GET, HEAD, OPTIONS"
	}
	return v.method + ", OPTIONS"
}

func (v *view) answers(method string) bool {
	return method == v.method || method == "HEAD" && v.method == "GET"
}

// metadata is the answer to OPTIONS.
func (v *view) metadata() rest.Object {
	described := rest.NewObject("name", v.name, "description", v.description, "renders", rest.RendererTypes(), "parses", rest.ParserTypes())
	if v.fields == nil {
		return described
	}
	var fields rest.Object
	for _, f := range v.fields {
		fields = append(fields, rest.Member{Name: f.Name, Value: f.Describe()})
	}
	return append(described, rest.Member{Name: "actions", Value: rest.NewObject(v.method, fields)})
}
