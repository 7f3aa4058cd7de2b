// Verifies deliveries as their receivers would. One JSON object a line on stdin: {"secret", "headers", "body"}, the body in
// base64. Prints {"verified": N}; exits with 1 and says what was wrong at the first one that any of the three refuses, or
// accepts although a byte was changed.
import crypto from "node:crypto";
import readline from "node:readline";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { Webhook as SvixWebhook } from "svix";

function verifySnippet(body, header, secret) {
  const expected = "sha256=" + crypto.createHmac("sha256", secret).update(body).digest("hex");
  const given = Buffer.from(header ?? "");
  const wanted = Buffer.from(expected);
  if (given.length !== wanted.length || !crypto.timingSafeEqual(given, wanted)) throw new Error("signature does not match");
}

const verifiers = {
  standardwebhooks: (body, headers, secret) => new StandardWebhook(secret).verify(body.toString("utf8"), headers),
  svix: (body, headers, secret) => new SvixWebhook(secret).verify(body.toString("utf8"), headers),
  "crypto.timingSafeEqual": (body, headers, secret) => verifySnippet(body, headers["x-hookstream-signature"], secret),
};

function tamper(body) {
  const changed = Buffer.from(body);
  const position = changed.indexOf('"data":');
  changed[position + 1] = "D".charCodeAt(0);
  return changed;
}

function fail(line, reason) {
  console.error(`delivery ${line}: ${reason}`);
  process.exit(1);
}

let verified = 0;
for await (const line of readline.createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  const delivery = JSON.parse(line);
  const body = Buffer.from(delivery.body, "base64");
  for (const [name, verify] of Object.entries(verifiers)) {
    try {
      verify(body, delivery.headers, delivery.secret);
    } catch (error) {
      fail(verified, `${name} refuses it: ${error.message}`);
    }
    let accepted = true;
    try {
      verify(tamper(body), delivery.headers, delivery.secret);
    } catch {
      accepted = false;
    }
    if (accepted) fail(verified, `${name} accepts a body that was tampered with`);
  }
  verified++;
}
console.log(JSON.stringify({ verified }));
