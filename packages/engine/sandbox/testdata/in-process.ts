import { PassThrough } from 'node:stream'
import type { Ecosystem } from '../../ecosystems/ecosystem.ts'
import { sha256 } from '../../registry/blob.ts'
import { defaultLimits, type Limits } from '../../layers/limits.ts'
import { answerParent } from '../child.ts'
import { dataFrameHeader, messageFrame, readFrames } from '../frames.ts'
import type { Answer, Request } from '../messages.ts'

/**
 * The child's side without a child: the frames are the real ones, the process is this one, so that a property can be
 * tried on thousands of images.
 *
 * @param archives uncompressed layers, bottom first
 * @returns every answer, in order
 */
export async function answersInProcess(
  archives: readonly Uint8Array[],
  ecosystems: readonly Ecosystem[],
  limits: Partial<Limits> = {},
): Promise<Answer[]> {
  const input = new PassThrough()
  const output = new PassThrough()
  const send = (request: Request): void => void input.write(messageFrame(request))
  const sendLayers = (indexes: readonly number[]): void => {
    for (const index of indexes) {
      const archive = archives[index] as Uint8Array
      send({ kind: 'layer', index })
      input.write(dataFrameHeader(archive.length))
      if (archive.length > 0) input.write(archive)
      send({ kind: 'end' })
    }
    send({ kind: 'finish' })
  }

  const answering = answerParent(ecosystems, { input, output }).finally(() => output.end())
  const layers = archives.map(archive => ({ diffId: `sha256:${sha256(archive)}` }))
  send({ kind: 'start', layers, limits: { ...defaultLimits, ...limits } })
  sendLayers(archives.keys().toArray())
  const answers: Answer[] = []
  for await (const frame of readFrames(output, 1e9)) {
    if (frame.kind === 'data') continue
    const answer = frame.message as Answer
    answers.push(answer)
    if (answer.kind === 'again') sendLayers(answer.layers)
  }
  await answering
  return answers
}
