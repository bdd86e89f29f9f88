package main

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxPassword is the longest password, in bytes. Django's forms take as many characters.
const maxPassword = 4096

// checkPassword refuses passwords that could be stored but never used.
func checkPassword(plain string) error {
	switch {
	case plain == "":
		return errors.New("is empty")
	case len(plain) > maxPassword:
		return fmt.Errorf("is longer than %d bytes", maxPassword)
	case !utf8.ValidString(plain):
		return errors.New("is not valid UTF-8")
	case strings.ContainsRune(plain, 0):
		return errors.New("contains a NUL character, which the login endpoint refuses")
	case strings.TrimFunc(plain, unicode.IsSpace) != plain:
		return errors.New("begins or ends with white space, which the login endpoint strips")
	}
	return nil
}

// checkUsername applies Django's rule for the usernames of auth_user.
func checkUsername(name string) error {
	switch length := utf8.RuneCountInString(name); {
	case !utf8.ValidString(name):
		return errors.New("not valid UTF-8")
	case length == 0:
		return errors.New("the username is empty")
	case length > 150:
		return errors.New("the username is longer than 150 characters")
	}
	for _, r := range name {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !strings.ContainsRune("@.+-_", r) {
			return errors.New("a username has only letters, digits and @ . + - _")
		}
	}
	return nil
}

// normalizeEmail checks the form of an address and returns it with its domain in lower case, as Django stores it.
func normalizeEmail(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	at := strings.LastIndexByte(address, '@')
	switch {
	case len(address) > 254:
		return "", errors.New("longer than 254 bytes")
	case at <= 0 || at == len(address)-1 || !utf8.ValidString(address):
		return "", errors.New("not a mail address")
	case strings.ContainsFunc(address, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }):
		return "", errors.New("not a mail address")
	}
	return address[:at+1] + strings.ToLower(address[at+1:]), nil
}
