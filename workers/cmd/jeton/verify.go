package main

import (
	"strconv"
	"time"

	"github.com/jeton-dev/jeton/core"
	"github.com/spf13/cobra"
)

// maxLeeway is what core accepts at most.
const maxLeeway = 10 * time.Minute

// verifyOptions are the flags of verify.
type verifyOptions struct {
	keys            string
	algorithms      []string
	issuer          string
	audiences       []string
	tokenType       string
	leeway          time.Duration
	now             string
	allowMissingExp bool
	lines           bool
}

func newVerifyCommand() *cobra.Command {
	var options verifyOptions
	cmd := &cobra.Command{
		Use:   "verify --keys FILE [flags] [TOKEN]",
		Short: "Check a token's signature and claims",
		Long: `Check TOKEN, or the token on standard input, with the keys in FILE (a JWK or a JWK Set), and print its header and claims as
JSON, or why it was refused.

The signature must be right, "exp" must be there and not passed, "nbf" and "iat" must not lie in the future. The other flags add
what else is expected.

` + linesHelp,
		Example: `  jeton verify --keys public.jwk --iss https://login.example --aud api "$TOKEN"
  jeton verify --keys keys.json --lines < tokens.txt`,
		Args: atMost(1, "one TOKEN"),
		RunE: func(cmd *cobra.Command, args []string) error {
			verifier, err := options.verifier(cmd)
			if err != nil {
				return err
			}
			return answerTokens(cmd, args, options.lines, func(token string) (header, claims []byte, err error) {
				verified, err := verifier.Verify(token)
				if err != nil {
					return nil, nil, err
				}
				return verified.Header(), verified.Payload(), nil
			})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&options.keys, "keys", "", "the keys, a JWK or JWK Set `FILE`")
	flags.StringArrayVar(&options.algorithms, "alg", nil, "accept only this `ALGORITHM`; also says what a key without \"alg\" is for (repeatable)")
	flags.StringVar(&options.issuer, "iss", "", "the expected `ISSUER`")
	flags.StringArrayVar(&options.audiences, "aud", nil, "an expected `AUDIENCE`; one of several must match (repeatable)")
	flags.StringVar(&options.tokenType, "typ", "", "the expected `TYPE` in the header, such as at+jwt")
	flags.DurationVar(&options.leeway, "leeway", 0, "how far the clocks may differ, such as 30s; at most 10m")
	flags.StringVar(&options.now, "now", "", "check the times as of this `UNIX` time, in whole seconds")
	flags.BoolVar(&options.allowMissingExp, "allow-missing-exp", false, "accept tokens without \"exp\", which never expire")
	flags.BoolVar(&options.lines, "lines", false, "read one token per line from standard input")
	return cmd
}

// verifier returns the verifier that the flags ask for.
func (o *verifyOptions) verifier(cmd *cobra.Command) (*core.Verifier, error) {
	if !cmd.Flags().Changed("keys") {
		return nil, usageError("--keys: name the file with the keys")
	}
	if err := refuseEmpty(cmd, "alg", "iss", "aud", "typ", "now"); err != nil {
		return nil, err
	}
	if o.leeway < 0 || o.leeway > maxLeeway {
		return nil, usageError("--leeway: not between 0s and 10m")
	}
	policy := core.Policy{
		Audiences: o.audiences, Type: o.tokenType, Leeway: o.leeway, AllowMissingExpiration: o.allowMissingExp,
		Limits: core.Limits{TokenBytes: maxToken},
	}
	if o.issuer != "" {
		policy.Issuers = []string{o.issuer}
	}
	for _, name := range o.algorithms {
		algorithm, err := core.ParseAlgorithm(name)
		if err != nil {
			return nil, usageError("--alg: not one of %s", algorithmNames())
		}
		policy.Algorithms = append(policy.Algorithms, algorithm)
	}
	if o.now != "" {
		seconds, err := strconv.ParseInt(o.now, 10, 64)
		if err != nil || seconds < 0 || seconds > lastSecond {
			return nil, usageError("--now: not a Unix time in whole seconds")
		}
		policy.Clock = func() time.Time { return time.Unix(seconds, 0) }
	}
	keys, err := readKeys("--keys", o.keys, policy.Algorithms...)
	if err != nil {
		return nil, err
	}
	verifier, err := core.NewVerifier(keys.keys(), policy)
	if err != nil {
		return nil, usageError("--keys %s: %w", o.keys, err)
	}
	return verifier, nil
}

// lastSecond is the end of the year 9999, beyond which a time is a mistake, most often one in milliseconds.
const lastSecond = 253402300799
