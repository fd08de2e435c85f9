import type { ApiError } from '../app/trpc.ts'
import { Notice } from './notice.tsx'
import { sentenceOf } from './query-panel.tsx'

/** Why the server did not do what was asked; nothing while there is no error. */
export function Refused({ title, error }: { title: string; error: ApiError | null }) {
  if (error === null) return null
  return (
    <Notice title={title} icon="caution" role="alert">
      <p>{sentenceOf(error)}</p>
    </Notice>
  )
}
