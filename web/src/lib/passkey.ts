/** Asks the browser for passkeys; the server's questions and the answers are JSON with base64url in place of bytes. */
type Json = Record<string, unknown>

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'))
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0))
}
function letters(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer))
  return btoa(plain).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
interface Known {
  id: string
  type: 'public-key'
  transports?: AuthenticatorTransport[]
}
const known = (list: unknown) => ((list ?? []) as Known[]).map((one) => ({ ...one, id: bytes(one.id) }))

/** Whether this browser, at this address, knows passkeys at all. */
export const passkeysHere = (): boolean => window.isSecureContext && typeof PublicKeyCredential === 'function'

/** Somebody closed the browser's own dialog, or let it pass. */
export const declined = (error: unknown): boolean =>
  error instanceof DOMException && (error.name === 'NotAllowedError' || error.name === 'AbortError')

/** The device has a passkey of this account already. */
export const already = (error: unknown): boolean => error instanceof DOMException && error.name === 'InvalidStateError'

function answer(credential: PublicKeyCredential, response: Json): Json {
  return {
    id: credential.id,
    rawId: letters(credential.rawId),
    type: credential.type,
    ...(credential.authenticatorAttachment ? { authenticatorAttachment: credential.authenticatorAttachment } : {}),
    clientExtensionResults: {},
    response,
  }
}

/** Has the browser make a passkey. */
export async function makePasskey(options: Json): Promise<Json> {
  const asked = options as { challenge: string; user: { id: string }; excludeCredentials?: unknown }
  const publicKey = {
    ...options,
    challenge: bytes(asked.challenge),
    user: { ...asked.user, id: bytes(asked.user.id) },
    excludeCredentials: known(asked.excludeCredentials),
  } as unknown as PublicKeyCredentialCreationOptions
  const made = (await navigator.credentials.create({ publicKey })) as PublicKeyCredential
  const response = made.response as AuthenticatorAttestationResponse
  return answer(made, {
    clientDataJSON: letters(response.clientDataJSON),
    attestationObject: letters(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  })
}

/** Has the browser show a passkey. */
export async function showPasskey(options: Json): Promise<Json> {
  const asked = options as { challenge: string; allowCredentials?: unknown }
  const publicKey = {
    ...options,
    challenge: bytes(asked.challenge),
    allowCredentials: known(asked.allowCredentials),
  } as unknown as PublicKeyCredentialRequestOptions
  const shown = (await navigator.credentials.get({ publicKey })) as PublicKeyCredential
  const response = shown.response as AuthenticatorAssertionResponse
  return answer(shown, {
    clientDataJSON: letters(response.clientDataJSON),
    authenticatorData: letters(response.authenticatorData),
    signature: letters(response.signature),
    ...(response.userHandle ? { userHandle: letters(response.userHandle) } : {}),
  })
}
