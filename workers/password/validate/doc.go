// Package validate judges new passwords as Django's four password validators do, with the same results, messages and codes.
//
// [Parse] reads Django's setting AUTH_PASSWORD_VALIDATORS, [Check] asks every validator. A program adds a [Validator] of its own to what
// Parse gives.
package validate
