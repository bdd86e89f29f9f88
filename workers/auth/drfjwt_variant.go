package auth

import (
	"context"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/workers/auth/internal/rest"
	"github.com/jeton-dev/jeton/workers/store"
)

// drfjwtVariant is what the two packages differ in: djangorestframework-jwt, jpadilla's, and drf-jwt, which Styria made of it.
type drfjwtVariant struct {
	// name is the package's.
	name string
	// status is that of an answer with a token, and issuedAtInBody adds to its body, as "pk", when the token was made.
	status         int
	issuedAtInBody bool
	// loginFields are the fields of a login, in the order in which what is wrong with them is told.
	loginFields []rest.Field
	// claims write those of a new token, in their order.
	claims []claimWriter
	// atEndpoints and inViews say what is wrong with a token that stands in a request's data and one that is to open a protected view.
	atEndpoints, inViews map[tokenProblem]string
	// readHeader looks for the token in the Authorization header.
	readHeader func(header, prefix string) headerToken
	// signingKeys and verifyingKeys are the settings with the keys for an algorithm.
	signingKeys, verifyingKeys func(*DRFJWTConfig, core.Algorithm) keySetting
	// secretOwner finds the user whose secret a token was made with, by claims that nobody has verified.
	secretOwner func(ctx context.Context, d *drfjwt, unverified *core.Object) (store.User, error)
	// expirationGrace is how long PyJWT takes tokens beyond exp, in the version that the package runs on.
	expirationGrace time.Duration
	// emptyAudience takes an empty aud for none, and zeroOrigIat an orig_iat of 0 for a time.
	emptyAudience, zeroOrigIat bool
	// tokenIDs are all that came with drf-jwt: token IDs, the blacklist and impersonation.
	tokenIDs bool
}

// drfjwtVariants are the packages by their dialects.
var drfjwtVariants = map[Dialect]*drfjwtVariant{
	DRFJWT: {
		name:           "drf-jwt",
		status:         201,
		issuedAtInBody: true,
		loginFields:    []rest.Field{{Name: "password"}, {Name: "token", ReadOnly: true}, {Name: "username"}},
		claims:         []claimWriter{writeUsername, writeIssuedAt, writeExpiration, writeTokenID, writeUserID, writeOriginallyIssuedAt},
		atEndpoints: map[tokenProblem]string{
			expiredToken:     "Token has expired.",
			undecodableToken: "Error decoding token.",
			refusedToken:     "Invalid token.",
			blacklistedToken: "Token is blacklisted.",
			namelessToken:    "Invalid token.",
			tokenWithoutID:   "Invalid token.",
			tokenOfNobody:    "User doesn't exist.",
			tokenOfInactive:  "User account is disabled.",
			notRefreshable:   "orig_iat field not found in token.",
			refreshTooLate:   "Refresh has expired.",
		},
		inViews: map[tokenProblem]string{
			expiredToken:     "Token has expired.",
			undecodableToken: "Error decoding token.",
			refusedToken:     "Invalid token.",
			blacklistedToken: "Token is blacklisted.",
			namelessToken:    "Invalid payload.",
			tokenOfNobody:    "Invalid token.",
			tokenOfInactive:  "User account is disabled.",
		},
		readHeader:    readStyriaHeader,
		signingKeys:   styriaSigningKeys,
		verifyingKeys: styriaVerifyingKeys,
		secretOwner:   ownerByUsername,
		emptyAudience: true,
		zeroOrigIat:   true,
		tokenIDs:      true,
	},
	DjangoRESTFrameworkJWT: {
		name:        "djangorestframework-jwt",
		status:      200,
		loginFields: []rest.Field{{Name: "username"}, {Name: "password"}},
		claims:      []claimWriter{writeUserID, writeUsername, writeExpiration, writeEmail, writeOriginallyIssuedAt},
		atEndpoints: map[tokenProblem]string{
			expiredToken:     "Signature has expired.",
			undecodableToken: "Error decoding signature.",
			refusedToken:     "Error decoding signature.", // an uncaught exception there
			namelessToken:    "Invalid payload.",
			tokenOfNobody:    "User doesn't exist.",
			tokenOfInactive:  "User account is disabled.",
			notRefreshable:   "orig_iat field is required.",
			refreshTooLate:   "Refresh has expired.",
		},
		inViews: map[tokenProblem]string{
			expiredToken:     "Signature has expired.",
			undecodableToken: "Error decoding signature.",
			refusedToken:     "Incorrect authentication credentials.",
			namelessToken:    "Invalid payload.",
			tokenOfNobody:    "Invalid signature.",
			tokenOfInactive:  "User account is disabled.",
		},
		readHeader:      readJpadillaHeader,
		signingKeys:     jpadillaSigningKeys,
		verifyingKeys:   jpadillaVerifyingKeys,
		secretOwner:     ownerByID,
		expirationGrace: time.Second, // PyJWT 1.7.1 counts the second of exp in
	},
}

// tokenProblem is why a token is not good for what it was sent for.
type tokenProblem string

// The problems. The first three are PyJWT's exceptions.
const (
	noProblem        tokenProblem = ""
	expiredToken                  = tokenProblem(pyjwtExpired)
	undecodableToken              = tokenProblem(pyjwtDecode)
	refusedToken                  = tokenProblem(pyjwtInvalid)
	blacklistedToken tokenProblem = "blacklisted"
	namelessToken    tokenProblem = "names no user"
	tokenWithoutID   tokenProblem = "has no ID"
	tokenOfNobody    tokenProblem = "names a user there is not"
	tokenOfInactive  tokenProblem = "names an inactive user"
	notRefreshable   tokenProblem = "cannot be refreshed"
	refreshTooLate   tokenProblem = "cannot be refreshed any more"
)

// styriaSigningKeys and styriaVerifyingKeys take the key of the kind that the algorithm needs.
func styriaSigningKeys(c *DRFJWTConfig, algorithm core.Algorithm) keySetting {
	if algorithm.Symmetric() {
		return keySetting{"JWT_SECRET_KEY", c.SecretKeys}
	}
	return keySetting{"JWT_PRIVATE_KEY", c.PrivateKeys}
}

func styriaVerifyingKeys(c *DRFJWTConfig, algorithm core.Algorithm) keySetting {
	if algorithm.Symmetric() || len(c.PublicKeys) == 0 {
		return styriaSigningKeys(c, algorithm)
	}
	return keySetting{"JWT_PUBLIC_KEY", c.PublicKeys}
}

// jpadillaSigningKeys and jpadillaVerifyingKeys take the key pair where there is one, and else the secret, whatever the algorithm.
func jpadillaSigningKeys(c *DRFJWTConfig, _ core.Algorithm) keySetting {
	if len(c.PrivateKeys) > 0 {
		return keySetting{"JWT_PRIVATE_KEY", c.PrivateKeys}
	}
	return keySetting{"JWT_SECRET_KEY", c.SecretKeys}
}

func jpadillaVerifyingKeys(c *DRFJWTConfig, algorithm core.Algorithm) keySetting {
	switch {
	case len(c.PublicKeys) > 0:
		return keySetting{"JWT_PUBLIC_KEY", c.PublicKeys}
	case algorithm.Symmetric():
		return keySetting{"JWT_SECRET_KEY", c.SecretKeys}
	}
	return jpadillaSigningKeys(c, algorithm)
}

func ownerByUsername(ctx context.Context, d *drfjwt, unverified *core.Object) (store.User, error) {
	return d.users.UserByUsername(ctx, d.usernameOf(unverified))
}

// ownerByID finds the user by the primary key. The name, by which the token's user is found once it is verified, must be the same user's:
// otherwise whoever has one user's secret could sign for every user.
func ownerByID(ctx context.Context, d *drfjwt, unverified *core.Object) (store.User, error) {
	claim, _ := unverified.Get("user_id")
	user, err := d.users.UserByID(ctx, identifier(claim))
	if err == nil && user.Username != d.usernameOf(unverified) {
		return store.User{}, store.ErrNotFound
	}
	return user, err
}
