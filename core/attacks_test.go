package core_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"net"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jeton-dev/jeton/core"
)

// The rows of the attack list that are about more than one token and its keys. Rows A18 and A19, about key sets behind a URL, are tested
// where those are fetched, in core/keys.

// TestA10AndA11NothingIsFetched points a token at a server on this machine, which must not hear of it, whoever signed the token.
func TestA10AndA11NothingIsFetched(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	address := "http://" + listener.Addr().String() + "/keys"
	key, attacker := newKey(t, core.ES256), freshKey(t, core.ES256)
	for _, member := range []string{"jku", "x5u", "jwk", "x5c", "iss"} {
		header := `{"alg":"ES256","` + member + `":"` + address + `"}`
		payload := `{"exp":1790000060,"iss":"` + address + `"}`
		for _, keys := range []core.Keys{key, keySet(t, key)} {
			_, err = core.Verify(sign(t, attacker, header, payload), keys, policy())
			wantCode(t, err, core.SignatureInvalid)
			if _, err := core.Verify(sign(t, key, header, payload), keys, policy()); err != nil {
				t.Errorf("%s: %v", member, err)
			}
		}
		if _, err := core.Decode(sign(t, attacker, header, payload)); err != nil {
			t.Errorf("%s: %v", member, err)
		}
	}
	// A connection that had been made would wait in the listener's queue.
	if err := listener.(*net.TCPListener).SetDeadline(time.Now()); err != nil {
		t.Fatal(err)
	}
	if connection, err := listener.Accept(); err == nil {
		connection.Close()
		t.Error("something connected to where the token points")
	}
}

// TestA13NoSecretNoKey tries every way to come by an HMAC key of nothing.
func TestA13NoSecretNoKey(t *testing.T) {
	for _, algorithm := range []core.Algorithm{core.HS256, core.HS384, core.HS512} {
		for name, secret := range map[string][]byte{"nil": nil, "empty": {}, "one byte": {0}} {
			if _, err := core.NewHMACKey(algorithm, secret); !errors.Is(err, core.KeyTooWeak) {
				t.Errorf("%s, %s: %v", algorithm, name, err)
			}
		}
	}
	mac := hmac.New(sha256.New, nil)
	mac.Write([]byte(segment(`{"alg":"HS256"}`) + "." + segment(`{"exp":1790000060}`)))
	forged := segment(`{"alg":"HS256"}`) + "." + segment(`{"exp":1790000060}`) + "." + segment(string(mac.Sum(nil)))
	for name, find := range map[string]core.KeyFunc{
		"nothing":           func(core.Header) (*core.Key, error) { return nil, nil },
		"nothing and error": func(core.Header) (*core.Key, error) { return nil, errors.New("no such key") },
	} {
		t.Run(name, func(t *testing.T) {
			_, err := core.Verify(forged, find, policy())
			wantCode(t, err, core.KeyNotFound)
		})
	}
	t.Run("zero Key", func(t *testing.T) {
		_, err := core.Verify(forged, core.KeyFunc(func(core.Header) (*core.Key, error) { return new(core.Key), nil }), policy())
		wantCode(t, err, core.AlgorithmMismatch)
		if new(core.Key).Verify([]byte("x"), nil) {
			t.Error("a zero Key verifies")
		}
	})
	t.Run("zero KeySet", func(t *testing.T) {
		_, err := core.Verify(forged, new(core.KeySet), policy())
		wantCode(t, err, core.PolicyInvalid)
	})
}

// TestA16PrivateKeysStayPrivate holds what is published and what signs apart.
func TestA16PrivateKeysStayPrivate(t *testing.T) {
	for _, algorithm := range []core.Algorithm{core.RS256, core.ES256, core.EdDSA} {
		key := newKey(t, algorithm)
		half := public(t, key)
		_, err := core.NewSigner(half, core.SignerOptions{})
		wantCode(t, err, core.KeyUnusable)
		_, err = half.Sign([]byte("x"))
		wantCode(t, err, core.KeyUnusable)
		_, err = core.NewKeySet(half, named(t, key, "private"))
		wantCode(t, err, core.KeySetMalformed)
		published, err := keySet(t, key).Public()
		if err != nil {
			t.Fatal(err)
		}
		text, err := published.MarshalJSON()
		if err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{`"d"`, `"p"`, `"q"`, `"dp"`, `"dq"`, `"qi"`} {
			if strings.Contains(string(text), member) {
				t.Errorf("the public set of %s has %s", algorithm, member)
			}
		}
	}
	_, err := keySet(t, newKey(t, core.HS256)).Public()
	wantCode(t, err, core.KeyUnusable)
}

// TestA17AnErrorIsNoKey has a resolver with the bug of handing a key and an error at once: the error counts. That it cannot hand the
// error as the key is the compiler's work: a KeyFunc returns a *Key, and Keys has a method that no other package can give it.
func TestA17AnErrorIsNoKey(t *testing.T) {
	key := newKey(t, core.HS256)
	_, err := core.Verify(encode(t, goodClaims(), key), core.KeyFunc(func(core.Header) (*core.Key, error) {
		return key, errors.New("stale")
	}), policy())
	wantCode(t, err, core.KeyNotFound)
	keys := reflect.TypeFor[core.Keys]()
	closed := false
	for i := range keys.NumMethod() {
		closed = closed || !keys.Method(i).IsExported()
	}
	if !closed {
		t.Error("another package can make Keys of its own")
	}
}

// TestB10CodesAreComparedInConstantTime reads the source: in the files of keys, signatures and sums are compared by nothing but the
// standard library's own verification and hmac.Equal.
func TestB10CodesAreComparedInConstantTime(t *testing.T) {
	constantTime := 0
	for path, file := range sources(t) {
		if !strings.HasPrefix(path, "key") {
			continue
		}
		ast.Inspect(file, func(node ast.Node) bool {
			switch n := node.(type) {
			case *ast.SelectorExpr:
				owner, _ := n.X.(*ast.Ident)
				switch {
				case owner == nil:
				case owner.Name == "hmac" && n.Sel.Name == "Equal":
					constantTime++
				case owner.Name == "bytes" && (n.Sel.Name == "Equal" || n.Sel.Name == "Compare"), owner.Name == "slices" && n.Sel.Name == "Equal":
					t.Errorf("%s compares bytes with %s.%s", path, owner.Name, n.Sel.Name)
				}
			case *ast.BinaryExpr:
				if n.Op == token.EQL || n.Op == token.NEQ {
					for _, side := range []ast.Expr{n.X, n.Y} {
						if name := nameIn(side); name == "signature" || name == "sum" {
							t.Errorf("%s compares %s with %s", path, name, n.Op)
						}
					}
				}
			}
			return true
		})
	}
	if constantTime != 1 {
		t.Errorf("hmac.Equal is used %d times in the files of keys", constantTime)
	}
}

// nameIn returns the name of what an expression reads: a variable, an element of one, or one turned into a string.
func nameIn(e ast.Expr) string {
	switch n := e.(type) {
	case *ast.Ident:
		return n.Name
	case *ast.IndexExpr:
		return nameIn(n.X)
	case *ast.SliceExpr:
		return nameIn(n.X)
	case *ast.CallExpr:
		if function, ok := n.Fun.(*ast.Ident); ok && function.Name == "string" && len(n.Args) == 1 {
			return nameIn(n.Args[0])
		}
	}
	return ""
}

// TestD16NoPatterns looks for a way to give the policy a regular expression, which a token could make slow.
func TestD16NoPatterns(t *testing.T) {
	for path, file := range sources(t) {
		for _, spec := range file.Imports {
			if name, _ := strconv.Unquote(spec.Path.Value); strings.HasPrefix(name, "regexp") {
				t.Errorf("%s imports %s", path, name)
			}
		}
	}
	policy := reflect.TypeFor[core.Policy]()
	for i := range policy.NumField() {
		field := policy.Field(i)
		if field.Type.Kind() == reflect.Func && !slices.Contains([]string{"Clock", "Revoked"}, field.Name) {
			t.Errorf("Policy.%s lets a caller's code decide about claims", field.Name)
		}
	}
}

// TestD17UnverifiedSaysSo holds the types apart: nothing makes a Token but a verification, and every method of Unverified says what it is.
func TestD17UnverifiedSaysSo(t *testing.T) {
	unverified, verified := reflect.TypeFor[*core.Unverified](), reflect.TypeFor[*core.Token]()
	for i := range unverified.NumMethod() {
		name := unverified.Method(i).Name
		if !strings.HasPrefix(name, "Unverified") {
			t.Errorf("Unverified.%s could be mistaken for something checked", name)
		}
		if _, both := verified.MethodByName(name); both {
			t.Errorf("Unverified and Token share %s, so one interface takes either", name)
		}
	}
	if verified.ConvertibleTo(unverified) || unverified.ConvertibleTo(verified) {
		t.Error("one converts to the other")
	}
	pending := reflect.TypeFor[*core.PendingVerification]()
	for i := range pending.NumMethod() {
		switch name := pending.Method(i).Name; name {
		case "SigningInput", "Signature", "Algorithm", "Key", "Finish":
		default:
			t.Errorf("PendingVerification.%s may say something before the signature is checked", name)
		}
	}
	if _, ok := new(core.Token).Subject(); ok {
		t.Error("a zero Token has claims")
	}
}

// sources parses the files of package core, tests left out, by their names.
func sources(t *testing.T) map[string]*ast.File {
	t.Helper()
	parsed := make(map[string]*ast.File)
	paths, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	internal, err := filepath.Glob(filepath.Join("internal", "*", "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, internal...) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		parsed[path] = file
	}
	if len(parsed) < 30 {
		t.Fatalf("only %d files: %v", len(parsed), fs.ErrNotExist)
	}
	return parsed
}

func freshKey(t testing.TB, algorithm core.Algorithm) *core.Key {
	t.Helper()
	key, err := core.GenerateKey(algorithm)
	if err != nil {
		t.Fatal(err)
	}
	return key
}
