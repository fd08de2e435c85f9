import Button from '@mui/material/Button'
import type { FindingChoice } from '@plimsoll/types'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../app/announcement.tsx'
import { type ApiError, client } from '../app/trpc.ts'
import { count, counted } from '../lib/quantity.ts'
import { copyText } from '../ui/copy-button.tsx'
import { sentenceOf } from '../ui/query-panel.tsx'

/** Copies the CVEs of chosen findings, one a line and each once; of advisories that name none, their ids. */
export function CopyIds({ choice }: { choice: FindingChoice }) {
  const say = useSay()
  const copy = useMutation<string, ApiError>({
    mutationFn: async () => {
      const { ids, total } = await client.findings.vulnerabilities.query(choice)
      if (!(await copyText(ids.join('\n')))) return 'The browser refused to copy them.'
      return ids.length < total
        ? `The first ${count(ids.length)} of ${counted(total, 'ID')} copied: more are not listed at once.`
        : `${counted(total, 'ID')} copied.`
    },
    onSuccess: sentence => say(sentence),
    onError: error => say(sentenceOf(error)),
  })
  return (
    <Button variant="text" disabled={copy.isPending} onClick={() => copy.mutate()}>
      Copy CVE list
    </Button>
  )
}
