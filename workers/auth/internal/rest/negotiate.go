package rest

import (
	"slices"
	"strconv"
	"strings"
)

// renderer is a form that an answer can have.
type renderer struct {
	format string // the value of ?format=
	media  mediaType
}

// renderers are what Django REST framework offers by default. Whoever asks for its HTML pages gets JSON here.
var renderers = []renderer{
	{"json", parseMediaType("application/json")},
	{"api", parseMediaType("text/html")},
}

// Bounds on an Accept header. What goes beyond them is not looked at.
const (
	maximumAccepted        = 64
	maximumMediaTypeLength = 256
)

// Negotiate looks at what the client accepts: the values of its Accept header fields and the format that the query asks for. It returns
// how far to indent the JSON of the response: not at all, most often, and never for the refusal when nothing is accepted that is
// offered.
func Negotiate(accept []string, rawQuery string) (indent int, failed *Failure) {
	offered := renderers
	if rawQuery != "" {
		if format, _ := parseForm(rawQuery).Get("format"); format.Text != "" {
			offered = slices.DeleteFunc(slices.Clone(renderers), func(r renderer) bool { return r.format != format.Text })
		}
	}
	if len(offered) == 0 {
		return 0, Refuse(404, "Not found.")
	}
	if accept == nil {
		return 0, nil // any type will do
	}
	accepted := acceptedTypes(accept)
	for precedence := 3; precedence >= 0; precedence-- {
		for _, renderer := range offered {
			for _, wanted := range accepted {
				if wanted.precedence() == precedence && renderer.media.matches(wanted) {
					return wanted.indent(), nil
				}
			}
		}
	}
	return 0, Refuse(406, "Could not satisfy the request Accept header.")
}

// acceptedTypes returns the media ranges of the Accept header fields in their order.
func acceptedTypes(values []string) []mediaType {
	var accepted []mediaType
	for _, text := range strings.Split(strings.Join(values, ","), ",") {
		text = strings.TrimSpace(text)
		if text != "" && len(text) <= maximumMediaTypeLength && len(accepted) < maximumAccepted {
			accepted = append(accepted, parseMediaType(text))
		}
	}
	return accepted
}

// indent returns the parameter of that name, which Django REST framework understands on its own media types: 0 to 8.
func (m mediaType) indent() int {
	text, found := m.param("indent")
	if !found {
		return 0
	}
	indent, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil {
		return 0
	}
	return max(0, min(indent, 8))
}

// RendererTypes returns the media types that answers are offered in, for a view's description.
func RendererTypes() []string {
	types := make([]string, len(renderers))
	for i := range renderers {
		types[i] = renderers[i].media.text
	}
	return types
}
