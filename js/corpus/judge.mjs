// What the outcomes of a host are held against: what each case expects, and the exceptions below.

/** The codes for what is looked at only once the signature is good (core/corpus/README.md). */
const afterSignature = new Set([
  "payload_malformed", "type_mismatch", "token_expired", "token_not_yet_valid", "token_issued_in_future", "token_too_old", "claim_missing",
  "claim_malformed", "issuer_mismatch", "audience_mismatch", "subject_mismatch", "token_revoked", "revocation_unknown",
]);

/** How an outcome begins that is an error of the host's own, and none of the package's. */
const threw = "threw ";

/**
 * Where a host says something else than the case expects, and why that cannot be otherwise. One that is no longer needed fails.
 *
 * @type {{ hosts: RegExp, name: string, outcome: string, reason: string }[]}
 */
export const exceptions = [
  {
    hosts: /Node|Chromium|Deno|Bun|workerd/,
    name: "A16 a member twice",
    outcome: "accepted",
    reason: "the package takes a JWK that JSON.parse has read, which keeps the last of two members of one name",
  },
];

/** Reports whether an outcome is what a case expects. */
export function meets({ expect }, outcome) {
  if (outcome.startsWith(threw)) return false;
  return expect === "refused" ? outcome !== "accepted" && !afterSignature.has(outcome) : outcome === expect;
}

/** The collection or the part of the attack list that a case comes from. */
export function groupOf({ name }) {
  const [first, second] = name.split(" ");
  if (first === "Wycheproof") return { json_web_signature: "JWS", json_web_key: "JWK" }[second] ?? second.split("_")[0].toUpperCase();
  return /^[A-Z]\d+$/.test(first) ? `attacks ${first[0]}` : "standards";
}

/**
 * Compares what a host says with what is expected.
 *
 * @returns {{ counts: Map<string, { met: number, asked: number }>, differences: string[], skipped: Map<string, number>, excepted: Set<object> }}
 */
export function judge(host, cases, outcomes) {
  const counts = new Map(cases.map((one) => [groupOf(one), { met: 0, asked: 0 }]));
  const [differences, skipped, excepted] = [[], new Map(), new Set()];
  if (outcomes.length !== cases.length) differences.push(`${host}: ${outcomes.length} outcomes for ${cases.length} cases`);
  for (const [index, one] of cases.entries()) {
    const { outcome = "no outcome", skipped: reason, fault } = outcomes[index] ?? { fault: "the host says nothing" };
    if (reason) {
      skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
      continue;
    }
    const count = counts.get(groupOf(one));
    count.asked++;
    const exception = exceptions.find(({ hosts, name }) => hosts.test(host) && name === one.name);
    if (exception) excepted.add(exception);
    const met = meets(one, outcome);
    if (!fault && (exception ? outcome === exception.outcome && !met : met)) count.met++;
    else if (exception && met) differences.push(`${host}: ${one.name}: ${outcome}, as expected: the exception is not needed`);
    else differences.push(`${host}: ${one.name}: ${outcome}, want ${exception?.outcome ?? one.expect}${fault ? `; ${fault}` : ""}`);
  }
  return { counts, differences, skipped, excepted };
}
