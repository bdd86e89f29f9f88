package rest

import (
	"strings"
	"unicode/utf8"

	"github.com/jeton-dev/jeton/workers/auth/internal/pythonjson"
)

// Data is the data of a request, of whatever media type: a Dict unless the client sent JSON that is something else.
type Data = pythonjson.Value

// parsers are the media types that are understood, in the order they are tried.
var parsers = []struct {
	media mediaType
	parse func(text string, media mediaType) (Data, *Failure)
}{
	{parseMediaType("application/json"), parseJSON},
	{parseMediaType("application/x-www-form-urlencoded"), func(text string, _ mediaType) (Data, *Failure) { return parseForm(text), nil }},
	{parseMediaType("multipart/form-data"), parseMultipart},
}

// ParserTypes returns the media types that are understood, for a view's description.
func ParserTypes() []string {
	types := make([]string, len(parsers))
	for i := range parsers {
		types[i] = parsers[i].media.text
	}
	return types
}

// ReadData parses a body by its content type. An empty body is an empty Dict whatever its type.
func ReadData(body []byte, contentType string) (Data, *Failure) {
	if len(body) == 0 {
		return Data{Kind: pythonjson.Dict}, nil
	}
	media := parseMediaType(contentType)
	for _, parser := range parsers {
		if len(contentType) <= maximumMediaTypeLength && parser.media.matches(media) {
			return parser.parse(string(body), media)
		}
	}
	return Data{}, Refuse(415, `Unsupported media type "`+Latin1(contentType)+`" in request.`)
}

func parseJSON(text string, media mediaType) (Data, *Failure) {
	charset, _ := media.param("charset")
	switch strings.ToLower(charset) {
	case "", "utf-8", "utf8", "us-ascii":
	case "iso-8859-1", "latin-1", "latin1":
		text = Latin1(text)
	default:
		return Data{}, Refuse(400, `Unsupported charset "`+Latin1(charset)+`" in request Content-Type header.`)
	}
	if err := pythonjson.CheckUTF8(text); err != nil {
		return Data{}, Refuse(400, "JSON parse error - "+err.Error())
	}
	value, err := pythonjson.Parse(text)
	if err != nil {
		return Data{}, Refuse(400, "JSON parse error - "+err.Error())
	}
	return value, nil
}

// textValue returns a form's text as data. Bytes that are no UTF-8 become U+FFFD.
func textValue(text string) Data {
	return Data{Kind: pythonjson.String, Text: strings.ToValidUTF8(text, string(utf8.RuneError))}
}

// appendMember adds a field to a Dict, in which the last of a name counts.
func appendMember(dict Data, name string, value Data) Data {
	dict.Names, dict.Elements = append(dict.Names, name), append(dict.Elements, value)
	return dict
}
