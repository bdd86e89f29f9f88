package keys_test

import (
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/jeton-dev/jeton/core/keys"
)

// quiet is for servers whose clients break off on purpose.
var quiet = log.New(io.Discard, "", 0)

// TestA10NothingInAHeaderIsFetched signs tokens whose headers point to places, and lets those places count their visitors.
func TestA10NothingInAHeaderIsFetched(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := newIssuer(t, publishing(published(t, key), ""))
	trap := newIssuer(t, publishing(published(t, key), ""))
	synctest.Test(t, func(t *testing.T) {
		verifier := verifierOf(t, remote(t, source.URL, keys.RemoteOptions{}))
		wantGood(t, verifier, tokenOf(t, key))
		for _, target := range []string{
			trap.URL, trap.URL + "/keys", "//" + strings.TrimPrefix(trap.URL, "http://"), strings.Replace(trap.URL, "://", "://issuer.example@", 1),
			source.URL + "/?next=" + trap.URL, "file:///dev/zero", "http://169.254.169.254/latest/meta-data/",
		} {
			for _, member := range []string{"jku", "x5u", "kid", "iss", "jwks_uri"} {
				for _, algorithm := range []string{"ES256", "HS256", "none"} {
					header := fmt.Sprintf(`{"alg":%q,"typ":"JWT",%q:%q}`, algorithm, member, target)
					input := segment(header) + "." + segment(`{"exp":4102444800}`)
					signature, err := key.Sign([]byte(input))
					if err != nil {
						t.Fatal(err)
					}
					// A header that only points somewhere and is signed by the right key verifies: what it points to means nothing.
					_, err = verifier.Verify(input + "." + base64.RawURLEncoding.EncodeToString(signature))
					if good := algorithm == "ES256" && member != "kid"; (err == nil) != good {
						t.Errorf("%s: %v", header, err)
					}
				}
			}
		}
		synctest.Wait()
		source.wantRequests(t, 1) // the cool-down holds back even the one for an unknown kid
		trap.wantRequests(t, 0)
	})
}

// TestA10OtherAlgorithmsFetchNothing: a token that could not find its key in the set anyway brings no fetch forward.
func TestA10OtherAlgorithmsFetchNothing(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := newIssuer(t, publishing(published(t, key), "max-age=3600"))
	synctest.Test(t, func(t *testing.T) {
		narrow := verifierOf(t, remote(t, source.URL, keys.RemoteOptions{Algorithms: []core.Algorithm{core.ES256, core.EdDSA}}))
		wantGood(t, narrow, tokenOf(t, key))
		time.Sleep(time.Minute)
		for _, algorithm := range []core.Algorithm{core.HS256, core.ES384, core.RS256} {
			wantRefused(t, narrow, tokenOf(t, named(t, algorithm, "b")), core.KeyNotFound)
		}
		synctest.Wait()
		source.wantRequests(t, 1)
		wantRefused(t, narrow, tokenOf(t, named(t, core.Ed25519, "b")), core.KeyNotFound)
		synctest.Wait()
		source.wantRequests(t, 2)
	})
}

func segment(text string) string { return base64.RawURLEncoding.EncodeToString([]byte(text)) }

// badAnswers are what a source must not be able to replace a good set with.
func badAnswers(t testing.TB) map[string]http.HandlerFunc {
	good, other := named(t, core.ES256, "a"), named(t, core.EdDSA, "b")
	secret := named(t, core.HS256, "s")
	public := strings.TrimSuffix(strings.TrimPrefix(published(t, good), `{"keys":[`), `]}`)
	secretForEncryption := strings.Replace(jwkText(t, secret), `"alg":"HS256"`, `"use":"enc"`, 1)
	privateForEncryption := strings.Replace(jwkText(t, other), `"alg":"EdDSA"`, `"use":"enc"`, 1)
	return map[string]http.HandlerFunc{
		"empty object":      publishing(`{}`, ""),
		"no keys":           publishing(`{"keys":[]}`, ""),
		"null":              publishing(`{"keys":null}`, ""),
		"no usable key":     publishing(`{"keys":[{"kty":"AKP"}]}`, ""),
		"nothing":           publishing("", ""),
		"HTML":              publishing("<!doctype html><title>Sign in</title>", ""),
		"good set and more": publishing(published(t, good)+"x", ""),
		"half a set":        publishing(published(t, good)[:80], ""),
		"member twice":      publishing(`{"keys":[],"keys":[`+public+`]}`, ""),
		"500":               status(500),
		"404":               status(404),
		"204":               status(204),
		"206": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(206)
			io.WriteString(w, published(t, good))
		},
		"redirect":        func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"50 MB":           flooding(strings.Repeat(" ", 1<<20), 50),
		"50 MB announced": func(w http.ResponseWriter, _ *http.Request) { w.Header().Set("Content-Length", "52428800") },
		"10^6 keys":       publishing(many(public, 1_000_000), ""),
		"10^6 empty keys": publishing(many("{}", 1_000_000), ""),
		"101 keys":        publishing(many(`{"kty":"AKP"}`, 100)[:len(many(`{"kty":"AKP"}`, 100))-2]+","+public+"]}", ""),
		"deep":            publishing(`{"keys":`+strings.Repeat("[", 1<<19), ""),
		"gzip": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.Write([]byte(published(t, good)))
		},
		"connection broken": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"body broken": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "1000")
			w.Write([]byte(published(t, good)[:80]))
		},
		"private":                publishing(setOf(jwkText(t, good)), ""),
		"private among public":   publishing(setOf(public, jwkText(t, other)), ""),
		"private for encryption": publishing(setOf(public, privateForEncryption), ""),
		"secret":                 publishing(setOf(jwkText(t, secret)), ""),
		"secret among public":    publishing(setOf(public, jwkText(t, secret)), ""),
		"secret for encryption":  publishing(setOf(public, secretForEncryption), ""),
		"one key ID twice":       publishing(setOf(public, public), ""),
		"a weak key":             publishing(setOf(public, `{"kty":"RSA","alg":"RS256","e":"AQAB","n":"`+strings.Repeat("_", 171)+`"}`), ""),
		"a point off its curve":  publishing(setOf(`{"kty":"EC","crv":"P-256","x":"`+strings.Repeat("A", 43)+`","y":"`+strings.Repeat("A", 43)+`"}`), ""),
		"Cache-Control without sense": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Cache-Control", "max-age=")
			w.WriteHeader(500)
		},
	}
}

// TestA18KeySetDowngrade holds a good set against everything a source could answer with instead.
func TestA18KeySetDowngrade(t *testing.T) {
	key := named(t, core.ES256, "first")
	source := newIssuer(t, publishing(published(t, key), ""))
	source.Config.ErrorLog = quiet
	set := remote(t, source.URL, keys.RemoteOptions{Timeout: 30 * time.Second})
	verifier, token := verifierOf(t, set), tokenOf(t, key)
	wantGood(t, verifier, token)
	fetched := set.Status().Fetched
	for name, answer := range badAnswers(t) {
		t.Run(name, func(t *testing.T) {
			source.set(answer)
			err := set.Refresh(t.Context())
			known(t, err)
			if text := err.Error(); strings.Contains(text, "doctype") || strings.Contains(text, "127.0.0.1") {
				t.Errorf("the error tells too much: %s", text)
			}
			wantGood(t, verifier, token)
			if now := set.Status(); now.Failure == nil || now.Fetched != fetched {
				t.Errorf("status %+v", now)
			}
		})
	}
	t.Run("a stalling body", func(t *testing.T) {
		source.set(stalling)
		hasty := remote(t, source.URL, keys.RemoteOptions{Timeout: 50 * time.Millisecond})
		wantCode(t, hasty.Refresh(t.Context()), core.KeySetUnavailable)
	})
	source.set(publishing(published(t, key), ""))
	if err := set.Refresh(t.Context()); err != nil {
		t.Errorf("it does not recover: %v", err)
	}
}

// TestA18FloodIsCutOff counts what a source gets rid of: the cap and what the system's buffers hold, not what it has.
func TestA18FloodIsCutOff(t *testing.T) {
	var sent atomic.Int64
	done := make(chan struct{}, 100) // more than there can be attempts
	source := newIssuer(t, func(w http.ResponseWriter, _ *http.Request) {
		defer func() { done <- struct{}{} }()
		for piece := make([]byte, 1<<20); sent.Load() < 200<<20; {
			n, err := w.Write(piece)
			sent.Add(int64(n))
			if err != nil {
				return
			}
		}
	})
	set := remote(t, source.URL, keys.RemoteOptions{Timeout: time.Minute})
	wantCode(t, set.Refresh(t.Context()), core.KeySetMalformed)
	<-done
	if sent.Load() > 50<<20 {
		t.Errorf("%d bytes were taken", sent.Load())
	}
}

// TestA15DuplicateOrMixedSet and TestA16PrivateKeyInSet name the codes that TestA18 leaves open.
func TestA15DuplicateOrMixedSet(t *testing.T) {
	wantAnswers(t, map[string]core.Code{"one key ID twice": core.KeyDuplicate, "secret among public": core.KeySetMalformed, "secret for encryption": core.KeySetMalformed})
}

func TestA16PrivateKeyInSet(t *testing.T) {
	wantAnswers(t, map[string]core.Code{"private": core.KeySetMalformed, "private among public": core.KeySetMalformed, "private for encryption": core.KeySetMalformed, "secret": core.KeySetMalformed})
}

// wantAnswers fetches bad answers as the first ones of a source.
func wantAnswers(t *testing.T, want map[string]core.Code) {
	answers := badAnswers(t)
	for name, code := range want {
		t.Run(name, func(t *testing.T) {
			source := newIssuer(t, answers[name])
			set := remote(t, source.URL, keys.RemoteOptions{})
			wantCode(t, set.Refresh(t.Context()), code)
			_, err := set.KeySet(core.Header{Algorithm: "ES256"})
			wantCode(t, err, code)
			wantRefused(t, verifierOf(t, set), tokenOf(t, named(t, core.ES256, "a")), core.KeySetUnavailable)
		})
	}
}

// TestA17ErrorIsNoKey gives a verifier sources that fail in every way their type allows: neither a nil set nor an error counts as a key.
func TestA17ErrorIsNoKey(t *testing.T) {
	token := tokenOf(t, named(t, core.ES256, "a"))
	closed := remote(t, newIssuer(t, status(500)).URL, keys.RemoteOptions{})
	closed.Close()
	for name, source := range map[string]core.KeySetFunc{
		"closed": closed.KeySet,
		"nil":    func(core.Header) (*core.KeySet, error) { return nil, nil },
		"empty":  func(core.Header) (*core.KeySet, error) { return new(core.KeySet), nil },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := core.Verify(token, source, core.Policy{})
			known(t, err)
		})
	}
}

// TestA19RefreshStorm verifies 10,000 tokens with key IDs of their own, from several goroutines, within one cool-down after another.
func TestA19RefreshStorm(t *testing.T) {
	key := named(t, core.ES256, "a")
	source := newIssuer(t, publishing(published(t, key), "max-age=3600"))
	signature, err := key.Sign([]byte("any"))
	if err != nil {
		t.Fatal(err)
	}
	tail := "." + segment(`{"exp":4102444800}`) + "." + base64.RawURLEncoding.EncodeToString(signature)
	synctest.Test(t, func(t *testing.T) {
		verifier := verifierOf(t, remote(t, source.URL, keys.RemoteOptions{Cooldown: time.Minute}))
		wantGood(t, verifier, tokenOf(t, key))
		storm := func() {
			var load sync.WaitGroup
			for worker := range 8 {
				load.Go(func() {
					for i := range 1250 {
						header := segment(`{"alg":"ES256","kid":"` + strconv.Itoa(worker) + "-" + strconv.Itoa(i) + `"}`)
						if _, err := verifier.Verify(header + tail); err == nil {
							t.Error("accepted")
						}
					}
				})
			}
			load.Wait()
			synctest.Wait()
		}
		storm()
		source.wantRequests(t, 1) // the first fetch has only just been
		for round := range int64(3) {
			time.Sleep(time.Minute)
			storm()
			source.wantRequests(t, 2+round)
		}
		wantGood(t, verifier, tokenOf(t, key))
	})
}

func TestRemoteSetRedirects(t *testing.T) {
	key := named(t, core.ES256, "a")
	body := published(t, key)
	other := newIssuer(t, publishing(body, ""))
	hops := func(w http.ResponseWriter, r *http.Request) {
		left, _ := strconv.Atoi(strings.TrimPrefix(r.URL.Path, "/"))
		if left == 0 {
			w.Write([]byte(body))
			return
		}
		http.Redirect(w, r, "/"+strconv.Itoa(left-1), http.StatusFound)
	}
	source := newIssuer(t, hops)
	for _, test := range []struct {
		path      string
		redirects int
		good      bool
	}{{"/0", 0, true}, {"/1", 0, false}, {"/2", 2, true}, {"/3", 2, false}, {"/5", 5, true}} {
		t.Run(test.path+" with "+strconv.Itoa(test.redirects), func(t *testing.T) {
			err := remote(t, source.URL+test.path, keys.RemoteOptions{Redirects: test.redirects}).Refresh(t.Context())
			if (err == nil) != test.good {
				t.Error(err)
			}
		})
	}
	for name, target := range map[string]string{
		"user information": strings.Replace(other.URL, "://", "://a:b@", 1), "another scheme": "file:///dev/zero", "gopher": "gopher://127.0.0.1/",
	} {
		t.Run(name, func(t *testing.T) {
			source.set(func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, target, http.StatusFound) })
			wantCode(t, remote(t, source.URL, keys.RemoteOptions{Redirects: 1}).Refresh(t.Context()), core.KeySetUnavailable)
		})
	}
	other.wantRequests(t, 0)
}
