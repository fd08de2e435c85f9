import Button from '@mui/material/Button'
import { useMutation } from '@tanstack/react-query'
import { useSay } from '../app/announcement.tsx'
import { paths } from '../app/paths.ts'
import { Link, useGo } from '../app/scoped-link.tsx'
import { type ApiError, queryClient, trpc } from '../app/trpc.ts'
import { type DraftForm, DraftFormFrame, useDraftForm } from '../ui/draft-form.tsx'
import { ActionLine } from '../ui/form-parts.ts'
import { Refused } from '../ui/refused.tsx'
import type { ConnectionAsked, Problems } from './connection-draft.ts'
import { copy } from './copy.ts'
import { TestResult } from './test-result.tsx'

/** What such a form gives: with what the connection is tested, and what is sent. */
interface ConnectionGiven {
  readonly connection: ConnectionAsked
}

/** A form about a connection. What was tested is what is sent: a change puts the test's answer away. */
export function useConnectionForm<
  Draft extends object,
  Answer extends ConnectionGiven | { problems: Problems },
>(initial: () => Draft, read: (draft: Draft) => Answer) {
  const form = useDraftForm(initial, read)
  const test = useTest()
  const change = (part: Partial<Draft>) => {
    form.change(part)
    test.reset()
  }
  return { ...form, change, test }
}

const useTest = () => useMutation(trpc.registries.test.mutationOptions())

/** What follows when a registry was connected or changed: its page, and a sentence there. */
export function useToRegistry(): (registry: { id: string }, sentence: string) => Promise<void> {
  const go = useGo()
  const say = useSay()
  return async ({ id }, sentence) => {
    await go(paths.registry(id))
    say(sentence)
    await queryClient.invalidateQueries()
  }
}

interface ConnectionFormProps<Given extends ConnectionGiven> {
  readonly form: Pick<DraftForm<never, Given, unknown>, 'read'> & {
    readonly test: ReturnType<typeof useTest>
  }
  /** What sending it came to. */
  readonly sent: { readonly isPending: boolean; readonly error: ApiError | null }
  readonly onSend: (given: Given) => void
  /** Where the server does it only when that is asked for once more: the button that does. */
  readonly insist?: { readonly label: string; readonly onSend: (given: Given) => void }
  /** What the button does. */
  readonly send: string
  /** Says that it did not come about, above the reason. */
  readonly refused: string
  /** Where one goes who leaves it. */
  readonly backTo: string
  readonly children: React.ReactNode
}

/** The fields, then what a test of them said, and the buttons. */
export function ConnectionForm<Given extends ConnectionGiven>(props: ConnectionFormProps<Given>) {
  const { form, sent, onSend, insist, send, refused, backTo, children } = props
  const { test } = form
  return (
    <DraftFormFrame form={form} onSend={onSend}>
      {children}
      <TestResult pending={test.isPending} result={test.data} error={test.error} />
      <Refused title={refused} error={sent.error} />
      <ActionLine>
        <Button
          disabled={test.isPending}
          onClick={event => {
            const given = form.read(event.currentTarget.form)
            if (given !== null) test.mutate(given.connection)
          }}
        >
          {copy.test}
        </Button>
        <Button type="submit" variant="contained" disabled={sent.isPending}>
          {send}
        </Button>
        {insist !== undefined && sent.error?.data?.code === 'PRECONDITION_FAILED' && (
          <Button
            disabled={sent.isPending}
            onClick={event => {
              const given = form.read(event.currentTarget.form)
              if (given !== null) insist.onSend(given)
            }}
          >
            {insist.label}
          </Button>
        )}
        <Button variant="text" component={Link} to={backTo}>
          Cancel
        </Button>
      </ActionLine>
    </DraftFormFrame>
  )
}
