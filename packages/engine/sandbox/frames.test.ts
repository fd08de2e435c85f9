import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dataFrameHeader, type Frame, messageFrame, ProtocolError, readFrames } from './frames.ts'

async function* pieces(bytes: Uint8Array, step: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}

/** Frames, with data that follows data put together. */
async function framesOf(bytes: Uint8Array, step = 10_000, maxMessageBytes = 1000): Promise<Frame[]> {
  const frames: Frame[] = []
  for await (const frame of readFrames(pieces(bytes, step), maxMessageBytes)) {
    const last = frames.at(-1)
    if (frame.kind === 'data' && last?.kind === 'data') {
      frames[frames.length - 1] = { kind: 'data', chunk: Buffer.concat([last.chunk, frame.chunk]) }
    } else frames.push(frame)
  }
  return frames
}

test('messages and data arrive as they were sent, in pieces of any size', async () => {
  const frame = fc.oneof(
    fc.record({ kind: fc.constant('message' as const), message: fc.jsonValue({ maxDepth: 2 }) }),
    fc.uint8Array({ maxLength: 300 }).map(chunk => ({ kind: 'data' as const, chunk: Buffer.from(chunk) })),
  )
  await fc.assert(
    fc.asyncProperty(
      fc.array(frame, { maxLength: 6 }),
      fc.integer({ min: 1, max: 200 }),
      async (frames, step) => {
        const bytes = frames.map(one =>
          one.kind === 'message'
            ? messageFrame(one.message)
            : Buffer.concat([dataFrameHeader(one.chunk.length), one.chunk]),
        )
        const sent = frames.map(one => (one.kind === 'message' ? JSON.parse(JSON.stringify(one)) : one))
        const whole = await framesOf(Buffer.concat(bytes), step, 100_000)
        expect(mergedData(whole)).toEqual(mergedData(sent))
      },
    ),
  )
})

/** Where one data frame ends and the next begins does not matter, nor do empty ones. */
function mergedData(frames: readonly Frame[]): string[] {
  const parts: string[] = []
  for (const frame of frames) {
    if (frame.kind === 'message') parts.push(`message ${JSON.stringify(frame.message)}`, '')
    else parts.push((parts.pop() ?? '') + Buffer.from(frame.chunk).toString('hex'))
  }
  return parts.filter(Boolean)
}

test.each([
  ['an unknown type', Buffer.from('X\0\0\0\x01a', 'latin1')],
  ['a message that is too long', messageFrame('x'.repeat(1001))],
  ['an empty message', Buffer.from('M\0\0\0\0', 'latin1')],
  ['a message that is not JSON', Buffer.from('M\0\0\0\x02{]', 'latin1')],
  ['an end inside a header', messageFrame('x').subarray(0, 3)],
  ['an end inside a message', messageFrame('xyz').subarray(0, 7)],
  ['an end inside data', Buffer.concat([dataFrameHeader(5), Buffer.from('abc')])],
])('%s breaks the protocol', async (_, bytes) => {
  for (const step of [1, 100]) await expect(framesOf(bytes, step)).rejects.toThrow(ProtocolError)
})
