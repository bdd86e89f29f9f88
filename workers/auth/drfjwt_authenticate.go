package auth

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// authenticate implements dialect, as JSONWebTokenAuthentication does.
func (d *drfjwt) authenticate(ctx context.Context, request *Request) (*Identity, *rest.Failure) {
	sent := d.requestToken(request)
	switch {
	case sent.wrong != "":
		return nil, rest.Refuse(401, sent.wrong)
	case !sent.found:
		return nil, noCredentials
	}
	token, problem, err := d.acceptToken(ctx, sent.text)
	var user store.User
	if token != nil {
		user, problem, err = d.ownerOf(ctx, token)
	}
	switch {
	case err != nil:
		return nil, d.unavailable(ctx, "check a token", err)
	case problem == blacklistedToken:
		return nil, rest.Refuse(403, d.variant.inViews[problem])
	case problem != noProblem:
		return nil, rest.Refuse(401, d.variant.inViews[problem])
	}
	user.Password = ""
	return &Identity{User: user, Token: token}, nil
}

// headerToken is what the Authorization header says: the token, that there is none, what is wrong with the header, or that it is for the
// cookies to say.
type headerToken struct {
	text       string
	found      bool
	wrong      string
	askCookies bool
}

// requestToken returns the token that a request carries.
func (d *drfjwt) requestToken(request *Request) headerToken {
	sent := d.variant.readHeader(strings.Join(request.Header.Values("Authorization"), ","), d.settings.AuthHeaderPrefix)
	if !sent.askCookies {
		return sent
	}
	if name := d.settings.ImpersonationCookie; name != "" {
		if text, _ := cookie(request, name); text != "" {
			return headerToken{text: text, found: true}
		}
	}
	if name := d.settings.AuthCookie; name != "" {
		text, found := cookie(request, name)
		return headerToken{text: text, found: found}
	}
	return headerToken{}
}

// readStyriaHeader splits at one space. What does not come apart into two pieces of text is for the cookies, whatever it is.
func readStyriaHeader(header, prefix string) headerToken {
	word, text, found := strings.Cut(header, " ")
	switch {
	case !found || strings.Contains(text, " ") || !utf8.ValidString(header):
		return headerToken{askCookies: true}
	case strings.ToLower(word) != strings.ToLower(prefix):
		return headerToken{}
	case text == "":
		return headerToken{askCookies: true}
	}
	return headerToken{text: text, found: true}
}

// readJpadillaHeader splits at white space. A header with nothing in it is for the cookies.
func readJpadillaHeader(header, prefix string) headerToken {
	parts := strings.FieldsFunc(header, isASCIISpace)
	switch {
	case len(parts) == 0:
		return headerToken{askCookies: true}
	case strings.ToLower(parts[0]) != strings.ToLower(prefix):
		return headerToken{}
	case len(parts) == 1:
		return headerToken{wrong: "Invalid Authorization header. No credentials provided."}
	case len(parts) > 2:
		return headerToken{wrong: "Invalid Authorization header. Credentials string should not contain spaces."}
	}
	return headerToken{text: parts[1], found: true}
}
