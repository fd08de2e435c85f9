/**
 * Frames on a pipe: one byte that says what it is, four bytes of length (big-endian), the payload. A message is a
 * payload of JSON and is delivered whole; data is handed on in the pieces it arrives in.
 */
export type Frame =
  | { readonly kind: 'message'; readonly message: unknown }
  | { readonly kind: 'data'; readonly chunk: Uint8Array }

/** The other side broke the protocol. */
export class ProtocolError extends Error {
  constructor(message: string, options: { cause?: unknown } = {}) {
    super(message, options)
    this.name = 'ProtocolError'
  }
}

const headerBytes = 5
const messageType = 0x4d
const dataType = 0x44

export function messageFrame(message: unknown): Uint8Array {
  const payload = Buffer.from(JSON.stringify(message))
  return Buffer.concat([header(messageType, payload.length), payload])
}

/** To be followed by that many bytes. */
export const dataFrameHeader = (bytes: number): Uint8Array => header(dataType, bytes)

function header(type: number, length: number): Buffer {
  const bytes = Buffer.allocUnsafe(headerBytes)
  bytes[0] = type
  bytes.writeUInt32BE(length, 1)
  return bytes
}

/**
 * Frames out of the chunks of a pipe.
 *
 * @param maxMessageBytes a longer message is refused before any of it is held
 * @throws ProtocolError
 */
export async function* readFrames(
  pipe: AsyncIterable<Uint8Array>,
  maxMessageBytes: number,
): AsyncGenerator<Frame> {
  const head = Buffer.alloc(headerBytes)
  let headFilled = 0
  let dataBytes = 0
  let message: { readonly bytes: Buffer; filled: number } | null = null

  for await (const piece of pipe) {
    const chunk = Buffer.from(piece.buffer, piece.byteOffset, piece.length)
    for (let at = 0; at < chunk.length; ) {
      if (dataBytes > 0) {
        const taken = chunk.subarray(at, at + dataBytes)
        dataBytes -= taken.length
        at += taken.length
        yield { kind: 'data', chunk: taken }
      } else if (message !== null) {
        const copied = chunk.copy(message.bytes, message.filled, at)
        message.filled += copied
        at += copied
        if (message.filled < message.bytes.length) continue
        yield { kind: 'message', message: parse(message.bytes) }
        message = null
      } else {
        const copied = chunk.copy(head, headFilled, at)
        headFilled += copied
        at += copied
        if (headFilled < headerBytes) continue
        headFilled = 0
        const length = head.readUInt32BE(1)
        if (head[0] === dataType) dataBytes = length
        else if (head[0] !== messageType) throw new ProtocolError('a frame is of no known type')
        else if (length === 0 || length > maxMessageBytes)
          throw new ProtocolError(`a message has ${length} bytes`)
        else message = { bytes: Buffer.allocUnsafe(length), filled: 0 }
      }
    }
  }
  if (headFilled > 0 || dataBytes > 0 || message !== null) {
    throw new ProtocolError('the pipe ends in the middle of a frame')
  }
}

function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch (cause) {
    throw new ProtocolError('a message is not JSON', { cause })
  }
}
