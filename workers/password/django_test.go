package password_test

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/jeton-dev/jeton/workers/password"
)

// What testdata/django_hashers.py reads and answers.
type (
	djangoRequest struct {
		Hashers    []string                  `json:"hashers"`
		Attributes map[string]map[string]int `json:"attributes"`
		Make       [][4]any                  `json:"make"`
		Check      [][2]string               `json:"check"`
		MustUpdate [][2]string               `json:"must_update"`
	}
	djangoAnswer struct {
		Made       []string `json:"made"`
		Checked    []bool   `json:"checked"`
		MustUpdate []*bool  `json:"must_update"`
	}
)

// djangoIterations keeps PBKDF2 quick on both sides.
const djangoIterations = 1200

var djangoPasswords = []string{
	"pässwörd 🔑", correct + "!", " spaces around ", `quotes ' " \ $ `, "!", "e\u0301 is not \u00e9", strings.Repeat("0123456789", 7) + "72",
}

// cheap has the costs that keep the formats quick whose costs are not to choose here; all but the first password are hashed so.
var cheap = map[string]map[string]int{
	pathArgon2:       {"memory_cost": 64},
	pathBCryptSHA256: {"rounds": 4},
	pathBCrypt:       {"rounds": 4},
	pathScrypt:       {"work_factor": 16},
}

// askDjango runs the script. It skips the test unless JETON_DJANGO_PYTHON names a Python that has Django, argon2-cffi and bcrypt.
func askDjango(t *testing.T, request djangoRequest) djangoAnswer {
	t.Helper()
	python := os.Getenv("JETON_DJANGO_PYTHON")
	if python == "" {
		t.Skip("JETON_DJANGO_PYTHON names no Python with Django")
	}
	request.Hashers = modernPaths
	request.Attributes = map[string]map[string]int{"PBKDF2PasswordHasher": {"iterations": djangoIterations}}
	for _, list := range []*[][2]string{&request.Check, &request.MustUpdate} {
		if *list == nil {
			*list = [][2]string{}
		}
	}
	if request.Make == nil {
		request.Make = [][4]any{}
	}
	input, err := json.Marshal(request)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), python, "testdata/django_hashers.py")
	cmd.Stdin = bytes.NewReader(input)
	cmd.Stderr = os.Stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var answer djangoAnswer
	err = json.Unmarshal(output, &answer)
	if err != nil || len(answer.Made) != len(request.Make) || len(answer.Checked) != len(request.Check) || len(answer.MustUpdate) != len(request.MustUpdate) {
		t.Fatalf("the script answered %q (%v)", output, err)
	}
	return answer
}

// class returns the name of a hasher without its module.
func class(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

// firstOf returns the hashers of all formats, of which the one at path makes new hashes.
func firstOf(t *testing.T, path string) *password.Hashers {
	return newHashers(t, password.Options{Hashers: append([]string{path}, modernPaths...), Iterations: djangoIterations}, password.Native())
}

var djangoHashesOnce struct {
	sync.Once
	passwords, encoded []string
}

// djangoHashes returns the same hashes by Django to every test.
func djangoHashes(t *testing.T) (passwords, encoded []string) {
	t.Helper()
	djangoHashesOnce.Do(func() { djangoHashesOnce.passwords, djangoHashesOnce.encoded = makeDjangoHashes(t) })
	if djangoHashesOnce.encoded == nil {
		t.Skip("Django made no hashes; see the first test that asked for them")
	}
	return djangoHashesOnce.passwords, djangoHashesOnce.encoded
}

// makeDjangoHashes has Django make a hash of every format for each of the passwords, and some with other costs and salts.
func makeDjangoHashes(t *testing.T) (passwords, encoded []string) {
	var request djangoRequest
	add := func(class, plain string, attributes map[string]int, salt string) {
		if attributes == nil {
			attributes = map[string]int{}
		}
		request.Make = append(request.Make, [4]any{class, plain, attributes, salt})
		passwords = append(passwords, plain)
	}
	for _, path := range modernPaths {
		for i, plain := range djangoPasswords {
			attributes := cheap[path]
			if i < 1 {
				attributes = nil
			}
			add(class(path), plain, attributes, "")
		}
	}
	for _, salt := range []string{"a", "abcdefGHIJ12", "abcdefghijABCDEFGHIJ1", "abcdefghijABCDEFGHIJ12", "ä b-cdefghijABCDEFGHIJ", "a much longer salt than any"} {
		add("PBKDF2PasswordHasher", correct, nil, salt)
		add("PBKDF2SHA1PasswordHasher", correct, nil, salt)
		add("ScryptPasswordHasher", correct, map[string]int{"work_factor": 16}, salt)
		add("MD5PasswordHasher", correct, nil, salt)
		if len(salt) >= 8 { // or argon2-cffi refuses it
			add("Argon2PasswordHasher", correct, map[string]int{"memory_cost": 64, "parallelism": 2}, salt)
		}
	}
	add("Argon2PasswordHasher", correct, nil, "abcdefghijABCDEFGHIJ1")
	for _, iterations := range []int{1, djangoIterations - 1, djangoIterations, djangoIterations + 1} {
		add("PBKDF2PasswordHasher", correct, map[string]int{"iterations": iterations}, "")
		add("PBKDF2SHA1PasswordHasher", correct, map[string]int{"iterations": iterations}, "")
	}
	for name, values := range map[string][]int{"memory_cost": {64, 65}, "time_cost": {1}, "parallelism": {7}} {
		for _, value := range values {
			add("Argon2PasswordHasher", correct, map[string]int{name: value}, "")
		}
	}
	for _, rounds := range []int{4, 11} {
		add("BCryptPasswordHasher", correct, map[string]int{"rounds": rounds}, "")
		add("BCryptSHA256PasswordHasher", correct, map[string]int{"rounds": rounds}, "")
	}
	for name, values := range map[string][]int{"work_factor": {2, 1 << 13}, "block_size": {1, 7}, "parallelism": {1, 6}} {
		for _, value := range values {
			add("ScryptPasswordHasher", correct, map[string]int{name: value}, "")
		}
	}
	return passwords, askDjango(t, request).Made
}

// TestDjangoMade checks that hashes Django made match here, and wrong passwords do not.
func TestDjangoMade(t *testing.T) {
	passwords, encoded := djangoHashes(t)
	hashers := newHashers(t, password.Options{Hashers: modernPaths, Iterations: 1}, password.Native())
	for i, plain := range passwords {
		if !check(t, hashers, plain, encoded[i]) {
			t.Errorf("Django's hash %q of %q is not matched by it", encoded[i], plain)
		}
		if plain != correct && check(t, hashers, plain+"x", encoded[i]) {
			t.Errorf("Django's hash %q of %q is matched by more", encoded[i], plain)
		}
	}
}

// TestDjangoChecks checks that Django accepts the hashes made here, and the vectors.
func TestDjangoChecks(t *testing.T) {
	askDjango(t, djangoRequest{}) // or skip before anything is hashed
	var request djangoRequest
	var want []bool
	add := func(plain, encoded string) {
		request.Check = append(request.Check, [2]string{plain, encoded}, [2]string{plain + "x", encoded})
		want = append(want, true, false)
	}
	for _, path := range modernPaths {
		hashers := firstOf(t, path)
		for i, plain := range djangoPasswords {
			if i < 1 || cheap[path] == nil {
				add(plain, makeHash(t, hashers, plain))
			}
		}
	}
	for _, v := range vectors {
		if slices.Contains(modernPaths, v.path) {
			add(v.password, v.encoded)
		}
	}
	for i, ok := range askDjango(t, request).Checked {
		if ok != want[i] {
			t.Errorf("Django says %v for %q and %q, want %v", ok, request.Check[i][0], request.Check[i][1], want[i])
		}
	}
}

// TestDjangoMustUpdate asks both sides about every hash with every hasher as the preferred one.
func TestDjangoMustUpdate(t *testing.T) {
	_, hashes := djangoHashes(t)
	for _, v := range vectors {
		if slices.Contains(modernPaths, v.path) {
			hashes = append(hashes, v.encoded)
		}
	}
	hashes = append(hashes, "", "!", "!abc", "unknown$a$b", "sha1$abcdefghijABCDEFGHIJ12$cfdd1b012b26076ed889dae09332017eb8b54ba2")
	var request djangoRequest
	for _, path := range modernPaths {
		for _, encoded := range hashes {
			request.MustUpdate = append(request.MustUpdate, [2]string{class(path), encoded})
		}
	}
	answers := askDjango(t, request).MustUpdate
	for i, path := range modernPaths {
		hashers := firstOf(t, path)
		for j, encoded := range hashes {
			answer := answers[i*len(hashes)+j]
			if django := answer != nil && *answer; hashers.MustUpdate(encoded) != django {
				t.Errorf("%s: Django says %v for %q", class(path), django, encoded)
			}
		}
	}
}

// TestDjangoDamaged changes a character of cheap hashes here and there: what Django does not accept must not match here, nor the other
// way round.
func TestDjangoDamaged(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("the seed is %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	var request djangoRequest
	for _, v := range vectors {
		if !slices.Contains(modernPaths, v.path) || v.name == "Argon2id" || v.path == pathScrypt || v.password == "" {
			continue // not cheap, or Django refuses the empty password beforehand
		}
		for range 60 {
			request.Check = append(request.Check, [2]string{v.password, damage(random, v.encoded)})
		}
	}
	hashers := newHashers(t, password.Options{Hashers: modernPaths, Iterations: 1}, password.Native())
	for i, django := range askDjango(t, request).Checked {
		plain, encoded := request.Check[i][0], request.Check[i][1]
		if check(t, hashers, plain, encoded) != django {
			t.Errorf("Django says %v for %q and %q", django, plain, encoded)
		}
	}
}

// damage takes a character away, puts one in, or replaces one. It writes no digit, so that no cost grows.
func damage(random *rand.Rand, encoded string) string {
	const characters = "$$$,==+-_./ \néABYZabyz"
	at := random.IntN(len(encoded))
	some := string([]rune(characters)[random.IntN(len([]rune(characters)))])
	switch random.IntN(4) {
	case 0:
		return encoded[:at] + encoded[at+1:]
	case 1:
		return encoded[:at] + some + encoded[at:]
	case 2:
		return encoded + some
	}
	return encoded[:at] + some + encoded[at+1:]
}
