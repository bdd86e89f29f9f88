package auth

import "context"

// view is one endpoint. All of them are served the same way, by Service.serveView.
type view struct {
	path, name, description string
	// method is the one method answered beside OPTIONS; a GET view answers HEAD too.
	method string
	// protected views ask for a good access token before anything else.
	protected bool
	fields    []field
	answer    func(s *Service, ctx context.Context, c *call) (object, *failure)
}

// call is what a view's answer is made from.
type call struct {
	request  *Request
	values   map[string]string // of the view's fields
	identity *Identity         // of a protected view
}

// simplejwtViews are the endpoints under the paths that the documentation of djangorestframework-simplejwt gives them.
var simplejwtViews = []view{
	{
		path: "/api/token/", name: "Token Obtain Pair", method: "POST",
		description: "Takes a username and a password and answers with a refresh token and an access token.",
		fields:      []field{{name: "username"}, {name: "password"}},
		answer:      (*Service).obtainPair,
	},
	{
		path: "/api/token/refresh/", name: "Token Refresh", method: "POST",
		description: "Takes a refresh token and answers with a new access token.",
		fields:      []field{{name: "refresh"}, {name: "access", readOnly: true}},
		answer:      (*Service).refresh,
	},
	{
		path: "/api/token/verify/", name: "Token Verify", method: "POST",
		description: "Takes a token of any type and answers whether it is good.",
		fields:      []field{{name: "token"}},
		answer:      (*Service).verify,
	},
	{
		path: "/api/me/", name: "Me", method: "GET", protected: true,
		description: "Answers with the user of the access token.",
		answer:      (*Service).me,
	},
}

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
func (v *view) metadata() object {
	var renders, parses []string
	for _, renderer := range renderers {
		renders = append(renders, renderer.media.text)
	}
	for _, parser := range parsers {
		parses = append(parses, parser.media.text)
	}
	described := object{{"name", v.name}, {"description", v.description}, {"renders", renders}, {"parses", parses}}
	if v.fields == nil {
		return described
	}
	var fields object
	for _, f := range v.fields {
		fields = append(fields, member{f.name, object{
			{"type", "string"}, {"required", !f.readOnly}, {"read_only", f.readOnly}, {"label", f.label()},
		}})
	}
	return append(described, member{"actions", object{{v.method, fields}}})
}
