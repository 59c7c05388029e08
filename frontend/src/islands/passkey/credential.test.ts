import assert from "node:assert/strict";
import { test } from "node:test";
import { decoded, encoded, fromBase64Url, sentence, toBase64Url } from "./credential";

const bytes = (...values: number[]): ArrayBuffer => new Uint8Array(values).buffer;
const list = (buffer: unknown): number[] => [...new Uint8Array(buffer as ArrayBuffer)];

test("bytes survive the way to text and back, without padding", () => {
  for (const values of [[], [0], [251, 255], [1, 2, 3, 250, 255, 190]]) {
    const text = toBase64Url(bytes(...values));
    assert.match(text, /^[\w-]*$/);
    assert.deepEqual(list(fromBase64Url(text)), values);
  }
});

test("the challenge, the person and known keys become bytes; the house and the words stay", () => {
  const made = decoded({
    challenge: "AQI",
    rp: { id: "localhost", name: "创卫" },
    user: { id: "AQ", name: "li" },
    excludeCredentials: [{ id: "_w", type: "public-key" }],
    timeout: 60,
  }) as unknown as { [name: string]: unknown };
  assert.deepEqual(list(made.challenge), [1, 2]);
  assert.deepEqual(made.rp, { id: "localhost", name: "创卫" });
  assert.deepEqual(list((made.user as { id: unknown }).id), [1]);
  assert.deepEqual(list((made.excludeCredentials as { id: unknown }[])[0]?.id), [255]);
  assert.equal(made.timeout, 60);
});

test("a new key carries its proof, a used one its signature and whose it is", () => {
  const common = { id: "AQ", rawId: bytes(1), type: "public-key", getClientExtensionResults: () => ({}) };
  const made = encoded({
    ...common,
    response: { clientDataJSON: bytes(2), attestationObject: bytes(3), getTransports: () => ["usb"] },
  } as never);
  assert.deepEqual(made.response, { clientDataJSON: "Ag", attestationObject: "Aw", transports: ["usb"] });
  const used = encoded({
    ...common,
    response: { clientDataJSON: bytes(2), authenticatorData: bytes(4), signature: bytes(5), userHandle: bytes(6) },
  } as never);
  assert.deepEqual(used.response, {
    clientDataJSON: "Ag",
    authenticatorData: "BA",
    signature: "BQ",
    userHandle: "Bg",
  });
});

test("every failure is a Chinese sentence", () => {
  for (const name of ["NotAllowedError", "InvalidStateError", "SecurityError", "NotSupportedError", "Other"]) {
    assert.match(sentence(Object.assign(new Error("x"), { name })), /[一-龥].*。$/);
  }
  assert.match(sentence("odd"), /再试/);
});
