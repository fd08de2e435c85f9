import type { DeletionPreview } from '@plimsoll/types'
import { actionGroup, NotDone } from './action.ts'

/** `plimsoll images`: what is done with an image in its registry. */
export const imagesCommand = actionGroup('images', 'Images in connected registries', {
  delete: {
    about: 'delete an image in its registry: first show what goes with it, and with --yes do it',
    usage: 'REGISTRY REPOSITORY DIGEST',
    flags: { yes: { value: null, about: 'delete it' } },
    async run({ api, argument, is, say }) {
      const image = {
        registryId: argument(0, 'registry'),
        repository: argument(1, 'repository'),
        digest: argument(2, 'digest'),
      }
      const preview = await api.images.deletion.query(image)
      for (const line of linesOf(preview)) say(line)
      if (preview.refusal !== null) throw new NotDone(preview.refusal)
      if (!is('yes')) throw new NotDone('Nothing was deleted. Give --yes to delete it.')
      await api.images.delete.mutate(image)
      say('It is deleted.')
    },
  },
})

function linesOf({ tags, indexes, elsewhere, runningIn }: DeletionPreview): string[] {
  const lines: string[] = []
  if (tags.length > 0) lines.push(`Tags that go with it: ${tags.join(', ')}`)
  for (const index of indexes) {
    const named = index.tags.length > 0 ? ` (${index.tags.join(', ')})` : ''
    lines.push(`An index that names it, and would point at nothing: ${index.digest}${named}`)
  }
  for (const image of elsewhere) lines.push(`Stays in: ${image.registryName}, ${image.repository}`)
  if (runningIn.length > 0) lines.push(`Runs in: ${runningIn.join(', ')}`)
  return lines
}
