/** What the server sends and takes: the browser's own objects with every byte string written in base64url. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** The fields of the options that are byte strings, wherever they stand. */
const BYTES = new Set(["challenge", "id"]);

export function fromBase64Url(text: string): ArrayBuffer {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const bytes = new Uint8Array(binary.length);
  for (let index = 0; index < binary.length; index += 1) bytes[index] = binary.charCodeAt(index);
  return bytes.buffer;
}

export function toBase64Url(buffer: ArrayBuffer): string {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

/** The options as the browser wants them: bytes for the challenge, the person and every known key. */
export function decoded(options: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(options).map(([name, value]) => [name, name === "rp" ? value : decodedValue(name, value)]),
  );
}

function decodedValue(name: string, value: Json): Json {
  if (Array.isArray(value)) return value.map((one) => decodedValue(name, one));
  if (value !== null && typeof value === "object") return decoded(value);
  // The browser takes bytes where JSON holds a string; the type of the result is the browser's.
  return BYTES.has(name) && typeof value === "string" ? (fromBase64Url(value) as unknown as Json) : value;
}

/** What a new or a used key answered, as the server reads it. */
export function encoded(credential: PublicKeyCredential): JsonObject {
  return {
    id: credential.id,
    rawId: toBase64Url(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults() as unknown as Json,
    response: encodedResponse(credential.response),
  };
}

function encodedResponse(response: AuthenticatorResponse): JsonObject {
  const parts: JsonObject = { clientDataJSON: toBase64Url(response.clientDataJSON) };
  if ("attestationObject" in response) {
    const made = response as AuthenticatorAttestationResponse;
    parts.attestationObject = toBase64Url(made.attestationObject);
    parts.transports = made.getTransports?.() ?? [];
    return parts;
  }
  const used = response as AuthenticatorAssertionResponse;
  parts.authenticatorData = toBase64Url(used.authenticatorData);
  parts.signature = toBase64Url(used.signature);
  if (used.userHandle) parts.userHandle = toBase64Url(used.userHandle);
  return parts;
}

/** Why it did not work, for the person before the screen. */
export function sentence(error: unknown): string {
  const name = error instanceof Error ? error.name : "";
  if (name === "NotAllowedError") return "没有完成，或者等得太久。请再试一次。";
  if (name === "InvalidStateError") return "这台设备已经添加过通行密钥。";
  if (name === "SecurityError") return "当前网址不能使用通行密钥，请用域名和 HTTPS 打开。";
  if (name === "NotSupportedError") return "这台设备不支持通行密钥。";
  return "没有成功，请再试一次。";
}
