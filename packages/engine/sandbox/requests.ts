import type { LayerBytes } from '../layers/read-layer.ts'
import { type Frame, ProtocolError } from './frames.ts'
import type { LayerExpected, Request } from './messages.ts'

/**
 * The next message, which has to be of one of these kinds.
 *
 * @throws ProtocolError
 */
export async function nextRequest<Kind extends Request['kind']>(
  requests: AsyncIterator<Frame>,
  ...kinds: Kind[]
): Promise<Extract<Request, { kind: Kind }>> {
  const { value: frame, done } = await requests.next()
  if (done) throw new ProtocolError('the parent hung up')
  const request = frame.kind === 'message' ? (frame.message as Request) : null
  if (request === null || !kinds.some(kind => kind === request.kind)) {
    throw new ProtocolError(`expected ${kinds.join(' or ')}`)
  }
  return request as Extract<Request, { kind: Kind }>
}

/** The bytes of the layer that was announced, up to its end. @throws ProtocolError, while they are read as well */
export function layerBytes(
  requests: AsyncIterator<Frame>,
  layers: readonly LayerExpected[],
  index: number,
): LayerBytes {
  const layer = layers[index]
  if (layer === undefined) throw new ProtocolError(`there is no layer ${index}`)
  return { chunks: dataUntilEnd(requests), diffId: layer.diffId }
}

async function* dataUntilEnd(requests: AsyncIterator<Frame>): AsyncGenerator<Uint8Array> {
  for (;;) {
    const { value: frame, done } = await requests.next()
    if (done) throw new ProtocolError('the parent hung up')
    if (frame.kind === 'data') yield frame.chunk
    else if ((frame.message as Request).kind === 'end') return
    else throw new ProtocolError('a layer has no end')
  }
}
